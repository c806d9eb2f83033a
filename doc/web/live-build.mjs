// live-build.mjs: what makes the book's figures live, for the page of the book and for the desk.
//
//   const { script, css, wasm } = await live(top);          top: the folder of nn.nw
//
// Into the page: <style>css</style>, <script type="text/plain" id="live-wasm">wasm</script>, <script type="module">script</script>
// (wasm: base64 of a deflated module).  The script looks for the figures by their ids (fig:...), adds a button to each, and does
// nothing until one is pressed; then it starts a worker from a Blob: where there is a Content-Security-Policy it has to allow
// worker-src blob: and script-src 'wasm-unsafe-eval'.
//
//   const bytes = await module(top, { 'optimizers.c': text });    the same program with a student's module in place of the stub
//
// For the desk, which compiles in the page: files(top) are the sources, MODULES their order, FAST the flags, LINK the linker's.
// The bytes are handed to the figures by an event, see live.mjs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { compile, link, library, FLAGS } from './clang.mjs';

const here = import.meta.dirname;
export const CHALLENGES = 'optimizers batchnorm dropout softmax'.split(' ');
export const MODULES = [...'base rng matrix product data layer gradcheck loss network complexstep train published recipe'.split(' '), ...CHALLENGES, 'live'];
// product.c takes a fused product where the machine has one.  WebAssembly has none that is the same everywhere: here it's a product
// and a sum, and all bits are those of make KERNEL=plain.  Loops that the compiler unrolls are slower in a browser.
export const FAST = [...FLAGS.filter(f => f !== '-Werror'), '-msimd128', '-DFUSED(a,b,c)=((a)*(b)+(c))', '-mllvm', '-unroll-threshold=0'];
const STUB = ['-Wno-psabi', '-Wno-unused-parameter', '-Wno-unused-variable', '-Wno-conversion'];
export const exportsOf = text => [...text.matchAll(/^\w+ \**(live_\w+)\(/gm)].map(m => m[1]);
export const LINK = text => ['--entry=_initialize', ...exportsOf(text).map(f => `--export=${f}`), '-s', '--stack-first', '-z', 'stack-size=4194304', ...library('crt1-reactor.o')];

// the book's C; softmax.c with its chunks answered, where nn.nw has answers: the network that reads digits needs it
export function files(top) {
  const all = { 'live.c': fs.readFileSync(path.join(here, 'live.c'), 'utf8') }, folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-'));
  for (const f of fs.readdirSync(path.join(top, 'tangled'))) all[f] = fs.readFileSync(path.join(top, 'tangled', f), 'utf8');
  const made = spawnSync('sh', ['tests/tangle.sh', 'nn.nw', folder, '', 'softmax.c'], { cwd: top, env: { ...process.env, ANSWERS: 'all' } });
  if (made.status === 0) all['softmax.c'] = fs.readFileSync(path.join(folder, 'softmax.c'), 'utf8');
  fs.rmSync(folder, { recursive: true });
  return all;
}
// compiled once for the same sources: build/web keeps the objects
export async function module(top, own = {}) {
  const all = { ...files(top), ...own }, objects = {}, kept = path.join(top, 'build/web');
  const headers = Object.keys(all).filter(f => /\.h$|^(plain|layer|loss)\.c$/.test(f)).map(f => all[f]).join('');
  fs.mkdirSync(kept, { recursive: true });
  for (const m of MODULES) {
    const flags = m === 'live' ? [...FAST, '-Werror'] : [...FAST, ...STUB];
    const file = path.join(kept, `${m}-${createHash('sha256').update(JSON.stringify([all[m + '.c'], headers, flags])).digest('hex').slice(0, 16)}.o`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, await compile(m, all, flags));
    objects[m + '.o'] = fs.readFileSync(file);
  }
  return link(objects, LINK(all['live.c']));
}
export async function live(top) {
  const bundle = async (file, define = {}) => (await esbuild.build({ entryPoints: [path.join(here, file)], bundle: true, minify: !process.env.PLAIN,
    format: 'iife', target: 'es2022', charset: 'utf8', write: false, define })).outputFiles[0].text;
  return { script: await bundle('live.mjs', { WORKER: JSON.stringify(await bundle('live-worker.mjs')) }),
    css: fs.readFileSync(path.join(here, 'live.css'), 'utf8'), wasm: deflateRawSync(await module(top), { level: 9 }).toString('base64') };
}
