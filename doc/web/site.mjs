// site.mjs: the site that any server of static files can serve: node site.mjs SITE, in which desk-build.mjs
// has put its part; and node site.mjs SITE FILE writes the workbench as one file that needs no server.
import fs from 'node:fs';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { bundle, inScript, ours, sha256, top } from './build.mjs';
import { INTERFACE } from './live-build.mjs';

const [site, single] = process.argv.slice(2);
const read = file => fs.readFileSync(`${site}/${file}`);
const write = (file, what) => fs.writeFileSync(`${site}/${file}`, what);
const book = fs.existsSync(`${top}doc/nn.html`) ? fs.readFileSync(`${top}doc/nn.html`, 'utf8') : '';
const compiler = () => fs.readdirSync(site).filter(name => /^llvm.*(wasm|tar)$/.test(name));
const million = bytes => `${(bytes / 1e6).toFixed(1)} MB`;

// The book as the site's first page: it is told that there is a desk, and what it has in scripts of its own
// is allowed by its hash.
function firstPage() {
  if (!book)
    return '<!doctype html><html lang="en"><meta charset="utf-8"><title>nn</title>'
      + '<p><a href="desk.html">The challenges</a></p></html>';
  const scripts = book.matchAll(/<script(?! src)[^>]*>([^]*?)<\/script>/g);
  const hashes = Array.from(scripts, ([, script]) => `'sha256-${sha256(script, 'base64')}'`);
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const told = `<meta http-equiv="Content-Security-Policy" content="${policy}">`
    + '<meta name=desk content=desk.html>';
  return book.replace('<meta charset=utf-8>', found => found + told);
}

const forPage = {
  platform: 'browser',
  define: { 'import.meta.url': '"https://here/"', process: 'undefined', INTERFACE },
  external: ['node:fs/promises'],
};

// beside each file, the same compressed, for servers that look for it; kept under its hash, as the
// compiler's takes a while
async function compressed(name) {
  const store = `${site}/../web/br/`;
  const known = store + sha256(read(name));
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = zlib.constants;
  const pack = promisify(zlib.brotliCompress);
  fs.mkdirSync(store, { recursive: true });
  if (!fs.existsSync(known))
    fs.writeFileSync(known, await pack(read(name), { params: { [quality]: 9, [window]: 24 } }));
  fs.copyFileSync(known, `${site}/${name}.br`);
  return fs.statSync(known).size;
}

async function build() {
  for (const name of ['desk', 'desk-worker']) write(`${name}.js`, bundle(`${name}.mjs`, forPage));
  const letters = book.match(/@font-face\{[^}]*\}|\.m\d+\{[^}]*\}/g) ?? [];
  const loaded = compiler().map(name => [name, read(name).length]);
  write('tables.json', JSON.stringify({ ...JSON.parse(read('tables.json')), compiler: loaded }));
  write('desk.css', letters.join('\n') + ours('formulas.css') + ours('desk.css'));
  write('desk.html', ours('desk.html'));
  write('index.html', firstPage());
  fs.copyFileSync(`${top}tests/data/digits.csv`, `${site}/digits.csv`);
  const names = fs.readdirSync(site).filter(name => !/\.br$|^sw\.js$/.test(name));
  const versions = Object.fromEntries(names.map(name => [name, sha256(read(name), 'base64')]));
  write('sw.js', `const FILES = ${JSON.stringify(versions)};\n${ours('desk-sw.js')}`);
  const sizes = await Promise.all(names.map(compressed));
  if (book && !book.includes(sha256(fs.readFileSync(`${top}nn.nw`))))
    console.log('site: doc/nn.html is of another nn.nw; make web makes it anew');
  console.log(`${site}: ${million(sizes.reduce((a, b) => a + b))} to load (brotli)`);
}

// the workbench with all that it loads inside; of the book what comes before the answers
function oneFile() {
  const pack = what => zlib.gzipSync(what, { level: 9 }).toString('base64');
  const names = ['tables.json', 'nn.nw', 'objects.bin', 'board.wasm', ...compiler()];
  const files = {
    ...Object.fromEntries(names.map(name => [name, pack(read(name))])),
    'index.html': pack(book.split('<h2 id=app:answers>')[0]),
    worker: `${read('desk-worker.js')}`,
  };
  const inside = JSON.stringify(files).replaceAll('<', '\\u003c');
  const script = inScript(`${read('desk.js')}`);
  const page = `${read('desk.html')}`
    .replace(/script-src [^;]*/, "script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:")
    .replace("connect-src 'self'", 'connect-src data: blob:')
    .replace("worker-src 'self'", 'worker-src blob:')
    .replace('<link rel="stylesheet" href="desk.css">', () => `<style>${read('desk.css')}</style>`)
    .replace('<a href="index.html">The book</a> ', '')
    .replace('<script src="desk.js"></script>',
      () => `<script>globalThis.SINGLE=${inside}</script><script>${script}</script>`);
  fs.writeFileSync(single, page);
  console.log(`${single}: ${million(page.length)}`);
}

await (single ? oneFile() : build());
