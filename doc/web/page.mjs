// page.mjs: what paper can't do.  The book reads without it; nothing here is needed to see anything.
import { desk as deskBeside, fit, make } from './dom.mjs';

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const target = link => document.getElementById(link.hash.slice(1));
const WIDE = 1252; // from so many pixels on the contents stand beside the text, as in style.css
document.documentElement.classList.add('js');

// ---- code that goes on below: no arrow and no option is cut, and lines of tests go on where they begin
const JOINED = /(->|--\w[\w-]*)/;
for (const code of $$('.w, :not(pre) > code')) {
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (JOINED.test(walker.currentNode.data)) texts.push(walker.currentNode);
  for (const text of texts)
    text.replaceWith(...text.data.split(JOINED)
      .map((piece, i) => i % 2 ? make('span', { className: 'nb' }, piece) : piece));
}
for (const line of $$('.listing .w')) {
  const steps = Math.round(/^ */.exec(line.textContent)[0].length / 4);
  if (steps) line.classList.add(`d${Math.min(steps, 8)}`);
}

// ---- a link to each heading and each paragraph
for (const place of $$('main :is(h2, h3, h4, p)[id]')) {
  const heading = /^H/.test(place.tagName);
  const link = make('a', { className: 'link', href: '#' + place.id, tabIndex: heading ? 0 : -1 }, '¶');
  link.setAttribute('aria-label', `Link to this ${heading ? 'section' : 'paragraph'}`);
  place.prepend(link);
}

// ---- where the site has a desk beside the book: links to it in the contents, at each part and at its stub
const desk = deskBeside();
if (desk) {
  const link = (text, part = '') => make('a', { className: 'desk', href: desk + part }, text);
  const paragraph = (...words) => make('p', { className: 'desk' }, link(...words));
  $('[id="ch:challenges"]').after(paragraph('The desk: write, run and be judged in the page'));
  $('#toc a[href="#ch:challenges"] + ol').prepend(make('li', {}, link('The desk')));
  for (const box of $$('.ex[id^=part-]'))
    box.append(paragraph('Solve it at the desk', `#${box.id.slice('part-'.length)}`));
  for (const head of $$('.head[id^="chunk:challenge-"]'))
    $('.n', head).before(link('write it at the desk', `#${head.id.split('-')[1]}`));
}

// ---- where the reader is
const headings = $$('main :is(h2, h3)');
const entries = new Map($$('#toc a').map(entry => [entry.hash.slice(1), entry]));
const words = heading => heading.textContent.replace('¶', '').trim();
let here = null;

// the last heading that is above the upper third of the window
const headingHere = () => headings.findLast(h => h.getBoundingClientRect().top < innerHeight * .3);
function follow() {
  const page = document.documentElement;
  $('#progress').value = page.scrollTop / (page.scrollHeight - innerHeight);
  const now = headingHere();
  if (now === here) return;
  here = now;
  $$('#toc .here, #toc .open').forEach(entry => entry.classList.remove('here', 'open'));
  $$('#toc [aria-current]').forEach(entry => entry.removeAttribute('aria-current'));
  $('#here').textContent = now ? words(now) : '';
  const entry = now && entries.get(now.id);
  if (!entry) return;
  entry.setAttribute('aria-current', 'location');
  for (let item = entry.closest('li'); item; item = item.parentElement.closest('li'))
    item.classList.add('here', 'open');
  if (innerWidth < WIDE) return;
  const { top, bottom } = entry.getBoundingClientRect();
  if (top < 60 || bottom > innerHeight - 40) $('#contents').scrollTop += top - innerHeight / 3;
}
addEventListener('scroll', () => { // once for each picture
  follow();
  hide();
});
$('#contents').addEventListener('click', e => {
  if (e.target.closest('a') && $('#contents').matches(':popover-open')) $('#contents').hidePopover();
});

// ---- search: sections, terms, identifiers, chunks, tests
const textOf = nodes => nodes.map(node => node.textContent).join('').replaceAll('\u2061', ' ').trim(); // of ln, say
function thing(kind, element) {
  const link = element.matches('a') ? element : $('a.n, .n a, a', element);
  let text = $('code, a', element)?.textContent;
  if (kind === 'section') text = words(element);
  if (kind === 'term') text = textOf([...element.childNodes].filter(e => e.nodeName !== 'A'));
  return { kind, href: link.getAttribute('href'), text };
}
const things = [
  ...$$('#toc a').map(e => thing('section', e)),
  ...$$('#all-subjects li').map(e => thing('term', e)),
  ...$$('#all-identifiers li').map(e => thing('name', e)),
  ...$$('#all-chunks li').map(e => thing('chunk', e)),
  ...$$('.source > div').map(({ id }) => ({ kind: 'test', href: `#${id}`, text: id.replace('test:', '') })),
];
const MOST = 12; // things that are shown
const search = $('#search');
const found = $('#found');
function find() {
  const wanted = search.value.trim().toLowerCase();
  const isIn = chunk => wanted && $('pre', chunk).textContent.toLowerCase().includes(wanted);
  const rank = text => /^.?answer /.test(text) ? 2 : text.toLowerCase().startsWith(wanted) ? 0 : 1;
  const hits = things.filter(({ text }) => wanted && text.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a.text) - rank(b.text)).slice(0, MOST);
  if (!hits.length) // no name, but there in code
    hits.push(...$$('.chunk').filter(isIn).slice(0, MOST)
      .map(chunk => ({ href: '#' + chunk.id, text: chunk.ariaLabel, kind: `code, ${chunk.id}` })));
  const items = hits.map(({ href, text, kind }) =>
    make('li', {}, make('a', { href }, `${text} `, make('small', {}, kind))));
  found.hidden = !wanted;
  found.replaceChildren(...hits.length ? items : [make('li', {}, 'Nothing of that name.')]);
}
search.addEventListener('input', find);
search.addEventListener('keydown', e => {
  if (e.key === 'Enter') $('a', found)?.click();
  if (e.key !== 'Escape') return;
  search.value = '';
  find();
});
addEventListener('keydown', e => {
  if (e.key === 'Escape') hide();
  if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.closest('input, textarea, [contenteditable]')) return;
  e.preventDefault();
  if (innerWidth < WIDE) $('#contents').showPopover();
  search.focus();
});

// ---- chunks: their text as in nn.nw, with what they use, and unfolded in place
$('#s0\\.2').before(make('p', {}, 'In this page a chunk has the number that it has in the PDF. ▸ unfolds another chunk in place, ',
  'a name in code shows where it is defined, and each chunk can be copied; a file can be seen whole. '
  + 'Where a chunk is used stands in the margin, or below it where there is none.'));
const chunkOf = link => target(link)?.closest('.chunk');

// all chunks of the same name
function parts(chunk) {
  const all = [];
  const stem = $('.head', chunk).id;
  for (let head = $('.head', chunk), n = 2; head; head = document.getElementById(`${stem}:${n++}`))
    all.push(head.closest('.chunk'));
  return all;
}
function foldAll(root) {
  for (const box of $$('.unfolded', root)) box.replaceWith('line' in box.dataset ? '\n' : '');
}
// use(link, column): what stands for the use of another chunk; written(line): as it is written otherwise
function source(chunk, use, written = line => line) {
  const copy = $('pre', chunk).cloneNode(true);
  foldAll(copy);
  for (const tag of $$('a.tag', copy)) {
    tag.previousSibling.remove();
    tag.remove();
  }
  const uses = $$('a.use', copy);
  uses.forEach((link, k) => link.replaceWith(`\u0001${k}\u0001`));
  const text = '\n'.repeat(chunk.dataset.gap ?? 0) + copy.textContent.replace(/\n+$/, '');
  const expanded = line => written(line).replace(/\u0001(\d+)\u0001/g, (_, k, column) => use(uses[k], column));
  return text.split('\n').map(expanded).join('\n');
}
// a line of C with both << and >> would be read as a use
const escaped = line => /<<.*>>|>>.*<</.test(line) ? line.replace(/<<|>>/g, '@$&') : line;
const nameOf = link => link.dataset.name ?? link.textContent.slice(1, -1);
const woven = chunk => source(chunk, link => `<<${nameOf(link)}>>`, escaped);

// with all that is used put in, each line as far in as its use is
function whole(chunk) {
  const indented = (text, column) => text.replace(/\n(?=.)/g, '\n' + ' '.repeat(column));
  const use = (link, column) => indented(whole(chunkOf(link)), column);
  return parts(chunk).map(part => source(part, use)).join('\n');
}
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'copied';
  } catch {
    button.textContent = 'cannot copy here';
  }
  setTimeout(() => { button.textContent = 'copy'; }, 1500);
}
function toggle(button, chunk) {
  const shown = $('.assembled', chunk);
  if (shown) shown.remove();
  else chunk.append(make('pre', { className: 'assembled', tabIndex: 0 }, whole(chunk) + '\n'));
  $('pre', chunk).hidden = !shown;
  button.textContent = shown ? 'whole file' : 'as chunks';
  button.setAttribute('aria-expanded', String(!shown));
}
for (const head of $$('.chunk > .head')) {
  const chunk = head.parentElement;
  chunk.role = 'group';
  chunk.ariaLabel = $('.name', head).textContent;
  const copyIt = make('button', { type: 'button' }, 'copy');
  copyIt.onclick = () => copy(copyIt, $('.assembled', chunk)?.textContent ?? woven(chunk));
  $('.n', head).before(copyIt);
  if (!/^file:[^:]*$/.test(head.id)) continue; // a further part of a file
  const all = make('button', { type: 'button', ariaExpanded: 'false' }, 'whole file');
  all.onclick = () => toggle(all, chunk);
  copyIt.before(all);
}

const asButtons = links =>
  links.forEach(link => Object.assign(link, { role: 'button', ariaExpanded: 'false' }));
asButtons($$('a.use, a.answer, a.test'));

function fold(link) {
  const { rest } = link.unfolded;
  if (rest) rest.data = '\n' + rest.data;
  link.unfolded.remove();
}
function unfold(link) {
  const open = link.getAttribute('aria-expanded') === 'true';
  link.setAttribute('aria-expanded', String(!open));
  if (open) return fold(link);
  const box = make('span', { className: 'unfolded' });
  for (const part of parts(chunkOf(link))) {
    const code = $('pre code', part).cloneNode(true);
    foldAll(code);
    box.append(...code.childNodes);
    const last = box.lastElementChild;
    if (!box.textContent.endsWith('\n')) (last === box.lastChild && last?.matches('.w') ? last : box).append('\n');
  }
  asButtons($$('a.use', box));
  const before = link.previousSibling;
  const indent = before?.tagName === 'I' ? before.getBoundingClientRect().width : 0;
  box.style.setProperty('--indent', `${indent}px`);
  link.unfolded = box;
  link.nextElementSibling.after(box); // its tag
  const after = box.nextSibling; // the line ends before the box, not behind it
  if (after?.nodeType !== Node.TEXT_NODE || !after.data.startsWith('\n')) return;
  after.data = after.data.slice(1);
  box.rest = after;
  box.dataset.line = '';
}
document.addEventListener('keydown', e => {
  if (e.key !== ' ' || !e.target.matches?.('a[role=button]')) return;
  e.preventDefault();
  e.target.click();
});

// ---- answers and tests, where they are asked for
function inPlace(link, what) {
  const host = link.closest('.ex, .proved') ?? link.closest('p');
  const old = host.peeked;
  if (old) {
    old.remove();
    host.peeked = null;
    $$('[aria-expanded]', host).forEach(e => e.setAttribute('aria-expanded', 'false'));
    if (old.of === what) return;
  }
  const box = make('div', { className: 'peeked' }, ...what.cloneNode(true).childNodes);
  box.of = what;
  $$('[id]', box).forEach(e => e.removeAttribute('id'));
  $$('.link, .back a, button', box).forEach(e => e.remove());
  link.setAttribute('aria-expanded', 'true');
  host.peeked = box;
  if (host.tagName === 'P') host.after(box);
  else host.append(box);
}
function open(place) {
  for (let fold = place?.closest('details'); fold; fold = fold.parentElement.closest('details'))
    fold.open = true;
}
const IDENTIFIER = 'code a:not([class])';
document.addEventListener('click', e => {
  const link = e.target.closest?.('a');
  if (!link?.hash || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const touched = link.matches(IDENTIFIER) && matchMedia('(hover: none)').matches && peek.of !== link;
  if (link.matches('a.use')) unfold(link);
  else if (link.matches('a.answer, a.test')) inPlace(link, target(link));
  else if (touched) show(link);
  else {
    history.replaceState({ y: scrollY }, ''); // where back leads
    return open(target(link));
  }
  e.preventDefault();
});
addEventListener('hashchange', () => open(target(location)));
addEventListener('popstate', ({ state }) => state && requestAnimationFrame(() => scrollTo(0, state.y)));
addEventListener('beforeprint', () => {
  for (const folded of $$('main details')) folded.open = true;
});

// ---- an identifier shows its definition
const peek = make('div', { id: 'peek', hidden: true, role: 'status' });
document.body.append(peek);

const DEFINITION_LINES = 14; // at most
function definition(chunk, name) {
  const lines = woven(chunk).split('\n');
  const word = `\\b${name}\\b`;
  const forms = `^[^ ].*\\b${name}\\(|^\\}.*\\b${name};|(define|enum|typedef|struct)\\b.*${word}`;
  const lineWith = pattern => lines.findIndex(line => new RegExp(pattern).test(line));
  const defined = lineWith(forms);
  let from = defined < 0 ? lineWith(word) : defined;
  if (from < 0) return '';
  let to = from;
  while (from > 0 && /^[ }]/.test(lines[from])) from--; // where it begins, of which this is a member or the end
  const ends = lines[from][0] === '#' ? /[^\\]$/
    : /^[^()]*\{\s*(\/\*.*)?$/.test(lines[from]) ? /^\}/
    : /[;{}]\s*(\/\*.*)?$/;
  while (to + 1 < lines.length && !ends.test(lines[to])) to++;
  // with the comment before it
  let comment = from - 1;
  if (/^( |\/\*).*\*\/\s*$/.test(lines[comment])) {
    while (comment > 0 && lines[comment][0] === ' ') comment--;
    if (lines[comment].startsWith('/*')) from = comment;
  }
  const shown = lines.slice(from, Math.min(to + 1, from + DEFINITION_LINES)).join('\n');
  return shown.replace(/\s*\{$/, '').replace(/(\S) {3,}/g, '$1  ');
}
function show(link) {
  const chunk = chunkOf(link);
  const text = chunk && definition(chunk, link.textContent);
  if (!text) return;
  const where = make('p', {}, 'defined in ', make('a', { href: link.hash }, chunk.id));
  peek.of = link;
  peek.replaceChildren(where, make('pre', {}, text));
  peek.hidden = false;
  const top = Math.min(link.getBoundingClientRect().top - 30, innerHeight - peek.offsetHeight - 8);
  if (innerWidth >= WIDE) peek.style.top = `${top + scrollY}px`;
}
function hide() {
  if (peek.hidden || peek.matches(':hover')) return;
  peek.hidden = true;
  peek.of = null;
}
let soon;
document.addEventListener('pointerover', e => {
  if (e.pointerType === 'touch') return;
  const link = e.target.closest?.(IDENTIFIER);
  clearTimeout(soon);
  soon = setTimeout(() => {
    if (link && !peek.contains(link)) show(link);
    else if (!peek.contains(e.target)) hide();
  }, link ? 120 : 300);
});
document.addEventListener('focusin', e => {
  if (e.target.matches(`${IDENTIFIER}:focus-visible`)) show(e.target);
  else if (!peek.contains(e.target)) hide();
});

// ---- what is too wide
const fitAll = () => fit(document, '.scroll, pre:not(.assembled), blockquote');
for (const figure of $$('figure.figure')) {
  const zoom = make('button', { type: 'button', className: 'zoom' }, 'larger');
  zoom.onclick = () => {
    const large = figure.classList.toggle('large');
    zoom.textContent = large ? 'smaller' : 'larger';
    $('.picture', figure).tabIndex = large ? 0 : -1;
  };
  figure.append(zoom);
}
let width = 0;
function onResize() {
  if (innerWidth === width) return;
  width = innerWidth;
  fitAll();
}
new ResizeObserver(onResize).observe(document.documentElement);
document.fonts.ready.then(fitAll);
open(target(location));
follow();
