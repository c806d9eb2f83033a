// book.mjs: the web edition of nn.nw: the whole book as one page, with nothing beside it.
//   node doc/web/book.mjs BUILD OUT.html     after make, which has left numbers, tables and figures in BUILD
// What is wrong is a Fault, whose message has a sentence for each thing, with its line in nn.nw.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { bundle, here, inScript, isProgram, ours, read, sha256, small } from './build.mjs';
import { figure } from './figure.mjs';
import { fonts } from './fonts.mjs';
import { translator } from './latex.mjs';
import { mathStyles } from './math.mjs';
import { esc, quoted, readMarkup } from './noweb.mjs';

class Fault extends Error {}

// -- what noweb makes of it; its labels are made of the file's name
function markup(nw, folder) {
  fs.writeFileSync(`${folder}/nn.nw`, nw);
  const noweave = execFileSync('sh', ['-c', 'command -v noweave']).toString().trim();
  const [, noweb] = /^LIB=(.*)/m.exec(read(noweave));
  const pipeline = '(cd "$1"; "$0"/markup nn.nw) | awk -f doc/index.awk | awk -f doc/ccolor.awk'
    + ' | "$0"/finduses | "$0"/noidx -delay | awk -f doc/uses.awk';
  return execFileSync('bash', ['-o', 'pipefail', '-c', pipeline, noweb, folder],
    { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
}

// -- the tests that the text names, by "suite/name": where each stands, its text, and its worst error
function testFiles() {
  const folders = ['tests', 'tests/answers'].filter(folder => fs.existsSync(folder));
  const files = folders.flatMap(folder => fs.readdirSync(folder).map(name => `${folder}/${name}`));
  return files.filter(name => /\/test_.*\.c$/.test(name)).sort();
}
function testSources(build) {
  const tests = {};
  const withComment = /(?:\/\*(?:[^*]|\*(?!\/))*\*\/\n)?Test\((\w+), (\w+)[^]*?\n\}\n/g;
  for (const file of testFiles())
    for (const [text, suite, name] of read(file).matchAll(withComment))
      tests[`${suite}/${name}`] = { file, text };
  const measured = `${build}/measured.tsv`;
  for (const line of fs.existsSync(measured) ? read(measured).trim().split('\n') : []) {
    const [name, error] = line.split('\t');
    if (tests[name]) tests[name].worst = Math.max(tests[name].worst ?? 0, error);
  }
  return tests;
}
function scientific(value) {
  const [digits, power] = value.toExponential(1).split('e');
  return `${digits}·10<sup>${String(+power).replace('-', '−')}</sup>`;
}
function testSource(tex, name, { file, text, worst }) {
  const error = worst ? scientific(worst) : 'none, to the last bit';
  const seen = worst === undefined ? '' : `. The worst error that it saw: ${error}`;
  return `<details class=source><summary><code>${name.replace('/', '/<wbr>')}</code></summary>`
    + `<div id="test:${name}"><p class=back><code>${file}</code>${seen}.</p>${tex.pre(text)}</div></details>`;
}
function testsSection(tex, build) {
  const sources = testSources(build);
  const title = tex.heading(2, 'The tests that the text names', '');
  const known = [...tex.tests].sort().filter(([name, line]) => {
    if (!sources[name]) tex.complain(`the text names a test that does not exist: ${name}`, name, line);
    return sources[name];
  });
  return `${title}<p>Each stands in <code>tests/</code>, with what it needs.</p>`
    + known.map(([name]) => testSource(tex, name, sources[name])).join('\n');
}

// -- chunks: their page and a letter as in the PDF, and a name of their own in the page
function tagsIn(aux) {
  const pages = {};
  for (const [, label, page] of aux.matchAll(/\\newsublabel\{(.*?)\}\{\{\}\{(.*?)\}\}/g))
    (pages[page] ??= []).push(label);
  const letter = i => String.fromCharCode('a'.charCodeAt(0) + i);
  const tags = Object.entries(pages).flatMap(([page, labels]) =>
    labels.map((label, i) => [label, page + (labels.length > 1 ? letter(i) : '')]));
  return Object.fromEntries(tags);
}
function nameChunks(chunks, aux, tex) {
  const tags = tagsIn(aux);
  const parts = new Map();
  for (const chunk of chunks) {
    const { name, label, line } = chunk;
    const part = (parts.get(name) ?? 0) + 1;
    parts.set(name, part);
    const [, file] = /^\[\[(.*)\]\]$/.exec(name) ?? [];
    const stem = file ? `file:${file}` : `chunk:${tex.slug(name)}`;
    chunk.anchor = part > 1 ? `${stem}:${part}` : stem;
    chunk.id = chunk.tag = tags[label];
    if (!tags[label]) tex.errors.push({ line, what: `the chunk <<${name}>> is not in the PDF: run make` });
  }
}

// -- what stands where the text has its contents, its title page and its indices
const dateOf = nw =>
  new Date(/\\newcommand\\sourceDate\{([\d-]+)\}/.exec(nw)[1])
    .toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const TITLE = 'A Neural Network, Woven';
const SUBTITLE = 'Backpropagation from scratch, as a literate program in C';
const titlePage = (date, picture) =>
  `<header><h1>${TITLE}</h1><p>${SUBTITLE}</p><div class=picture>${picture}</div>`
  + '<p class=where>One source, <code>nn.nw</code>, is this chapter and its program. '
  + `Edition of ${date}. Text and program may be used under the MIT licence.</p></header>`;
const list = (id, items) =>
  `<ul class=list id=${id}>${items.map(item => `<li>${item}</li>`).join('\n')}</ul>`;
function subjects({ terms, toc, inline }) {
  function section(where) {
    let k = where;
    while (k > 0 && !toc[k].number) k--;
    return toc[k]?.number || '·';
  }
  const link = ({ id, bold, where }) => `<a href="#${id}"${bold ? ' class=n' : ''}>${section(where)}</a>`;
  // makeindex sorts by what stands before an @, and shows what stands behind it
  const names = Object.keys(terms).sort((a, b) => a.localeCompare(b, 'en'));
  const shown = name => inline(name.replace(/^.*@/, '').replace('!', ', '));
  const item = name => `${shown(name)} ${terms[name].map(link).join(', ')}`;
  return list('all-subjects', names.map(item));
}
function chunkIndex({ index, at, link }, inline) {
  const links = labels => labels.map(link).join(' ');
  return list('all-chunks', index.chunks.map(({ to, name, defined, used }) => {
    const chunk = `<a href=#${at(to).id}>⟨${inline(quoted(name))}⟩</a>`;
    return `${chunk} <span class=n>${links(defined)}</span> ${links(used)}`;
  }));
}
function identifierIndex({ index, at, link }) {
  const first = labels => labels.slice(0, 1).map(link);
  // where it is linked, as another's local of the same name isn't
  const uses = ({ name, used }) => used.filter(label => at(label).linked?.has(name));
  return list('all-identifiers', index.identifiers.map(entry =>
    `<code>${esc(entry.name)}</code> <span class=n>${first(entry.defined)}</span> ${first(uses(entry))}`));
}

function linkTo(tex, { place, number, html }) {
  const shown = number ? `<span class=n>${number}</span> ` : '';
  return `<a href="#${tex.idOf(place)}">${shown}${html.replace(/<a id=[^>]*><\/a>/g, '')}</a>`;
}
function contentsOf(tex) {
  const entries = tex.toc.filter(({ level }) => level <= 3);
  return entries.map((entry, k) => {
    const next = entries[k + 1]?.level ?? 2;
    const [open, close] = entry.level === 2 ? ['<ol>', '</li>'] : ['</li>', '</li></ol></li>'];
    return `<li>${linkTo(tex, entry)}${next === 3 ? open : close}`;
  }).join('\n');
}
// quotes and entities that HTML can do without
const light = html =>
  html.replace(/ ([a-z-]+)="([\w#:.\/-]+)"(?=[ >])/g, ' $1=$2')
    .replace(/(?<=>)[^<]*(?=<)/g, text => text.replaceAll('&quot;', '"').replaceAll('&gt;', '>'));

// are the numbers those of the PDF?
function compareNumbers(tex, aux) {
  const numbered = /\\newlabel\{([a-z]+:[\w-]*)\}\{\{(?:\\M@TitleReference \{)?([0-9A-Z.]*)\}/g;
  const pdf = Object.fromEntries(Array.from(aux.matchAll(numbered), found => found.slice(1)));
  for (const [label, { number }] of Object.entries(tex.labels))
    if (label in pdf && pdf[label] !== number)
      tex.complain(`${label} is ${number} here and ${pdf[label]} in the PDF`, label);
  for (const label in pdf)
    if (!tex.labels[label]) tex.complain(`${label} is in the PDF and not here`, label);
}
// five sentences at most; each with the line of nn.nw, looked for from where the paragraph begins
function sentences(errors, nw) {
  const lines = nw.split('\n');
  function lineOf({ line, near }) {
    const found = near ? lines.findIndex((text, i) => i >= line - 1 && text.includes(near)) : -1;
    return found < 0 ? line : found + 1;
  }
  const said = errors.slice(0, 5).map(error => `nn.nw:${lineOf(error)}: ${error.what}`);
  if (errors.length > 5) said.push(`... and ${errors.length - 5} more`);
  return said.join('\n');
}

function translate(nw, build) {
  const style = read('doc/style.tex');
  const aux = read(`${build}/nn.aux`);
  const folder = `${build}/web`;
  const parts = read('tests/challenges/parts.tsv');
  fs.mkdirSync(folder, { recursive: true });
  const date = dateOf(nw);
  const stamp = sha256(nw);
  const [colophon] = /\\newcommand\\colophon\{[^]*?(\n\n|\\par\}\n)/.exec(style);
  const picture = (name, alt, title) =>
    figure(`${build}/figures/${name}.pdf`, folder, name, alt, title);
  const tex = translator({
    date,
    figure: picture,
    macros: [read(`${build}/macros.tex`), colophon, `\\newcommand\\stamp{${stamp}}`],
    minutes: part => new RegExp(`^${part}\\t(?:[^\\t]*\\t){3}(\\d+)`, 'm').exec(parts)?.[1],
  });
  tex.useMathMacros(style.slice(style.indexOf('% ---- mathematics'), style.indexOf('% ---- headings')));
  const noweb = readMarkup(markup(nw, folder), tex.hold, tex.line, s => tex.inline(s));
  const { prose, chunks } = noweb;
  nameChunks(chunks, aux, tex);

  const main = tex.blocks(prose.slice(prose.indexOf('\\newcommand\\pub')));
  const tests = testsSection(tex, build);
  const [, alt] = /Alt=\{(A square field[^]*?)\}\}/.exec(style);
  const fill = {
    contents: () => '',
    title: () => titlePage(date, picture('cover', alt, 'What the network learned').svg),
    subjects: () => subjects(tex),
    chunks: () => chunkIndex(noweb, tex.inline),
    identifiers: () => identifierIndex(noweb),
  };
  const html = light(tex.settle(`${main}\n${tests}`.replace(/\x06(\w+)\x02/g, (_, k) => fill[k]())));
  const contents = tex.settle(contentsOf(tex));
  compareNumbers(tex, aux);
  if (tex.errors.length) throw new Fault(sentences(tex.errors, nw));
  return { html, contents, stamp };
}

const STYLES = ['formulas.css', 'style.css', 'live.css'];
function css() {
  const temml = ours('node_modules/temml/dist/Temml-Local.css').replace(/@font-face[^}]*\}/g, '');
  return small(temml) + mathStyles() + STYLES.map(name => small(ours(name))).join('');
}
// what a page is made by: make check tells by sha256sum of these, in this order, and of the tests, whether one
// is in step
const MAKERS = [
  'book.mjs', 'build.mjs', 'noweb.mjs', 'latex.mjs', 'math.mjs', 'figure.mjs', 'fonts.mjs', 'page.mjs',
  'dom.mjs', ...STYLES,
];
function page(book, build, figures) {
  const body = `<a class=skip href="#text">To the text</a>
<nav id=contents popover aria-label="Contents"><label for=search>Search</label> \
<input id=search type=search autocomplete=off placeholder="a term, a name, a chunk"><ol id=found hidden></ol>
<ol id=toc>${book.contents}</ol></nav>
<div id=bar><button popovertarget=contents>Contents</button><span id=here></span>\
<progress id=progress max=1 value=0 aria-label="How far you have read"></progress></div>
<main id=text>
${book.html}</main>`;
  const made = sha256([...MAKERS.map(ours), ...testFiles().map(read)].join(''));
  const script = inScript(bundle('page.mjs', { format: 'esm' }));
  return `<!DOCTYPE html>
<html lang=en-GB><head><meta charset=utf-8>\
<meta name=viewport content="width=device-width, initial-scale=1">\
<meta name=color-scheme content="light dark">
<meta name=description content="${SUBTITLE}"><meta name=source content="${book.stamp} ${made}">
<title>${TITLE}</title><link rel=icon href="data:,">\
<style>${fonts(body, `${build}/web`)}${css()}</style></head>
<body>${body}<script type=module>${script}</script>${figures}</body></html>
`;
}

// the figures that compute are compiled beside
const figuresThatCompute = () =>
  promisify(execFile)(process.execPath, [...process.execArgv, `${here}live-build.mjs`], { maxBuffer: 1e8 });
if (isProgram(import.meta.url)) {
  const [, , build, out] = process.argv;
  const figures = figuresThatCompute();
  try {
    const book = translate(read('nn.nw'), build);
    fs.writeFileSync(out, page(book, build, (await figures).stdout));
  } catch (e) {
    console.error(e instanceof Fault ? e.message : e);
    process.exitCode = 1;
  }
}
