// live-build.mjs: what makes the book's figures live, for the page of the book and for the desk.
//
//   node live-build.mjs          writes what the page has of them, program and script; live.css is their style
//
// The program is base64 of a deflated module.  The script looks for the figures by their ids (fig:...), adds a button to each, and does
// nothing until one is pressed; then it starts a worker from a Blob: where there is a Content-Security-Policy it has to allow
// worker-src blob: and script-src 'wasm-unsafe-eval'.
//
//   const bytes = await module(top, { 'optimizers.c': text });    the same program with a student's module in place of the stub
//
// The desk makes that in the page: from objects(top), one of them compiled anew with FLAGS, linked with LINK (clang.mjs does both);
// handOver('optimizers', bytes) of live-panel.mjs then gives it to the book's figures.
import * as esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { compile, FLAGS as STRICT, library, link } from './clang.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
export const MODULES =
  'base rng matrix product data layer gradcheck loss network complexstep alone train published recipe optimizers batchnorm dropout softmax live'
    .split(' ');
// product.c takes a fused product where the machine has one.  WebAssembly has none that is the same everywhere: here it's a product
// and a sum, and all bits are those of make KERNEL=plain.  Loops that the compiler unrolls are slower in a browser.
export const FLAGS = [...STRICT.filter(f => f !== '-Werror'), '-msimd128',
  '-DFUSED(a,b,c)=((a)*(b)+(c))', '-DFMA(a,b,c)=((a)*(b)+(c))', '-mllvm', '-unroll-threshold=0',
  '-Wno-psabi', '-Wno-unused-parameter', '-Wno-unused-variable', '-Wno-conversion'];
const LIVE = fs.readFileSync(path.join(here, 'live.c'), 'utf8');
// what a page and a program that was handed over earlier must have in common
export const INTERFACE = JSON.stringify(createHash('sha256').update(LIVE).digest('hex').slice(0, 8));
export const LINK = ['--entry=_initialize',
  ...[...LIVE.matchAll(/^\w+ \**(live_\w+)\(/gm)].map(m => `--export=${m[1]}`), '-s', '--stack-first',
  '-z', 'stack-size=4194304', ...library('crt1-reactor.o')];

// the book's C; softmax.c with its chunks answered, where nn.nw has answers: the network that reads digits needs it
function files(top) {
  const all = { 'live.c': LIVE };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-'));
  for (const f of fs.readdirSync(path.join(top, 'tangled')))
    all[f] = fs.readFileSync(path.join(top, 'tangled', f), 'utf8');
  const made = spawnSync('sh', ['tests/tangle.sh', 'nn.nw', folder, '', 'softmax.c'], { cwd: top,
    env: { ...process.env, ANSWERS: 'all' } });
  if (made.status === 0) all['softmax.c'] = fs.readFileSync(path.join(folder, 'softmax.c'), 'utf8');
  fs.rmSync(folder, { recursive: true });
  return all;
}
// compiled once for the same sources: build/web keeps them
export async function objects(top, own = {}) {
  const all = { ...files(top), ...own };
  const made = {};
  const kept = path.join(top, 'build/web');
  const included = Object.keys(all).filter(f => /\.h$|^(plain|layer|loss)\.c$/.test(f)).map(f => all[f])
    .join('');
  fs.mkdirSync(kept, { recursive: true });
  for (const m of MODULES) {
    const flags = m === 'live' ? [...FLAGS, '-Wconversion', '-Werror'] : FLAGS;
    const file = path.join(kept,
      `${m}-${
        createHash('sha256').update(JSON.stringify([all[m + '.c'], included, flags])).digest('hex')
          .slice(0, 16)
      }.o`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, await compile(m, all, flags));
    made[m + '.o'] = fs.readFileSync(file);
  }
  return made;
}
export const module = async (top, own) => link(await objects(top, own), LINK);
const bundle = async (file, define = {}) =>
  (await esbuild.build({ entryPoints: [path.join(here, file)], bundle: true, minify: true,
    format: 'iife', target: 'es2022', charset: 'utf8', write: false,
    define: { INTERFACE, ...define } })).outputFiles[0].text;
export async function live(top) {
  const script = await bundle('live.mjs', { WORKER: JSON.stringify(await bundle('live-worker.mjs')) });
  const wasm = deflateRawSync(await module(top), { level: 9 }).toString('base64');
  return `<script type=text/plain id=live-wasm>${wasm}</script><script type=module>${
    script.replaceAll('</script', '<\\/script')
  }</script>`;
}
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await live('.'));
