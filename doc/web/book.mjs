// book.mjs: the web edition of nn.nw: the whole book as one page, with nothing beside it.
//   node doc/web/book.mjs BUILD OUT.html        after make, which has left numbers, tables and figures in BUILD
//
// For others that show parts of it:
//   import { translate, page, Fault } from './book.mjs';
//   const book = translate(fs.readFileSync('nn.nw', 'utf8'), { build: 'build' });
//     book.html     the text as HTML, without head and body
//     book.parts    { '1a': { title, minutes, html } }: each part of a challenge with its formulas (MathML)
//     book.chunks   [{ name, id, anchor, file, text, line }] in their order; id is its page in the PDF and a letter; text as in nn.nw, with <<names>>; line of nn.nw
//     book.labels   { 'eq:affine': { number: '2.1', id } }
//     book.inline(tex)   a piece of LaTeX as HTML, a hint or a chunk's name, say: $\dZ$, \eqref{eq:affine}, [[code]]
//   page(book, { build, head, foot })   the whole document; head goes to the end of <head>, foot to the end of <body>
//   book.css(), book.script()           what the page has in it, for one whose style and script are files of their own
// Either throws a Fault, whose message has a sentence for each thing that is wrong, with its line in nn.nw.
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { esc, quoted, readMarkup } from './noweb.mjs';
import { translator } from './latex.mjs';
import { mathStyles } from './math.mjs';
import { figure } from './figure.mjs';
import { fonts } from './fonts.mjs';

export class Fault extends Error {}
const read = f => fs.readFileSync(f, 'utf8'), here = new URL('.', import.meta.url);
const months = 'January February March April May June July August September October November December'.split(' ');

function markup(nw, folder) {                             // noweb's labels are made of the file's name
  fs.writeFileSync(`${folder}/nn.nw`, nw);
  const noweb = /^LIB=(.*)/m.exec(read(execFileSync('sh', ['-c', 'command -v noweave']).toString().trim()))[1];
  return execFileSync('bash', ['-o', 'pipefail', '-c', `(cd "$1"; "$0"/markup nn.nw) | awk -f doc/index.awk | awk -f doc/ccolor.awk | "$0"/finduses | "$0"/noidx -delay | awk -f doc/uses.awk`, noweb, folder],
    { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
}
// the tests that the text names: the text of each, by "suite/name"
function testSources() {
  const tests = {};
  for (const folder of ['tests', 'tests/answers']) for (const f of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    if (/^test_.*\.c$/.test(f)) for (const m of read(`${folder}/${f}`).matchAll(/(?:\/\*(?:[^*]|\*(?!\/))*\*\/\n)?Test\((\w+), (\w+)[^]*?\n\}\n/g)) tests[`${m[1]}/${m[2]}`] = { file: `${folder}/${f}`, text: m[0] };
  return tests;
}

export function translate(nw, { build = 'build' } = {}) {
  const style = read('doc/style.tex'), aux = read(`${build}/nn.aux`), folder = `${build}/web`;
  fs.mkdirSync(folder, { recursive: true });
  const [, y, m, d] = /\\newcommand\\sourceDate\{(\d+)-(\d+)-(\d+)\}/.exec(nw), date = `${+d} ${months[m - 1]} ${y}`;
  const minutes = part => new RegExp(`^${part}\\t(?:[^\\t]*\\t){3}(\\d+)`, 'm').exec(read('tests/challenges/parts.tsv'))?.[1];
  const stamp = createHash('sha256').update(nw).digest('hex'), sources = testSources();
  const tex = translator({ date, minutes,
    macros: [read(`${build}/macros.tex`), /\\newcommand\\colophon\{[^]*?\n\n|\\newcommand\\colophon\{[^]*?\\par\}\n/.exec(style)[0], `\\newcommand\\stamp{${stamp}}`],
    figure: (name, alt, title) => figure(`${build}/figures/${name}.pdf`, folder, name, alt, title),
    listing: name => read(fs.existsSync(name) ? name : `${build}/${name}`) });
  tex.useMathMacros(style.slice(style.indexOf('% ---- mathematics'), style.indexOf('% ---- headings')));
  const inline = s => tex.inline(s);
  const { prose, chunks, index, link, at } = readMarkup(markup(nw, folder), tex.hold, tex.line, inline);

  // chunks: their page and a letter as in the PDF, and a name of their own in the page
  const pages = {}, parts = {}, taken = {};
  for (const [, label, p] of aux.matchAll(/\\newsublabel\{(.*?)\}\{\{\}\{(.*?)\}\}/g)) (pages[p] ??= []).push(label);
  const tags = Object.fromEntries(Object.entries(pages).flatMap(([p, ls]) => ls.map((l, i) => [l, p + (ls.length > 1 ? String.fromCharCode(97 + i) : '')])));
  for (const c of chunks) {
    const n = parts[c.name] = (parts[c.name] ?? 0) + 1, file = /^\[\[(.*)\]\]$/.exec(c.name)?.[1];
    if (n === 1) { const s = file ? `file:${file}` : `chunk:${tex.slug(c.name)}`; taken[s] = (taken[s] ?? 0) + 1; c.stem = s + (taken[s] > 1 ? `.${taken[s]}` : ''); }
    c.stem ??= chunks.find(o => o.name === c.name).stem;
    Object.assign(c, { anchor: n > 1 ? `${c.stem}:${n}` : c.stem, tag: tags[c.label] ?? '?', id: tags[c.label], root: file });
    if (c.tag === '?') tex.errors.push({ line: c.line, what: `the chunk <<${c.name}>> is not in ${build}/nn.aux: run make` });
  }

  const main = tex.blocks(prose.slice(prose.indexOf('\\newcommand\\pub')));
  // the tests, in the last place
  const testsHtml = tex.heading(2, 'The tests that the text names', '') + '<p>Each stands in <code>tests/</code>, with what it needs.</p>' +
    [...tex.tests].sort().map(([t, from]) => sources[t] ? `<details class=source><summary><code>${t.replace('/', '/<wbr>')}</code></summary><div id="test:${t}"><p class=back><code>${sources[t].file}</code></p>${tex.pre(sources[t].text)}</div></details>`
      : tex.complain(`the text names a test that does not exist: ${t}`, t, from) ?? '').join('\n');
  const chapters = tex.toc.filter(t => t.level === 2);
  let turns = 0;
  const to = (t, arrow = '') => `<a href="#${tex.idOf(t.place)}"${arrow}>${t.number ? `<span class=n>${t.number}</span> ` : ''}${t.html.replace(/<a id=[^>]*><\/a>/g, '')}</a>`;
  const turn = () => { const k = turns++; return `<nav class=turn aria-label="From ${tex.settle(chapters[k].html).replace(/<[^>]*>/g, '')}">${k ? to(chapters[k - 1], ' rel=prev') : '<span></span>'}${chapters[k + 1] ? to(chapters[k + 1], ' rel=next') : ''}</nav>`; };
  const list = (id, items) => `<ul class=list id=${id}>${items.join('\n')}</ul>`;
  const sorted = a => a.sort((x, y) => x.localeCompare(y, 'en'));
  const where = t => { let k = t.where; while (k > 0 && !tex.toc[k].number) k--; return tex.toc[k]?.number || '·'; };
  const [, alt] = /Alt=\{(A square field[^]*?)\}\}/.exec(style);
  const fill = {
    title: () => `<header><h1>A Neural Network, Woven</h1><p>Backpropagation from scratch, as a literate program in C</p><div class=picture>${figure(`${build}/figures/cover.pdf`, folder, 'cover', alt, 'What the network learned').svg}</div><p class=where>One source, <code>nn.nw</code>, is this chapter and its program. Edition of ${date}. Text and program may be used under the MIT licence.</p></header>`,
    contents: () => '',
    subjects: () => list('all-subjects', sorted(Object.keys(tex.terms)).map(t => `<li>${inline(t.replace('!', ', '))} ${tex.terms[t].map(u => `<a href="#${u.id}"${u.bold ? ' class=n' : ''}>${where(u)}</a>`).join(', ')}</li>`)),
    chunks: () => list('all-chunks', index.chunks.map(e => `<li><a href=#${at(e.to).id}>⟨${inline(quoted(e.name))}⟩</a> <span class=n>${e.defined.map(link).join(' ')}</span> ${e.used.map(link).join(' ')}</li>`)),
    identifiers: () => list('all-identifiers', index.identifiers.map(e => `<li><code>${esc(e.name)}</code> <span class=n>${link(e.defined[0])}</span> ${e.used.length ? link(e.used[0]) : ''}</li>`)),
    turn,
  };
  // quotes that HTML can do without: 20 KB
  const light = html => html.replace(/ ([a-z-]+)="([\w#:.\/-]+)"(?=[ >])/g, ' $1=$2').replace(/>[^<]*</g, t => t.replaceAll('&quot;', '"').slice(0, -1).replaceAll('&gt;', '>') + '<');
  const html = light(tex.settle((main + '\n\x06turn\x02' + testsHtml + '\n\x06turn\x02').replace(/\x06(\w+)\x02/g, (_, k) => fill[k]())));
  const rows = [];
  tex.toc.filter(t => t.level <= 3).forEach((t, k, all) => {
    const next = all[k + 1]?.level ?? 2;
    rows.push(t.level === 2 ? `<li>${to(t)}${next === 3 ? '<ol>' : '</li>'}` : `<li>${to(t)}</li>${next === 3 ? '' : '</ol></li>'}`);
  });
  const contents = tex.settle(rows.join('\n'));

  // are the numbers those of the PDF?
  const pdf = Object.fromEntries([...aux.matchAll(/\\newlabel\{([a-z]+:[\w-]*)\}\{\{(?:\\M@TitleReference \{)?([0-9A-Z.]*)\}/g)].map(m => [m[1], m[2]]));
  for (const l in tex.labels) if (l in pdf && pdf[l] !== tex.labels[l].number) tex.complain(`${l} is ${tex.labels[l].number} here and ${pdf[l]} in the PDF`, l);
  for (const l in pdf) if (!tex.labels[l]) tex.complain(`${l} is in the PDF and not here`, l);
  if (tex.errors.length) throw new Fault(sentences(tex.errors, nw));
  const of = Object.entries(tex.parts).map(([p, v]) => [p, { ...v, title: tex.settle(v.title), html: tex.settle(v.html) }]);
  return { html, contents, stamp, chunks: chunks.map(({ name, id, anchor, file, root, text, line }) => ({ name, id, anchor, file: root ?? file, text, line })),
    parts: Object.fromEntries(of), labels: Object.fromEntries(Object.entries(tex.labels).map(([l, p]) => [l, { number: p.number, id: tex.idOf(p) }])),
    inline: s => tex.settle(inline(quoted(s))), css, script: () => read(new URL('page.mjs', here)) };
}
// five sentences at most; each with the line of nn.nw, looked for from where the paragraph begins
function sentences(errors, nw) {
  const lines = nw.split('\n');
  return errors.slice(0, 5).map(e => {
    let n = e.line;
    for (let k = e.line - 1; e.near && k < lines.length; k++) if (lines[k].includes(e.near)) { n = k + 1; break; }
    return `nn.nw:${n}: ${e.what}`;
  }).join('\n') + (errors.length > 5 ? `\n... and ${errors.length - 5} more` : '');
}
const small = css => css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};,>]) ?/g, '$1');
function css() {
  const temml = read(new URL('node_modules/temml/dist/Temml-Local.css', here)).replace(/@font-face[^}]*\}/g, '');
  return small(temml) + mathStyles() + small(read(new URL('style.css', here)));
}
// what a page is made by, so that make check can tell whether one is in step: sha256sum of these files in this order
const made = () => createHash('sha256').update(['book.mjs', 'noweb.mjs', 'latex.mjs', 'math.mjs', 'figure.mjs', 'fonts.mjs', 'page.mjs', 'style.css'].map(f => read(new URL(f, here))).join('')).digest('hex');
export function page(book, { build = 'build', head = '', foot = '' } = {}) {
  const body = `<a class=skip href="#text">To the text</a>
<nav id=contents popover aria-label="Contents"><label for=search>Search</label> <input id=search type=search autocomplete=off placeholder="a term, a name, a chunk"><ol id=found hidden></ol>
<ol id=toc>${book.contents}</ol></nav>
<main id=text>
${book.html}</main>
<div id=bar><button popovertarget=contents>Contents</button><span id=here></span><progress id=progress max=1 value=0 aria-label="How far you have read"></progress></div>`;
  return `<!DOCTYPE html>
<html lang=en-GB><head><meta charset=utf-8><meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="light dark">
<meta name=description content="Backpropagation from scratch, as a literate program in C"><meta name=source content="${book.stamp} ${made()}">
<title>A Neural Network, Woven</title><link rel=icon href="data:,"><style>${fonts(body, `${build}/web`)}${book.css()}</style>${head}</head>
<body>${body}<script type=module>${book.script()}</script>${foot}</body></html>
`;
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , build, out] = process.argv;
  try {
    const book = translate(read('nn.nw'), { build }), { live } = await import('./live-build.mjs'), figures = await live('.');
    fs.writeFileSync(out, page(book, { build, head: `<style>${figures.css}</style>`,
      foot: `<script type=text/plain id=live-wasm>${figures.wasm}</script><script type=module>${figures.script}</script>` }));
  } catch (e) {
    console.error(e instanceof Fault ? e.message : e.code === 'ENOENT' && e.syscall?.startsWith('spawn') ? `web: ${e.path} is missing; install it with: apt-get install ${
      { mutool: 'mupdf-tools', cwebp: 'webp', 'hb-subset': 'libharfbuzz-bin', woff2_compress: 'woff2' }[e.path] ?? 'noweb'}` : e.code === 'ENOENT' ? `web: ${e.path} is missing: run make first` : e);
    process.exitCode = 1;
  }
}
