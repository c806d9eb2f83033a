// book.mjs: the web edition of nn.nw: the whole book as one page, with nothing beside it.
//   node doc/web/book.mjs BUILD OUT.html        after make, which has left numbers, tables and figures in BUILD
// What is wrong is a Fault, whose message has a sentence for each thing, with its line in nn.nw.
import esbuild from 'esbuild';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { figure } from './figure.mjs';
import { fonts } from './fonts.mjs';
import { translator } from './latex.mjs';
import { mathStyles } from './math.mjs';
import { esc, quoted, readMarkup } from './noweb.mjs';

class Fault extends Error {}
const here = new URL('.', import.meta.url);
const read = f => fs.readFileSync(f, 'utf8');
const ours = f => read(new URL(f, here));

// -- what noweb makes of it; its labels are made of the file's name
function markup(nw, folder) {
  fs.writeFileSync(`${folder}/nn.nw`, nw);
  const noweb =
    /^LIB=(.*)/m.exec(read(execFileSync('sh', ['-c', 'command -v noweave']).toString().trim()))[1];
  const pipeline =
    '(cd "$1"; "$0"/markup nn.nw) | awk -f doc/index.awk | awk -f doc/ccolor.awk | "$0"/finduses | "$0"/noidx -delay | awk -f doc/uses.awk';
  return execFileSync('bash', ['-o', 'pipefail', '-c', pipeline, noweb, folder], { maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'inherit'] }).toString();
}

// -- the tests that the text names, by "suite/name": where each stands, its text, and the worst error that it measured
function testSources(build) {
  const tests = {};
  const one = /(?:\/\*(?:[^*]|\*(?!\/))*\*\/\n)?Test\((\w+), (\w+)[^]*?\n\}\n/g;
  for (const folder of ['tests', 'tests/answers'].filter(f => fs.existsSync(f)))
    for (const file of fs.readdirSync(folder).filter(f => /^test_.*\.c$/.test(f)))
      for (const [text, suite, name] of read(`${folder}/${file}`).matchAll(one))
        tests[`${suite}/${name}`] = { file: `${folder}/${file}`, text };
  const measured = `${build}/measured.tsv`;
  for (const line of fs.existsSync(measured) ? read(measured).trim().split('\n') : []) {
    const [name, error] = line.split('\t');
    if (tests[name]) tests[name].worst = Math.max(tests[name].worst ?? 0, error);
  }
  return tests;
}
const scientific = v =>
  v.toExponential(1).replace(/e([+-]\d+)/, (_, e) => `·10<sup>${String(+e).replace('-', '−')}</sup>`);
function testSource(tex, name, { file, text, worst }) {
  const seen = worst === undefined
    ? ''
    : `. The worst error that it saw: ${worst ? scientific(worst) : 'none, to the last bit'}`;
  return `<details class=source><summary><code>${name.replace('/', '/<wbr>')}</code></summary>`
    + `<div id="test:${name}"><p class=back><code>${file}</code>${seen}.</p>${
      tex.pre(text)
    }</div></details>`;
}
function testsSection(tex, build) {
  const sources = testSources(build);
  const of = ([name, line]) =>
    sources[name]
      ? testSource(tex, name, sources[name])
      : tex.complain(`the text names a test that does not exist: ${name}`, name, line) ?? '';
  return tex.heading(2, 'The tests that the text names', '')
    + '<p>Each stands in <code>tests/</code>, with what it needs.</p>'
    + [...tex.tests].sort().map(of).join('\n');
}

// -- chunks: their page and a letter as in the PDF, and a name of their own in the page
function tagsIn(aux) {
  const pages = {};
  const tags = {};
  const letter = i => String.fromCharCode(97 + i);
  for (const [, label, page] of aux.matchAll(/\\newsublabel\{(.*?)\}\{\{\}\{(.*?)\}\}/g))
    (pages[page] ??= []).push(label);
  for (const [page, labels] of Object.entries(pages))
    labels.forEach((l, i) => {
      tags[l] = page + (labels.length > 1 ? letter(i) : '');
    });
  return tags;
}
function nameChunks(chunks, aux, tex) {
  const tags = tagsIn(aux);
  const stems = new Map();
  const parts = new Map();
  const taken = new Map();
  const count = (of, key) => of.set(key, (of.get(key) ?? 0) + 1).get(key);
  for (const c of chunks) {
    const n = count(parts, c.name);
    const file = /^\[\[(.*)\]\]$/.exec(c.name)?.[1];
    if (n === 1) {
      const stem = file ? `file:${file}` : `chunk:${tex.slug(c.name)}`;
      const k = count(taken, stem);
      stems.set(c.name, k > 1 ? `${stem}.${k}` : stem);
    }
    const stem = stems.get(c.name);
    Object.assign(c, { anchor: n > 1 ? `${stem}:${n}` : stem, tag: tags[c.label] ?? '?',
      id: tags[c.label], root: file });
    if (!tags[c.label])
      tex.errors.push({ line: c.line, what: `the chunk <<${c.name}>> is not in the PDF: run make` });
  }
}

// -- what stands where the text has its contents, its title page and its indices
const months = 'January February March April May June July August September October November December'
  .split(' ');
const dateOf = nw => {
  const [, y, m, d] = /\\newcommand\\sourceDate\{(\d+)-(\d+)-(\d+)\}/.exec(nw);
  return `${+d} ${months[m - 1]} ${y}`;
};
const titlePage = (date, picture) =>
  '<header><h1>A Neural Network, Woven</h1><p>Backpropagation from scratch, as a literate program in C</p>'
  + `<div class=picture>${picture}</div><p class=where>One source, <code>nn.nw</code>, is this chapter and its program. `
  + `Edition of ${date}. Text and program may be used under the MIT licence.</p></header>`;
const list = (id, items) =>
  `<ul class=list id=${id}>${items.map(i => `<li>${i}</li>`).join('\n')}</ul>`;
function subjects({ terms, toc, inline }) {
  const section = t => {
    let k = t.where;
    while (k > 0 && !toc[k].number) k--;
    return toc[k]?.number || '·';
  };
  const link = t => `<a href="#${t.id}"${t.bold ? ' class=n' : ''}>${section(t)}</a>`;
  const names = Object.keys(terms).sort((x, y) => x.localeCompare(y, 'en'));
  return list('all-subjects',
    names.map(name => `${inline(name.replace('!', ', '))} ${terms[name].map(link).join(', ')}`));
}
const chunkIndex = ({ index, at, link }, inline) =>
  list('all-chunks', index.chunks.map(e =>
    `<a href=#${at(e.to).id}>⟨${inline(quoted(e.name))}⟩</a> <span class=n>${
      e.defined.map(link).join(' ')
    }</span> ${e.used.map(link).join(' ')}`
  ));
const identifierIndex = ({ index, link }) =>
  list('all-identifiers', index.identifiers.map(e =>
    `<code>${esc(e.name)}</code> <span class=n>${link(e.defined[0])}</span> ${
      e.used.length ? link(e.used[0]) : ''
    }`
  ));

const linkTo = (tex, t) =>
  `<a href="#${tex.idOf(t.place)}">${t.number ? `<span class=n>${t.number}</span> ` : ''}${
    t.html.replace(/<a id=[^>]*><\/a>/g, '')
  }</a>`;
function contentsOf(tex) {
  const entries = tex.toc.filter(t => t.level <= 3);
  return entries.map((t, k) => {
    const next = entries[k + 1]?.level ?? 2;
    const [open, close] = t.level === 2 ? ['<ol>', '</li>'] : ['</li>', '</li></ol></li>'];
    return `<li>${linkTo(tex, t)}${next === 3 ? open : close}`;
  }).join('\n');
}
// quotes and entities that HTML can do without
const light = html =>
  html.replace(/ ([a-z-]+)="([\w#:.\/-]+)"(?=[ >])/g, ' $1=$2')
    .replace(/>[^<]*</g,
      text => text.replaceAll('&quot;', '"').slice(0, -1).replaceAll('&gt;', '>') + '<');

// are the numbers those of the PDF?
function compareNumbers(tex, aux) {
  const pdf = Object.fromEntries(
    [...aux.matchAll(/\\newlabel\{([a-z]+:[\w-]*)\}\{\{(?:\\M@TitleReference \{)?([0-9A-Z.]*)\}/g)].map(
      m => [m[1], m[2]]
    ),
  );
  for (const [label, { number }] of Object.entries(tex.labels))
    if (label in pdf && pdf[label] !== number)
      tex.complain(`${label} is ${number} here and ${pdf[label]} in the PDF`, label);
  for (const label in pdf)
    if (!tex.labels[label]) tex.complain(`${label} is in the PDF and not here`, label);
}
// five sentences at most; each with the line of nn.nw, looked for from where the paragraph begins
function sentences(errors, nw) {
  const lines = nw.split('\n');
  const lineOf = e => {
    const k = e.near ? lines.findIndex((l, i) => i >= e.line - 1 && l.includes(e.near)) : -1;
    return k < 0 ? e.line : k + 1;
  };
  return errors.slice(0, 5).map(e => `nn.nw:${lineOf(e)}: ${e.what}`).join('\n')
    + (errors.length > 5 ? `\n... and ${errors.length - 5} more` : '');
}

function translate(nw, build) {
  const style = read('doc/style.tex');
  const aux = read(`${build}/nn.aux`);
  const folder = `${build}/web`;
  const parts = read('tests/challenges/parts.tsv');
  fs.mkdirSync(folder, { recursive: true });
  const date = dateOf(nw);
  const stamp = createHash('sha256').update(nw).digest('hex');
  const colophon =
    /\\newcommand\\colophon\{[^]*?\n\n|\\newcommand\\colophon\{[^]*?\\par\}\n/.exec(style)[0];
  const picture = (name, alt, title) =>
    figure(`${build}/figures/${name}.pdf`, folder, name, alt, title);
  const tex = translator({ date, figure: picture,
    macros: [read(`${build}/macros.tex`), colophon, `\\newcommand\\stamp{${stamp}}`],
    minutes: part => new RegExp(`^${part}\\t(?:[^\\t]*\\t){3}(\\d+)`, 'm').exec(parts)?.[1] });
  tex.useMathMacros(style.slice(style.indexOf('% ---- mathematics'), style.indexOf('% ---- headings')));
  const noweb = readMarkup(markup(nw, folder), tex.hold, tex.line, s => tex.inline(s));
  const { prose, chunks } = noweb;
  nameChunks(chunks, aux, tex);

  const main = tex.blocks(prose.slice(prose.indexOf('\\newcommand\\pub')));
  const tests = testsSection(tex, build);
  const [, alt] = /Alt=\{(A square field[^]*?)\}\}/.exec(style);
  const fill = { contents: () => '',
    title: () => titlePage(date, picture('cover', alt, 'What the network learned').svg),
    subjects: () => subjects(tex), chunks: () => chunkIndex(noweb, tex.inline),
    identifiers: () => identifierIndex(noweb) };
  const html = light(tex.settle(`${main}\n${tests}`.replace(/\x06(\w+)\x02/g, (_, k) => fill[k]())));
  const contents = tex.settle(contentsOf(tex));
  compareNumbers(tex, aux);
  if (tex.errors.length) throw new Fault(sentences(tex.errors, nw));

  return { html, contents, stamp };
}

const small = css =>
  css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};,>]) ?/g, '$1');
function css() {
  const temml = ours('node_modules/temml/dist/Temml-Local.css').replace(/@font-face[^}]*\}/g, '');
  return small(temml) + mathStyles() + small(ours('style.css')) + small(ours('live.css'));
}
// what a page is made by, so that make check can tell whether one is in step: sha256sum of these files in this order
const MAKERS = ['book.mjs', 'noweb.mjs', 'latex.mjs', 'math.mjs', 'figure.mjs', 'fonts.mjs', 'page.mjs',
  'dom.mjs', 'style.css', 'live.css'];
const made = () => createHash('sha256').update(MAKERS.map(ours).join('')).digest('hex');
function script() {
  const entry = fileURLToPath(new URL('page.mjs', here));
  const [{ text }] =
    esbuild.buildSync({ entryPoints: [entry], bundle: true, minify: true, format: 'esm',
      target: 'es2022', charset: 'utf8', write: false }).outputFiles;
  return text.trim().replaceAll('</script', '<\\/script');
}
function page(book, build, figures) {
  const body = `<a class=skip href="#text">To the text</a>
<nav id=contents popover aria-label="Contents"><label for=search>Search</label> <input id=search type=search autocomplete=off placeholder="a term, a name, a chunk"><ol id=found hidden></ol>
<ol id=toc>${book.contents}</ol></nav>
<div id=bar><button popovertarget=contents>Contents</button><span id=here></span><progress id=progress max=1 value=0 aria-label="How far you have read"></progress></div>
<main id=text>
${book.html}</main>`;
  return `<!DOCTYPE html>
<html lang=en-GB><head><meta charset=utf-8><meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="light dark">
<meta name=description content="Backpropagation from scratch, as a literate program in C"><meta name=source content="${book.stamp} ${made()}">
<title>A Neural Network, Woven</title><link rel=icon href="data:,"><style>${
    fonts(body, `${build}/web`)
  }${css()}</style></head>
<body>${body}<script type=module>${script()}</script>${figures}</body></html>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , build, out] = process.argv;
  const compiled = promisify(execFile)(process.execPath, [...process.execArgv,
    fileURLToPath(new URL('live-build.mjs', here))], { maxBuffer: 1e8 });
  try {
    const book = translate(read('nn.nw'), build);
    fs.writeFileSync(out, page(book, build, (await compiled).stdout));
  } catch (e) {
    console.error(e instanceof Fault ? e.message : e);
    process.exitCode = 1;
  }
}
