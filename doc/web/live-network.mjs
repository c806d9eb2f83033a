// live-network.mjs: trains the network that reads drawn digits, and writes it to live-digits.json with 8
// bits for each number.  It needs the answers to the challenges. node doc/web/live-network.mjs
import fs from 'node:fs';
import { here, read, top } from './build.mjs';
import { module } from './live-build.mjs';
import { rowsIn } from './live-digits.mjs';
import { epochs, INIT, network, right, table } from './live-steps.mjs';
import { said, start, step } from './live-worker.mjs';

const widths = [64, 128, 10];
const EPOCHS = 40;
const rows = rowsIn(read(`${top}tests/data/digits.csv`));
await start(await module());
step(table(rows, 10));
step(network(widths, { init: INIT.he, rate: .1, batch: 32 }));
step(epochs(EPOCHS));
if (said()) throw Error(said());
const [share] = step(right);

const column = j => rows.map(r => r[j]);
const average = a => a.reduce((sum, v) => sum + v, 0) / a.length;
const short = v => +v.toFixed(4);
const mean = Array.from({ length: 64 }, (_, j) => average(column(j)));
const deviation = mean.map((m, j) => Math.sqrt(average(column(j).map(v => (v - m) ** 2))) || 1);

const sizes = widths.slice(1).map((d, l) => d * (widths[l] + 1));
const count = sizes.reduce((a, b) => a + b);
const [, all] = step(['live_params', [], [], count, 'live_params']);
const scale = [];
const params = [];
for (let at = 0; at < count; at += sizes[params.length - 1]) {
  const layer = all.subarray(at, at + sizes[params.length]);
  const largest = Math.max(...layer.map(Math.abs));
  const bytes = Int8Array.from(layer, v => Math.round(v / largest * 127));
  scale.push(largest / 127);
  params.push(Buffer.from(bytes.buffer).toString('base64'));
}
const trained = { widths, mean: mean.map(short), deviation: deviation.map(short), scale, params };
fs.writeFileSync(`${here}live-digits.json`, JSON.stringify(trained));
console.log(`${(100 * share).toFixed(2)} % of the ${rows.length} digits are right after ${EPOCHS} epochs`);
