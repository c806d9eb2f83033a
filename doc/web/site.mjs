// site.mjs: the site that any server of static files can serve: node site.mjs SITE, in which desk-build.mjs has put its part; and
// node site.mjs SITE FILE writes the workbench as one file that needs no server
import fs from 'node:fs';
import zlib from 'node:zlib';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { INTERFACE } from './live-build.mjs';

const [site, single] = process.argv.slice(2), here = new URL('.', import.meta.url).pathname, top = new URL('../../', import.meta.url).pathname;
const llvm = `${here}node_modules/@yowasp/clang/gen/`;
const read = file => fs.readFileSync(`${site}/${file}`), write = (file, what) => fs.writeFileSync(`${site}/${file}`, what);
const hash = (what, how = 'hex') => createHash('sha256').update(what).digest(how);

// -- the compiler: of its own files, what C needs
function forC(tar) {
  const kept = [], header = /^(std\w*|__std\w*|__float\w*|float|limits|iso646|tgmath|inttypes)\.h$/, library = /^(libc\.a|crt1-(command|reactor)\.o|libclang_rt\.builtins\.a)$/;
  for (let at = 0; tar[at];) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*/s, ''), size = parseInt(tar.toString('utf8', at + 124, at + 135), 8);
    const end = at + 512 + 512 * Math.ceil(size / 512), [folder, ...path] = name.split('/'), isFolder = tar[at + 156] === 53;
    const wanted = isFolder ? /^(include|lib)(\/wasm32-(unknown-)?wasip1)?\/?(?!.*c\+\+)/.test(name) && !/threads|wasip2|c\+\+/.test(name)
      : folder === 'include' ? (path.length === 1 ? header.test(path[0]) : path[0] === 'wasm32-wasip1' && !name.includes('c++')) : library.test(path.at(-1)) && /wasm32-(unknown-)?wasip1\//.test(name);
    if (wanted) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(1024)]);
}

// -- the text of the parts, their equations and their fonts, from the book as a page
const book = fs.existsSync(`${top}doc/nn.html`) ? fs.readFileSync(`${top}doc/nn.html`, 'utf8') : '';

// the box that has, or holds, this id
function element(id, kind) {
  const at = book.search(RegExp(` id="?${id}"?[ >]`)), tags = /<(\/?)div\b/g;
  const start = Math.max(...[`<div class=${kind}`, `<div class="${kind}`].map(s => book.lastIndexOf(s, at)));
  if (at < 0 || start < 0) throw Error(`site: doc/nn.html has no ${id}; say make web`);
  let depth = 0, tag;
  for (tags.lastIndex = start; (tag = tags.exec(book));) if (!(depth += tag[1] ? -1 : 1)) break;
  return book.slice(start, book.indexOf('>', tag.index) + 1).replace(/ id=("[^"]*"|[^\s>]+)/g, '')
    .replace(/<span class=run>.*?<\/span> <span class=n>.*?<\/span>/s, '').replace(/href=("?)#/g, 'href=$1index.html#').replace(/<div class="?scroll"?>/g, '<div class=scroll tabindex=0>');
}

function texts({ parts, hints }) {
  const text = {}, equations = {};
  if (!book) return { text: Object.fromEntries(parts.map(p => [p.name, `<p>The text of ${p.name} is in section 14 of the book.</p>`])), equations };
  const labels = s => [...new Set([...s.matchAll(/(?:#|\{)(eq:[\w-]+)/g)].map(m => m[1]))];
  for (const p of parts) {
    const own = element(`part-${p.name}`, 'ex').replace(/\s*\(see below\)/g, '');      // nothing is below it there
    for (const label of labels(own + (hints[p.name] ?? []).join())) equations[label] = element(label, 'eq');
    text[p.name] = own + labels(own).map(label => equations[label]).join('') +
      `<p><a href="index.html#part-${p.name}">Read on in the book</a></p>`;
  }
  return { text, equations };
}

// -- from the book to the desk, which only the site has: a sentence at the head of the challenges and one at how to work, links in the
// contents, at each part and at its stub; and a mark by which the figures know that there is a desk
function withDesk(html, parts) {
  const put = (after, what) => {
    if (!after.test(html)) throw Error(`site: doc/nn.html has no place for ${what}`);
    html = html.replace(after, found => found + what);
  };
  put(/<meta charset="?utf-8"?>/, '<meta name=desk content=desk.html>');
  put(/<li><a href="?#ch:challenges"?>[^]*?<ol>/, '\n<li><a href=desk.html>The desk: write, run and be judged in the page</a></li>');
  put(/<h2 id="?ch:challenges"?>[^]*?<\/h2>/, '<p class=desk>In this edition you write, run and are judged in the page: <a href=desk.html>open the desk</a>.</p>');
  put(/<h2 id="?ch:challenges"?>[^]*?<h3[^>]*>[^]*?<\/h3>/, '<p class=desk>At <a href=desk.html>the desk</a> you need no file and none of the commands below: ' +
    'its buttons run a part, show its hints one by one, and bring its beginning back.</p>');
  for (const { name } of parts) {
    const link = text => ` <a class=desk href=desk.html#${name}>${text}</a> `;
    put(RegExp(`<div class="?ex"? id="?part-${name}"?>[^]*?<span class="?n"?>[^<]*</span>`), link('solve it at the desk'));
    put(RegExp(`<div class="?head"? id="?chunk:challenge-${name}-[^>]*>[^]*?(?=<span class="?n"?>)`), link('write it at the desk'));
  }
  return html;
}

// -- the book as the site's first page; what it has in scripts of its own is allowed by its hash
function firstPage() {
  if (!book) return '<!doctype html><html lang="en"><meta charset="utf-8"><title>nn</title><p><a href="desk.html">The challenges</a></p></html>';
  const hashes = [...book.matchAll(/<script(?! src)[^>]*>([^]*?)<\/script>/g)].map(m => `'sha256-${hash(m[1], 'base64')}'`);
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${hashes.join(' ')}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; ` +
    "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'";
  const page = withDesk(book, JSON.parse(read('tables.json')).parts);
  return page.replace(/<meta charset="?utf-8"?>/, found => `${found}<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

const bundle = (entry, out) => esbuild.build({ entryPoints: [here + entry], outfile: `${site}/${out}`, bundle: true, minify: true, format: 'iife', platform: 'browser', target: 'es2022',
  define: { 'import.meta.url': '"https://here/"', process: 'undefined', INTERFACE }, external: ['node:fs/promises'], logLevel: 'error' });

async function build() {
  await Promise.all([bundle('desk.mjs', 'desk.js'), bundle('desk-worker.mjs', 'desk-worker.js')]);
  for (const f of fs.readdirSync(llvm)) if (f.endsWith('.wasm')) fs.copyFileSync(llvm + f, `${site}/${f}`);
  write('llvm-resources.tar', forC(fs.readFileSync(`${llvm}llvm-resources.tar`)));
  const compiler = fs.readdirSync(site).filter(f => /^llvm[^]*(wasm|tar)$/.test(f)).map(f => [f, fs.statSync(`${site}/${f}`).size]);
  write('tables.json', JSON.stringify({ ...JSON.parse(read('tables.json')), ...texts(JSON.parse(read('tables.json'))), compiler }));
  write('desk.css', (book.match(/@font-face\{[^}]*\}|\.m\d+\{[^}]*\}/g) ?? []).join('\n') + fs.readFileSync(`${here}desk.css`, 'utf8'));
  fs.copyFileSync(`${here}desk.html`, `${site}/desk.html`);
  fs.copyFileSync(`${top}tests/data/digits.csv`, `${site}/digits.csv`);
  write('index.html', firstPage());
  const files = fs.readdirSync(site).filter(f => !/\.br$|^sw\.js$/.test(f));
  write('sw.js', `const FILES = ${JSON.stringify(Object.fromEntries(files.map(f => [f, hash(read(f)).slice(0, 16)])))};\n${fs.readFileSync(`${here}desk-sw.js`, 'utf8')}`);
  // beside each file, the same compressed, for servers that look for it; kept under its hash, as the compiler's takes a while
  const store = `${site}/../web/br/`, packed = promisify(zlib.brotliCompress), { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = zlib.constants;
  fs.mkdirSync(store, { recursive: true });
  const sizes = await Promise.all(files.map(async f => {
    const known = store + hash(read(f));
    if (!fs.existsSync(known)) fs.writeFileSync(known, await packed(read(f), { params: { [quality]: 9, [window]: 24 } }));
    fs.copyFileSync(known, `${site}/${f}.br`);
    return fs.statSync(known).size;
  }));
  if (book && !book.includes(hash(fs.readFileSync(`${top}nn.nw`)))) console.log('site: doc/nn.html is of another nn.nw; make web makes it anew');
  console.log(`${site}: ${(sizes.reduce((a, b) => a + b) / 1e6).toFixed(1)} MB to load (brotli)`);
}

// the workbench with all that it loads inside
function oneFile() {
  const files = ['tables.json', 'nn.nw', 'objects.bin', 'board.wasm', ...fs.readdirSync(site).filter(f => /^llvm[^]*(wasm|tar)$/.test(f))];
  const packed = Object.fromEntries(files.map(f => [f, zlib.gzipSync(read(f), { level: 9 }).toString('base64')]));
  const inside = JSON.stringify({ ...packed, worker: `${read('desk-worker.js')}` }).replaceAll('<', '\\u003c');
  const page = `${read('desk.html')}`.replace(/script-src [^;]*/, "script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:").replace("connect-src 'self'", 'connect-src data: blob:').replace("worker-src 'self'", 'worker-src blob:')
    .replace('<link rel="stylesheet" href="desk.css">', () => `<style>${read('desk.css')}</style>`)
    .replace('<a href="index.html">The book</a> ', '')
    .replace('<script src="desk.js"></script>', () => `<script>globalThis.SINGLE=${inside}</script><script>${`${read('desk.js')}`.replaceAll('</script', '<\\/script')}</script>`);
  fs.writeFileSync(single, page);
  console.log(`${single}: ${(page.length / 1e6).toFixed(1)} MB`);
}

await (single ? oneFile() : build());
