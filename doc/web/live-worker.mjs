// live-worker.mjs: the book's program, in a worker.  First come the module's bytes; then lists of steps, as
// live-steps.mjs has them, each answered by [value, numbers].
import { serve } from './remote.mjs';

let c;
const numbers = (at, count) => new Float64Array(c.memory.buffer, at, count);
const text = at => {
  const bytes = new Uint8Array(c.memory.buffer, at, 512);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
};

export async function start(bytes) {
  const system = new Proxy({}, { get: (_, name) => () => {
    if (name === 'proc_exit') throw Error('the program stopped');
    return 8; // there is no such file
  } });
  c = (await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: system })).instance.exports;
  c._initialize();
}
export function step([name, args = [], put = [], get = 0, from = 'live_room']) {
  numbers(c.live_room(), put.length).set(put);
  const value = c[name](...args);
  const count = get === 'value' ? value : get;
  return [value, count ? numbers(c[from](), count).slice() : null];
}
export const said = () => text(c.live_said());

const run = steps => ({ answers: steps.map(step), said: said() });
if (typeof WorkerGlobalScope !== 'undefined') serve({ start, run });
