// live-build.mjs: what makes the book's figures live, for the page of the book and for the desk.
//
//   node live-build.mjs      writes what the page has of them, program and script; live.css is their style
//
// The program is base64 of a deflated module.  The script looks for the figures by their ids (fig:...), adds
// a button to each, and does nothing until one is pressed; then it starts a worker from a Blob: where there
// is a Content-Security-Policy it has to allow worker-src blob: and script-src 'wasm-unsafe-eval'.
//
//   await module({ 'optimizers.c': text })      the same with a student's module instead of the stub
//
// The desk makes that in the page: from objects(), one of them compiled anew with FLAGS, linked with LINK
// (clang.mjs does both); handOver('optimizers', bytes) of live-panel.mjs then gives it to the book's figures.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { deflateRawSync } from 'node:zlib';
import { bundle, inScript, isProgram, ours, read, sha256, top } from './build.mjs';
import { compile, FLAGS as STRICT, library, link } from './clang.mjs';

export const MODULES = [
  'base', 'rng', 'matrix', 'product', 'data', 'layer', 'gradcheck', 'loss', 'network', 'complexstep', 'alone',
  'train', 'published', 'recipe', 'optimizers', 'batchnorm', 'dropout', 'softmax', 'live',
];
// product.c takes a fused product where the machine has one.  WebAssembly has none that is the same
// everywhere: here it's a product and a sum, and all bits are those of make KERNEL=plain.  Loops that the
// compiler unrolls are slower in a browser.
export const FLAGS = [
  ...STRICT.filter(flag => flag !== '-Werror'), '-msimd128', '-DFUSED(a,b,c)=((a)*(b)+(c))',
  '-DFMA(a,b,c)=((a)*(b)+(c))', '-mllvm', '-unroll-threshold=0', '-Wno-psabi', '-Wno-unused-parameter',
  '-Wno-unused-variable', '-Wno-conversion',
];
const LIVE = ours('live.c');
const exported = Array.from(LIVE.matchAll(/^\w+ \**(live_\w+)\(/gm), found => `--export=${found[1]}`);
export const LINK = [
  '--entry=_initialize', ...exported, '-s', '--stack-first', '-z', 'stack-size=4194304',
  ...library('crt1-reactor.o'),
];
// what a page and a program that was handed over earlier must have in common
export const INTERFACE = JSON.stringify(sha256(LIVE).slice(0, 8));

// the book's C; softmax.c with its chunks answered, where nn.nw has answers: the network that reads digits
// needs it
function sources() {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/live-`);
  const tangled = fs.readdirSync(`${top}tangled`);
  const all = Object.fromEntries(tangled.map(name => [name, read(`${top}tangled/${name}`)]));
  const made = spawnSync('sh', ['tests/tangle.sh', 'nn.nw', folder, '', 'softmax.c'],
    { cwd: top, env: { ...process.env, ANSWERS: 'all' } });
  if (made.status === 0) all['softmax.c'] = read(`${folder}/softmax.c`);
  fs.rmSync(folder, { recursive: true });
  return { ...all, 'live.c': LIVE };
}
// compiled once for the same sources by the same compiler: build/web keeps them
const COMPILER = JSON.parse(ours('node_modules/@yowasp/clang/package.json')).version;
export async function objects(own = {}) {
  const all = { ...sources(), ...own };
  const made = {};
  const kept = `${top}build/web`;
  const included = Object.keys(all).filter(name => /\.h$|^(plain|layer|loss)\.c$/.test(name));
  const shared = included.map(name => all[name]).join('');
  fs.mkdirSync(kept, { recursive: true });
  for (const name of MODULES) {
    const flags = name === 'live' ? [...FLAGS, '-Wconversion', '-Werror'] : FLAGS;
    const from = sha256(JSON.stringify([all[`${name}.c`], shared, flags, COMPILER])).slice(0, 16);
    const file = `${kept}/${name}-${from}.o`;
    if (!fs.existsSync(file)) fs.writeFileSync(file, await compile(name, all, flags));
    made[`${name}.o`] = fs.readFileSync(file);
  }
  return made;
}
export const module = async own => link(await objects(own), LINK);

async function live() {
  const WORKER = JSON.stringify(bundle('live-worker.mjs'));
  const script = inScript(bundle('live.mjs', { define: { INTERFACE, WORKER } }));
  const wasm = deflateRawSync(await module(), { level: 9 }).toString('base64');
  return `<script type=text/plain id=live-wasm>${wasm}</script><script type=module>${script}</script>`;
}
if (isProgram(import.meta.url)) process.stdout.write(await live());
