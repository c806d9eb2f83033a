// site.mjs: the site that any server of static files can serve: node site.mjs SITE, in which desk-build.mjs has put its part; and
// node site.mjs SITE FILE writes the workbench as one file that needs no server
import esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { INTERFACE } from './live-build.mjs';

const [site, single] = process.argv.slice(2);
const here = new URL('.', import.meta.url).pathname;
const top = new URL('../../', import.meta.url).pathname;
const read = file => fs.readFileSync(`${site}/${file}`);
const write = (file, what) => fs.writeFileSync(`${site}/${file}`, what);
const hash = (what, how = 'hex') => createHash('sha256').update(what).digest(how);
const book = fs.existsSync(`${top}doc/nn.html`) ? fs.readFileSync(`${top}doc/nn.html`, 'utf8') : '';
const compiler = () => fs.readdirSync(site).filter(f => /^llvm.*(wasm|tar)$/.test(f));

// the book as the site's first page: it is told that there is a desk, and what it has in scripts of its own is allowed by its hash
function firstPage() {
  if (!book)
    return '<!doctype html><html lang="en"><meta charset="utf-8"><title>nn</title><p><a href="desk.html">The challenges</a></p></html>';
  const hashes = [...book.matchAll(/<script(?! src)[^>]*>([^]*?)<\/script>/g)].map(m =>
    `'sha256-${hash(m[1], 'base64')}'`
  );
  const policy =
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${
      hashes.join(' ')
    }; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; `
    + "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'";
  return book.replace('<meta charset=utf-8>',
    found =>
      `${found}<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name=desk content=desk.html>`);
}

const bundle = (entry, out) =>
  esbuild.build({ entryPoints: [here + entry], outfile: `${site}/${out}`, bundle: true, minify: true,
    format: 'iife', platform: 'browser', target: 'es2022',
    define: { 'import.meta.url': '"https://here/"', process: 'undefined', INTERFACE },
    external: ['node:fs/promises'], logLevel: 'error' });

// beside each file, the same compressed, for servers that look for it; kept under its hash, as the compiler's takes a while
async function compressed(files) {
  const store = `${site}/../web/br/`;
  const pack = promisify(zlib.brotliCompress);
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = zlib.constants;
  fs.mkdirSync(store, { recursive: true });
  return Promise.all(files.map(async f => {
    const known = store + hash(read(f));
    if (!fs.existsSync(known))
      fs.writeFileSync(known, await pack(read(f), { params: { [quality]: 9, [window]: 24 } }));
    fs.copyFileSync(known, `${site}/${f}.br`);
    return fs.statSync(known).size;
  }));
}

async function build() {
  await Promise.all([bundle('desk.mjs', 'desk.js'), bundle('desk-worker.mjs', 'desk-worker.js')]);
  const tables = JSON.parse(read('tables.json'));
  write('tables.json',
    JSON.stringify({ ...tables, compiler: compiler().map(f => [f, read(f).length]) }));
  write('desk.css',
    (book.match(/@font-face\{[^}]*\}|\.m\d+\{[^}]*\}/g) ?? []).join('\n')
      + fs.readFileSync(`${here}desk.css`, 'utf8'));
  fs.copyFileSync(`${here}desk.html`, `${site}/desk.html`);
  fs.copyFileSync(`${top}tests/data/digits.csv`, `${site}/digits.csv`);
  write('index.html', firstPage());
  const files = fs.readdirSync(site).filter(f => !/\.br$|^sw\.js$/.test(f));
  write('sw.js',
    `const FILES = ${
      JSON.stringify(Object.fromEntries(files.map(f => [f, hash(read(f)).slice(0, 16)])))
    };\n${fs.readFileSync(`${here}desk-sw.js`, 'utf8')}`);
  const sizes = await compressed(files);
  if (book && !book.includes(hash(fs.readFileSync(`${top}nn.nw`))))
    console.log('site: doc/nn.html is of another nn.nw; make web makes it anew');
  console.log(`${site}: ${(sizes.reduce((a, b) => a + b) / 1e6).toFixed(1)} MB to load (brotli)`);
}

// the workbench with all that it loads inside; of the book what comes before the answers
function oneFile() {
  const files = Object.fromEntries(
    ['tables.json', 'nn.nw', 'objects.bin', 'board.wasm', ...compiler()].map(f => [f, read(f)]),
  );
  files['index.html'] = book.split('<h2 id=app:answers>')[0];
  const packed = Object.entries(files).map((
    [f, what],
  ) => [f, zlib.gzipSync(what, { level: 9 }).toString('base64')]);
  const inside = JSON.stringify({ ...Object.fromEntries(packed), worker: `${read('desk-worker.js')}` })
    .replaceAll('<', '\\u003c');
  const page = `${read('desk.html')}`.replace(/script-src [^;]*/,
    "script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:").replace("connect-src 'self'",
      'connect-src data: blob:').replace("worker-src 'self'", 'worker-src blob:')
    .replace('<link rel="stylesheet" href="desk.css">', () => `<style>${read('desk.css')}</style>`)
    .replace('<a href="index.html">The book</a> ', '')
    .replace('<script src="desk.js"></script>',
      () =>
        `<script>globalThis.SINGLE=${inside}</script><script>${
          `${read('desk.js')}`.replaceAll('</script', '<\\/script')
        }</script>`);
  fs.writeFileSync(single, page);
  console.log(`${single}: ${(page.length / 1e6).toFixed(1)} MB`);
}

await (single ? oneFile() : build());
