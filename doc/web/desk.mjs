// desk.mjs: the desk, which is the page in which the challenges are solved: the parts with an editor, what is
// said of the code in it, hints, and the headers at hand.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { Decoration, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { judgePart, SECONDS } from './desk-board.mjs';
import { chunksOf, codesIn, tangle, title, withCodes } from './desk-nw.mjs';
import { fit, make } from './dom.mjs';
import { handOver, through } from './live-panel.mjs';
import { Remote } from './remote.mjs';

const $ = id => document.getElementById(id);
const reveal = e => e?.scrollIntoView({ block: 'nearest' });
const FULL = 'This browser keeps no more of your work: save nn.nw before you leave.';
const notice = text => $('notice').replaceChildren(text || isUnkept() && FULL || '');
// what can't be done just now keeps the focus
const off = (id, is) => $(id).setAttribute('aria-disabled', is);
const isOff = id => $(id).disabled || $(id).ariaDisabled === 'true';
const classOf = state => state?.replaceAll(' ', '-') ?? '';

// -- files and workers; single has them, where the page is one file
const single = globalThis.SINGLE;
async function file(name) {
  const answer = await fetch(single ? `data:application/octet-stream;base64,${single[name]}` : name);
  if (!answer.ok) throw Error(`${name} isn't there`);
  const unpacked = async () => through(await answer.blob(), new DecompressionStream('gzip'));
  return new Uint8Array(await (single ? unpacked() : answer.arrayBuffer()));
}
const words = async name => new TextDecoder().decode(await file(name));
function begun(first, news) {
  const script = () => URL.createObjectURL(new Blob([single.worker], { type: 'text/javascript' }));
  const remote = new Remote(single ? script() : 'desk-worker.js', news);
  remote.ready = remote.ask('start', ...first);
  return remote;
}

// -- what the browser keeps: code, and what was judged of which code, part by part
const unkept = {}; // until the page is left: what there was no room for
const isUnkept = () => Object.keys(unkept).length > 0;
const kept = {
  get(what, part) {
    const key = `nn ${what} ${part}`;
    try {
      return key in unkept ? unkept[key] : JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(what, part, value) {
    const key = `nn ${what} ${part}`;
    delete unkept[key];
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      unkept[key] = value;
      notice(''); // which says that
    }
  },
};
let desk; // lines and parts of nn.nw
let tables;
let book;
let stubs;
let ask;
let compiler;
let part; // that is shown
let editor;
let running = false;
const codeOf = p => kept.get('code', p.name) ?? stubs[p.name];
const codes = () => Object.fromEntries(desk.parts.map(p => [p.name, codeOf(p)]));
const withWork = () => withCodes(desk.lines, desk.parts, codes());
function verdictOn(p) {
  const verdict = kept.get('verdict', p.name);
  if (verdict?.code === codeOf(p)) return verdict;
  return { state: codeOf(p) === stubs[p.name] ? 'not begun' : 'not run' };
}
const isDone = p => verdictOn(p).state === 'done';

// other code in the place of this; what was there is kept, and can be taken back: the last first, and so round
const PAST = 9;
const past = name => kept.get('past', name) ?? [];
function replace(changed, place = 0) {
  for (const [name, code] of Object.entries(changed)) {
    const now = codeOf({ name });
    const others = past(name).filter(old => old !== now && old !== code);
    if (now !== stubs[name]) others.splice(place, 0, now);
    kept.set('past', name, others.slice(0, PAST));
    kept.set('code', name, code);
  }
  show();
}
function tell(sentence) { // beside the code
  $('next').replaceChildren(sentence);
  reveal($('next'));
}
function reset() {
  const { name } = part;
  if (isOff('reset')) return;
  replace({ [name]: stubs[name] });
  tell(`The stub of ${name} is back; Take back has what was there.`);
}
function takeBack() {
  const { name } = part;
  if (isOff('back')) return;
  replace({ [name]: past(name)[0] }, PAST);
  tell('What was there before is back.');
}

// -- code: a line that is too long goes on below, a little farther in than it begins, and breaks in no arrow
const hanging = line => `--in: ${/^ */.exec(line)[0].length + 2}ch`;
const unbroken = text =>
  text.split(/(->)/).map((piece, i) => i % 2 ? make('span', { className: 'nb' }, piece) : piece);
const listed = code =>
  code.split('\n').map(line =>
    make('span', { className: 'line', style: hanging(line) }, ...unbroken(line), '\n'));
const lineByLine = EditorView.decorations.compute(['doc'], ({ doc }) => {
  const marks = Array.from({ length: doc.lines }, (_, i) => doc.line(i + 1)).flatMap(({ from, text }) => [
    Decoration.line({ attributes: { style: hanging(text) } }).range(from),
    ...Array.from(text.matchAll(/->/g), ({ index }) =>
      Decoration.mark({ class: 'nb' }).range(from + index, from + index + 2)),
  ]);
  return Decoration.set(marks);
});

// -- the editor
const LEAVE = 10000; // ms after Esc in which Tab leaves it
function leaves(view) { // whatever else Esc does
  view.setTabFocusMode(LEAVE);
}
const stateOf = code =>
  EditorState.create({
    doc: code,
    extensions: [
      lineNumbers(),
      EditorView.lineWrapping,
      EditorView.scrollMargins.of(() => ({ bottom: 60 })), // for the bar that stays below, on a telephone
      lineByLine,
      history(),
      highlightActiveLine(),
      bracketMatching(),
      indentOnInput(),
      keymap.of([{ key: 'Escape', run: leaves }, { key: 'F8', run: nextDiagnostic }, indentWithTab, ...defaultKeymap, ...historyKeymap]),
      cpp(),
      indentUnit.of('    '),
      syntaxHighlighting(classHighlighter),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': `your code for ${title(part)}` }),
      EditorView.updateListener.of(update => {
        if (!update.docChanged) return;
        kept.set('code', part.name, update.state.doc.toString());
        board();
      }),
    ],
  });
// the function around the chunk: what of it is above, and what below
function around(p) {
  const call = `<<${title(p)}>>`;
  const all = [...chunksOf(desk.lines).values()].flat();
  const code = all.find(chunk => chunk.code.some(line => line.includes(call)))?.code ?? [];
  const at = code.findIndex(line => line.includes(call));
  const head = code.slice(0, at).findLastIndex(line => /^\w.*\(/.test(line));
  const end = code.findIndex((line, i) => i > at && line[0] === '}');
  const shown = lines => lines.map(line => line.replace(/^( *)<<.*: (.*)>>$/, '$1/* $2 */')).join('\n');
  return [shown(code.slice(Math.max(head, 0), at)), shown(code.slice(at + 1, end + 1))];
}

// -- the parts, and how they stand
const linkTo = p =>
  make('a', { href: `#${p.name}` }, make('b', {}, p.name), ' ', make('span', {}, p.title), ' ', make('i'));
function board() { // the links stay, and with them the focus
  const sum = parts => parts.reduce((points, p) => points + p.points, 0);
  desk.parts.forEach((p, i) => {
    const link = $('parts').children[i];
    const { state } = verdictOn(p);
    Object.assign(link, { className: classOf(state), ariaCurrent: p === part ? 'page' : null });
    link.lastChild.textContent = state;
  });
  off('reset', codeOf(part) === stubs[part.name]);
  off('back', !past(part.name).length);
  $('points').textContent = `${sum(desk.parts.filter(isDone))} of ${sum(desk.parts)} points`;
}

// -- from the book: the box that a place is in, to stand here
function fromBook(id) {
  const box = book.getElementById(id)?.closest('.ex, .eq').cloneNode(true);
  if (!box) return make('p', {}, 'See section 14 of the book.');
  for (const e of box.querySelectorAll('.run, .run + .n')) e.remove();
  for (const e of [box, ...box.querySelectorAll('[id]')]) e.removeAttribute('id');
  for (const a of box.querySelectorAll('a'))
    if (single) a.replaceWith(...a.childNodes);
    else a.href = `index.html${a.getAttribute('href')}`;
  return box;
}
function text(p) {
  const own = fromBook(`part-${p.name}`);
  const labels = new Set(own.innerHTML.match(/(?<=#)eq:[\w-]+/g));
  const further = make('a', { href: `index.html#part-${p.name}` }, 'Read on in the book');
  return [own, ...Array.from(labels, fromBook), ...single ? [] : [further]];
}
// where the book answers the part; a handout and the page in one file have no answers
function answerInBook(words) {
  const named = `⟨${title(part, 'answer')}⟩`;
  const names = [...book.querySelectorAll('.solved .name')];
  const chunk = names.find(name => name.textContent.startsWith(named))?.closest('.chunk');
  return chunk && make('a', { href: `index.html#${chunk.id}` }, words);
}

// -- what is said of the code
const FEW = 12; // lines of numbers that are shown at once
const LINES = 50; // of what was printed
const COLUMNS = 72; // of a line in the book
const KEPT = 60000; // bytes: what is printed is kept up to 64 kB

// a line that's too long; and after a part that is done: the book's answer, the next part, and the figure
// that runs with all of its challenge
function next({ state }) {
  const wide = codeOf(part).split('\n').findIndex(line => line.length > COLUMNS) + 1;
  const say = (...pieces) => $('next').append(...pieces);
  const link = (href, text) => make('a', { href }, text);
  $('next').replaceChildren();
  if (wide) say(`Line ${wide} has more than ${COLUMNS} columns, and runs off the book's page. `);
  if (state !== 'done') return;
  const answer = answerInBook("the book's answer");
  if (answer) say('Compare it with ', answer, '. ');
  const open = desk.parts.filter(p => !isDone(p));
  const following = open.find(p => desk.parts.indexOf(p) > desk.parts.indexOf(part)) ?? open[0];
  if (!following) say('All parts are done. ');
  else say('Next: ', link(`#${following.name}`, `${following.name}: ${following.title}`), '. ');
  const { module } = part;
  if (single || !inFigures(module) || open.some(p => p.module === module)) return;
  const figure = module === 'softmax' ? 'digits' : module;
  say('Your code runs in the book, too: ', link(`index.html#fig:${figure}`, 'see its figure'), '.');
}

const STATES = { done: 'is done.', 'not begun': 'is not begun', wrong: 'is wrong',
  'does not compile': "isn't compiled" };
function sentenceOf({ state, message = '' }) {
  if (!STATES[state]) return message;
  const end = state === 'not begun' ? '.' : '';
  return `${part.name} ${STATES[state]}${message ? `: ${message}` : end}`;
}
let unfolded = false;
// lines in message, details and notes are nn.nw's with this code in it; here they are those of the editor
function say({ state, message, details, printed, where = 'in all cases', notes = [] }) {
  const { head } = chunksOf(withWork()).get(title(part))[0];
  const count = codeOf(part).split('\n').length;
  const inside = n => n > head && n <= head + count;
  const own = text => text?.replace(/nn\.nw:(\d+)/g,
    (at, n) => inside(n) ? `Line ${n - head}` : `Outside of your code, ${at}`);
  const said = sentenceOf({ state, message: own(message) });
  $('said').className = classOf(state);
  $('said').textContent = said;
  next({ state });
  $('numbers').hidden = !details;
  $('numbers').open = unfolded || !details || details.split('\n').length <= FEW;
  $('sort').textContent = state === 'does not compile' ? 'What the compiler says' : 'The numbers';
  $('details').textContent = own(details) ?? '';
  $('printed').hidden = !printed;
  $('printed').firstElementChild.textContent = `Your code printed, ${where}`;
  $('printed').lastElementChild.textContent = printed ?? '';
  const line = +message?.match(/nn\.nw:(\d+)$/)?.[1];
  const all = state === 'wrong' ? [...notes, { line, severity: 'error', message: said }] : notes;
  mark(all.filter(note => inside(note.line)), head);
}
function mark(notes, head) {
  const { doc } = editor.state;
  const diagnostics = notes.map(({ line, column = 1, severity, message }) => {
    const { from, to, text } = doc.line(Math.min(line - head, doc.lines));
    const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, column - 1)); // it counts bytes
    return { from: Math.min(from + before.length, to), to, severity, message };
  });
  editor.dispatch(setDiagnostics(editor.state, diagnostics));
}
function firstLines(printed) {
  const lines = printed.trimEnd().split('\n');
  const more = lines.length - LINES;
  if (more <= 0) return printed;
  return [...lines.slice(0, LINES), `and ${printed.length > KEPT ? 'at least ' : ''}${more} more`].join('\n');
}

// -- hints, one after the other
const hintsRead = () => kept.get('hints', part.name) ?? 0;
// C in a sentence: a call of AT, a member, an entry
const C = /(AT\(.*?\)|\b[a-z]\w*(?:(?:->|\.)\w+)+(?:\[\w+\])?)/i;
function paragraph(text) {
  if (/\S {3}|^\s*\w+ = .*\)$/.test(text)) return make('p', { className: 'columns', tabIndex: 0 }, ...unbroken(text));
  return make('p', {}, ...text.split(C).map((piece, i) => i % 2 ? make('code', { className: 'nb' }, piece) : piece));
}
function hint(text, heading) {
  const numbered = text.replace(/\{(eq:.*?)\}/g,
    (_, label) => `equation (${tables.numbers[label] ?? label})`);
  const equations = Array.from(text.matchAll(/\{(eq:.*?)\}/g), ([, label]) => fromBook(label));
  return [make('h3', {}, heading), ...numbered.trim().split('\n\n').map(paragraph), ...equations];
}
function hints() {
  const all = tables.hints[part.name] ?? [];
  const shown = all.slice(0, hintsRead());
  $('hints').replaceChildren(...shown.flatMap((text, i) => hint(text, `Hint ${i + 1} of ${all.length}`)));
  const answer = shown.length > 0 && shown.length === all.length && answerInBook('the answer');
  if (answer) $('hints').append(make('p', {}, 'These are all. If they don\'t help, the book has ', answer, '.'));
  fit($('hints'));
  off('hint', shown.length === all.length);
}
function nextHint() {
  if (!isOff('hint')) kept.set('hints', part.name, hintsRead() + 1);
  hints();
  reveal([...$('hints').querySelectorAll('h3')].at(-1));
}

// -- one part
const NARROW = 1100; // up to so many pixels what is at hand stands below, as in desk.css
function header(name, open) { // what stands in columns, or far in, takes more room than there is beside the text
  const own = tables.headers[`${name}.h`].replace(/^\/\*[^]*?\*\/\s*#ifndef .*\n#define .*\n|#endif\s*$/g, '');
  const text = own.trim().replace(/(\S) {3,}/g, '$1  ').replace(/^ {9,}/gm, ' '.repeat(8));
  return make('details', { open }, make('summary', {}, `${name}.h`),
    make('pre', {}, ...listed(text)));
}
function show() {
  const [before, after] = around(part);
  const name = part.title[0].toUpperCase() + part.title.slice(1);
  const worth = `${part.points} point${part.points > 1 ? 's' : ''}, about ${part.minutes} minutes`;
  document.title = title(part);
  $('title').replaceChildren(`${part.name} ${name} `, make('small', {}, worth));
  $('text').replaceChildren(...text(part));
  fit($('text'));
  $('before').replaceChildren(...listed(before));
  $('after').replaceChildren(...listed(after));
  const first = part.module === 'optimizers' ? ['train'] : []; // has the structure that they step with
  $('headers').replaceChildren(...[...first, part.module, 'layer', 'matrix'].map((name, i) => header(name, !i && innerWidth > NARROW)));
  editor.setState(stateOf(codeOf(part)));
  board();
  say(verdictOn(part));
  hints();
}
function choose() {
  const asked = desk.parts.find(p => `#${p.name}` === location.hash);
  const chosen = asked ?? desk.parts.find(p => !isDone(p)) ?? desk.parts[0];
  const moved = part && part !== chosen;
  part = chosen;
  show();
  if (!moved) return;
  notice('');
  $('title').focus({ preventScroll: true });
  scrollTo(0, 0);
}

// -- a run
async function run(p, whenDone = handOn) {
  if (running || isOff('run')) return;
  const { dataset } = document.body;
  const began = performance.now();
  running = true;
  notice('');
  for (const button of ['run', 'all']) off(button, true);
  say({ message: `${p.name} ${compiler.loaded ? 'is being compiled' : 'waits for the compiler'}` });
  reveal($('said'));
  try {
    await compiler.ready;
    const all = codes(); // which may change while they are judged
    const verdict = await judgePart(desk, ask, p, all);
    verdict.printed = firstLines(verdict.printed);
    kept.set('verdict', p.name, { ...verdict, code: all[p.name] });
    board();
    const changed = { message: `${p.name} was changed while it was judged: run it again.` };
    say(p !== part ? verdictOn(part) : codeOf(p) === all[p.name] ? verdict : changed);
    reveal($('said'));
    if (verdict.state === 'done') whenDone(p.module);
  } catch (e) {
    say({ message: compiler.loaded ? `The page can't judge this code (${e.message}); make challenges can.` : lacking(e) });
  }
  running = false;
  for (const button of ['run', 'all']) off(button, false);
  dataset.took = Math.round(performance.now() - began);
  dataset.runs = +(dataset.runs ?? 0) + 1;
}
async function runAll() {
  const modules = new Set();
  for (const p of desk.parts) if (codeOf(p) !== stubs[p.name]) await run(p, module => modules.add(module));
  modules.forEach(handOn);
}

// The book's figures run with what is solved: the module, with those of its parts that are done, compiled
// as theirs is.
let figures;
const inFigures = module => tables.live.objects.some(([object]) => object === `${module}.o`);
async function handOn(module) {
  if (single || !inFigures(module)) return;
  const done = desk.parts.filter(p => p.module === module && isDone(p));
  const solved = Object.fromEntries(done.map(p => [p.name, codeOf(p)]));
  try {
    const source = tangle(chunksOf(withCodes(desk.lines, desk.parts, solved)), `[[${module}.c]]`);
    figures ??= await file('live.bin');
    const { wasm, said } = await compiler.ask('live', module, source, figures);
    if (!wasm) throw Error(said);
    await handOver(module, wasm);
  } catch (e) {
    notice(`The figures of the book can't have your code: ${e.message}`);
  }
  document.body.dataset.handed = module;
}

// -- to a file and back
function save() {
  const href = URL.createObjectURL(new Blob([withWork().join('\n')]));
  make('a', { download: 'nn.nw', href }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
async function load() {
  const [given] = $('file').files;
  if (!given) return;
  const lines = (await given.text()).split(/\r\n?|\n/);
  const found = codesIn(lines, desk.parts, desk.lines);
  $('file').value = '';
  if (!Object.keys(found).length)
    return notice(`${given.name} isn't a copy of nn.nw: it has none of the challenges.`);
  const chunks = chunksOf(lines);
  const twice = desk.parts.find(p => chunks.get(title(p))?.length > 1);
  if (twice) return notice(`${given.name} has the chunk of ${twice.name} twice; delete one of them, and load it again.`);
  const open = desk.parts.find(p => chunks.get(title(p))?.some(chunk => !chunk.ended));
  if (open)
    return notice(`${given.name}: the chunk of ${open.name} has no end; write an @ on a line of its own after its last`
      + ' line, and load it again.');
  const lost = desk.parts.map(p => p.name).filter(name => !(name in found)).join(', ');
  const lacks = lost ? ` It has no chunk of ${lost}.` : '';
  const mine = codes();
  const other = Object.fromEntries(Object.entries(found).filter(([name, code]) => code !== mine[name]));
  const names = Object.keys(other).join(', ');
  if (!names) return notice(`${given.name} has no other code in the challenges than what is here.${lacks}`);
  replace(other);
  notice(`${names}: the code of ${given.name} is here now; Take back has what was there. Of the rest of the`
    + ` file nothing is taken: these chunks are all that is marked.${lacks}`);
}

const lacking = e =>
  `The compiler can't be started here (${e.message}): it needs up to 500 MB of memory, and a network when it is first `
  + 'loaded. Load the page again to try again; the book reads without it, and make challenges needs none of it.';

// -- the compiler: so much of it is loaded, that a page without it is of use first
async function fetchCompiler(objects) {
  const inside = async () =>
    Object.fromEntries(await Promise.all(tables.compiler.map(async ([name]) => [name, await file(name)])));
  const files = single ? await inside() : new URL('.', location.href).href;
  const warmUp = (source = '') => compiler.ask('build', part.module, source);
  $('loading').hidden = false;
  $('progress').max = tables.compiler.reduce((sum, [, bytes]) => sum + bytes, 0);
  compiler = begun([tables, objects, null, files], loaded => {
    $('progress').value = loaded;
  });
  compiler.ready = compiler.ready.then(() => warmUp()).then(() => {
    compiler.loaded = true;
  });
  // what runs often is made fast by the browser: while nobody waits, stubs are compiled as answers will be
  compiler.ready.then(async () => {
    const stub = tangle(chunksOf(desk.lines), `[[${part.module}.c]]`);
    for (let turns = 0; turns < 3 && !running; turns++) await warmUp(stub);
  }).catch(() => {});
  compiler.ready.catch(e => notice(lacking(e))).finally(() => {
    $('loading').hidden = true;
  });
}
// what takes longer than it may is ended with its worker, and another takes its place
function runnerOf(first) {
  const stopped = `fault  0does not come to an end: stopped after ${SECONDS} seconds`;
  const late = { sent: new TextEncoder().encode(stopped), printed: '', report: '', stack: '' };
  let runner = begun(first);
  const execute = (...code) =>
    new Promise((good, bad) => {
      const clock = setTimeout(() => {
        runner.stop();
        runner = begun(first);
        good(late);
      }, 1000 * SECONDS);
      runner.ask('execute', ...code).then(good, bad).finally(() => clearTimeout(clock));
    });
  const numbers = name => runner.ask('numbers', name);
  const judge = (...what) => runner.ask('judge', ...what);
  return { execute, numbers, judge };
}

// -- the beginning
// all is kept for a time without a network, but later than the first message, which needs the processor, too
const LATER = 10000; // ms
async function keepAll() {
  const { serviceWorker: workers } = navigator;
  if (single || !workers) return;
  await compiler.ready.catch(() => {});
  await new Promise(done => setTimeout(done, LATER));
  await workers.register('sw.js');
  (await workers.ready).active.postMessage('keep');
}
function whatButtonsDo() {
  const onclick = {
    run: () => run(part),
    all: runAll,
    hint: nextHint,
    reset,
    back: takeBack,
    save,
    load: () => $('file').click(),
    sort() {
      unfolded = !$('numbers').open;
    },
    skip(e) {
      e.preventDefault();
      $('title').focus();
    },
  };
  for (const [id, act] of Object.entries(onclick)) $(id).onclick = act;
  $('file').onchange = load;
  // another tab, or this one before it was left for another page
  addEventListener('storage', ({ key }) => key === `nn code ${part.name}` ? show() : board());
  onpageshow = ({ persisted }) => persisted && show();
  addEventListener('beforeunload', e => isUnkept() && e.preventDefault());
  addEventListener('keydown', e => {
    if (e.key !== 'Enter' || !e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    e.stopPropagation();
    run(part);
  }, true);
}
async function begin() {
  if (typeof WebAssembly !== 'object')
    throw Error('this browser has no WebAssembly, by which C is compiled in a page');
  const [table, nw, html, objects, judge] = await Promise.all([
    words('tables.json'), words('nn.nw'), words('index.html'), file('objects.bin'), file('board.wasm'),
  ]);
  tables = JSON.parse(table);
  book = new DOMParser().parseFromString(html, 'text/html');
  desk = { lines: nw.split('\n'), parts: tables.parts };
  const chunks = chunksOf(desk.lines);
  stubs = Object.fromEntries(desk.parts.map(p => [p.name, chunks.get(title(p))[0].code.join('\n')]));
  editor = new EditorView({ parent: $('editor') });
  $('parts').append(...desk.parts.map(linkTo));
  choose();
  onhashchange = choose;
  onresize = () => fit();
  ask = {
    ...runnerOf([tables, objects, judge, '']),
    build: (...what) => compiler.ask('build', ...what),
    linesOn: (...what) => compiler.ask('linesOn', ...what),
  };
  whatButtonsDo();
  await fetchCompiler(objects);
  keepAll().catch(() => {});
  $('run').disabled = $('all').disabled = false;
}
begin().catch(e => notice(`The challenges can't be solved here: ${e.message}. The book reads without it.`));
