// live-network.mjs: trains the network that reads drawn digits, and writes it to live-digits.json with 8 bits for each number.
// It needs the answers to the challenges.      node doc/web/live-network.mjs
import fs from 'node:fs';
import path from 'node:path';
import { module } from './live-build.mjs';
import { said, start, step } from './live-worker.mjs';

const here = new URL('.', import.meta.url).pathname;
const top = path.join(here, '../..');
const widths = [64, 128, 10];
const EPOCHS = 40;
const rows = fs.readFileSync(path.join(top, 'tests/data/digits.csv'), 'utf8').trim().split('\n').slice(
  1,
).map(l => l.split(',').map(Number));
await start(await module(top));
step(['live_data', [rows.length, 0, 0, 64, 10], rows.flat()]);
step(['live_begin', [3, 3, 42, .1, 32, 0, 0, 0], widths]);
step(['live_train', [EPOCHS]]);
if (said()) throw Error(said());
const [right, all] = step(['live_share', [0], [],
  widths.slice(1).reduce((n, d, l) => n + d * (widths[l] + 1), 0), 'live_params']);
const column = j => rows.map(r => r[j]);
const average = a => a.reduce((s, v) => s + v, 0) / a.length;
const short = v => +v.toFixed(4);
const mean = Array.from({ length: 64 }, (_, j) => average(column(j)));
const deviation = mean.map((m, j) => Math.sqrt(average(column(j).map(v => (v - m) ** 2))) || 1);
const scale = [];
const params = [];
for (let l = 1, at = 0; l < widths.length; l++) {
  const some = all.subarray(at, at += widths[l] * (widths[l - 1] + 1));
  const largest = Math.max(...some.map(Math.abs));
  scale.push(largest / 127);
  params.push(
    Buffer.from(Int8Array.from(some, v => Math.round(v / largest * 127)).buffer).toString('base64'),
  );
}
fs.writeFileSync(path.join(here, 'live-digits.json'),
  JSON.stringify({ widths, mean: mean.map(short), deviation: deviation.map(short), scale, params }));
console.log(
  `${(100 * right).toFixed(2)} % of the ${rows.length} digits are right after ${EPOCHS} epochs`,
);
