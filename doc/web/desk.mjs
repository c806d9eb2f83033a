// desk.mjs: the desk, which is the page in which the challenges are solved
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { judgePart, SECONDS } from './desk-board.mjs';
import { chunksOf, codesIn, tangle, title, withCodes } from './desk-nw.mjs';
import { fit, make } from './dom.mjs';
import { handOver } from './live-panel.mjs';
import { Remote } from './remote.mjs';

const $ = id => document.getElementById(id);
const single = globalThis.SINGLE; // the files, where the page is one
// what can't be done just now keeps the focus
const off = (id, is) => $(id).setAttribute('aria-disabled', is);
const isOff = id => $(id).disabled || $(id).ariaDisabled === 'true';
const reveal = e => e?.scrollIntoView({ block: 'nearest' });
const notice = (text, ...buttons) => $('notice').replaceChildren(text, ...buttons);

async function file(name) {
  if (!single) {
    const r = await fetch(name);
    if (!r.ok) throw Error(`${name} isn't there`);
    return new Uint8Array(await r.arrayBuffer());
  }
  const packed = await (await fetch('data:application/octet-stream;base64,' + single[name])).blob();
  return new Uint8Array(
    await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
  );
}
const words = async name => new TextDecoder().decode(await file(name));

function begun(first, news) {
  const remote = new Remote(
    single
      ? URL.createObjectURL(new Blob([single.worker], { type: 'text/javascript' }))
      : 'desk-worker.js',
    news,
  );
  remote.ready = remote.ask('start', ...first);
  return remote;
}

// -- what the browser keeps: code, and what was judged of which code, part by part
const kept = {
  get: (what, part) => {
    try {
      return JSON.parse(localStorage.getItem(`nn ${what} ${part}`));
    } catch {
      return null;
    }
  },
  set(what, part, value) {
    try {
      localStorage.setItem(`nn ${what} ${part}`, JSON.stringify(value));
    } catch {
      notice('This browser keeps nothing of this page: save nn.nw before you leave.');
    }
  },
};
let desk;
let tables;
let book;
let stubs;
let ask;
let compiler;
let part;
let editor;
let running = false;
const codeOf = p => kept.get('code', p.name) ?? stubs[p.name];
const codes = () => Object.fromEntries(desk.parts.map(p => [p.name, codeOf(p)]));
const verdictOn = p => {
  const v = kept.get('verdict', p.name);
  return v?.code === codeOf(p)
    ? v
    : codeOf(p) === stubs[p.name]
    ? { state: 'not begun' }
    : { state: 'not run' };
};

// other code in the place of this; what was there can be taken back
function replace(changed, sentence) {
  const before = Object.fromEntries(Object.keys(changed).map(p => [p, kept.get('code', p)]));
  const put = all => {
    for (const p in all) kept.set('code', p, all[p]);
    show();
  };
  put(changed);
  notice(sentence + ' ', make('button', { onclick() {
    put(before);
    notice('It is as it was.');
  } }, 'Take it back'));
}

// -- the editor
const stateOf = code =>
  EditorState.create({ doc: code, extensions: [
    lineNumbers(),
    EditorView.lineWrapping,
    history(),
    highlightActiveLine(),
    bracketMatching(),
    indentOnInput(),
    keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
    cpp(),
    indentUnit.of('    '),
    syntaxHighlighting(classHighlighter),
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': `your code for ${title(part)}` }),
    EditorView.updateListener.of(u => {
      if (u.docChanged) {
        kept.set('code', part.name, u.state.doc.toString());
        board();
      }
    }),
  ] });

// the function around the chunk, from its first line to its last
function around(p) {
  const call = `<<${title(p)}>>`;
  const code =
    [...chunksOf(desk.lines).values()].flat().find(c => c.code.some(l => l.includes(call)))?.code ?? [];
  const at = code.findIndex(l => l.includes(call));
  const head = code.slice(0, at).findLastIndex(l => /^\w.*\(/.test(l));
  const end = code.findIndex((l, i) => i > at && l[0] === '}');
  const shown = lines => lines.map(l => l.replace(/^( *)<<.*: (.*)>>$/, '$1/* $2 */')).join('\n');
  return [shown(code.slice(Math.max(head, 0), at)), shown(code.slice(at + 1, end + 1))];
}

// -- what is shown
function board() {
  const verdicts = desk.parts.map(verdictOn);
  const sum = list => list.reduce((s, p) => s + p.points, 0);
  $('parts').replaceChildren(...desk.parts.map((p, i) => {
    const link = make('a', { href: `#${p.name}`, className: verdicts[i].state.replaceAll(' ', '-') },
      make('b', {}, p.name), ' ', make('span', {}, p.title), ' ', make('i', {}, verdicts[i].state));
    if (p === part) link.setAttribute('aria-current', 'page');
    return link;
  }));
  $('points').textContent = `${sum(desk.parts.filter((_, i) => verdicts[i].state === 'done'))} of ${
    sum(desk.parts)
  } points`;
}

// so many lines of numbers are shown at once, so many of what was printed, and so wide is a line in the book
const FEW = 12;
const LINES = 50;
const COLUMNS = 72;

// where the book answers the part; a handout and the page in one file have no answers
const answerInBook = () =>
  [...book.querySelectorAll('.solved')].find(d =>
    d.firstChild.textContent === `⟨${title(part, 'answer')}⟩`
  )?.querySelector('.chunk');

// a line that's too long; and after a part that is done: the book's answer, the next part, and the figure that runs with all of its challenge
function next({ state }) {
  const open = desk.parts.filter(p => verdictOn(p).state !== 'done');
  const at = desk.parts.indexOf(part);
  const { module } = part;
  const following = open.find(p => desk.parts.indexOf(p) > at) ?? open[0];
  const wide = codeOf(part).split('\n').findIndex(l => l.length > COLUMNS) + 1;
  $('next').replaceChildren();
  if (wide)
    $('next').append(`Line ${wide} has more than ${COLUMNS} columns, and runs off the book's page. `);
  if (state !== 'done') return;
  const solved = answerInBook();
  if (solved)
    $('next').append('Compare it with ',
      make('a', { href: `index.html#${solved.id}` }, "the book's answer"), '. ');
  if (following)
    $('next').append('Next: ',
      make('a', { href: `#${following.name}` }, `${following.name}: ${following.title}`), '. ');
  else $('next').append('All parts are done. ');
  if (single || !inFigures(module) || open.some(p => p.module === module)) return;
  const figure = module === 'softmax' ? 'digits' : module;
  $('next').append('Your code runs in the book, too: ',
    make('a', { href: `index.html#fig:${figure}` }, 'see its figure'), '.');
}

// the box of the book that a place is in, to stand here
function fromBook(id) {
  const box = book.getElementById(id)?.closest('.ex, .eq').cloneNode(true);
  if (!box) return make('p', {}, 'See section 14 of the book.');
  for (const e of box.querySelectorAll('.run, .run + .n')) e.remove();
  for (const e of [box, ...box.querySelectorAll('[id]')]) e.removeAttribute('id');
  for (const e of box.querySelectorAll('.scroll')) e.tabIndex = 0;
  for (const a of box.querySelectorAll('a'))
    if (single) a.replaceWith(...a.childNodes);
    else a.href = `index.html${a.getAttribute('href')}`;
  return box;
}
function text(p) {
  const own = fromBook(`part-${p.name}`);
  const labels = own.innerHTML.match(/(?<=#)eq:[\w-]+/g);
  const further = single
    ? []
    : [make('a', { href: `index.html#part-${p.name}` }, 'Read on in the book')];
  return [own, ...Array.from(new Set(labels), fromBook), ...further];
}

let unfolded = false;
function firstLines(printed) {
  const lines = printed.trimEnd().split('\n');
  const more = lines.length - LINES;
  // what is printed is kept up to 64 kB
  return more > 0
    ? [...lines.slice(0, LINES), `and ${printed.length > 60000 ? 'at least ' : ''}${more} more`].join(
      '\n',
    )
    : printed;
}

// v.message and v.details name lines of nn.nw with this code in it; here they are those of the editor
function say(v) {
  const { head } = chunksOf(withCodes(desk.lines, desk.parts, codes())).get(title(part))[0];
  const lines = codeOf(part).split('\n').length;
  const inside = n => n > head && n <= head + lines;
  const plain = (s = '') =>
    s.replace(/nn\.nw:(\d+)/g, (at, n) =>
      inside(n) ? `Line ${n - head}` : `Outside of your code, ${at}`);
  const words =
    { done: 'is done.', 'not begun': 'is not begun', wrong: 'is wrong',
      'does not compile': "isn't compiled" }[v.state];
  $('said').className = v.state?.replaceAll(' ', '-') ?? '';
  $('said').textContent = words
    ? `${part.name} ${words}${v.message ? ': ' + plain(v.message) : v.state === 'not begun' ? '.' : ''}`
    : v.message ?? '';
  next(v);
  $('numbers').hidden = !v.details;
  $('numbers').open = unfolded || (v.details ?? '').split('\n').length <= FEW;
  $('sort').textContent = v.state === 'does not compile' ? 'What the compiler says' : 'The numbers';
  $('details').textContent = plain(v.details);
  $('printed').hidden = !v.printed;
  $('printed').lastElementChild.textContent = v.printed ?? '';
  const { doc } = editor.state;
  const last = +v.message?.match(/nn\.nw:(\d+)$/)?.[1];
  const notes = [...v.notes ?? [],
    ...v.state === 'wrong' ? [{ line: last, severity: 'error', message: $('said').textContent }] : []];
  editor.dispatch(
    setDiagnostics(editor.state, notes.filter(n =>
      inside(n.line)
    ).map(({ line: n, column = 1, severity, message }) => {
      const line = doc.line(Math.min(n - head, doc.lines));
      return { from: Math.min(line.from + column - 1, line.to), to: line.to, severity, message };
    })),
  );
}

function hints() {
  const all = tables.hints[part.name] ?? [];
  const read = kept.get('hints', part.name) ?? 0;
  const numbered = s =>
    s.replace(/\{(eq:.*?)\}/g, (_, label) => `equation (${tables.numbers[label] ?? label})`);
  $('hints').replaceChildren(
    ...all.slice(0, read).flatMap((h,
      i) => [make('h3', {}, `Hint ${i + 1} of ${all.length}`),
      ...numbered(h).trim().split('\n\n').map(p =>
        make('p', /\S {3}/.test(p) ? { className: 'columns', tabIndex: 0 } : {}, p)
      ), ...[...h.matchAll(/\{(eq:.*?)\}/g)].map(([, label]) => fromBook(label))]
    ),
  );
  fit($('hints'));
  off('hint', read >= all.length);
}

function show() {
  const [before, after] = around(part);
  document.title = title(part);
  const worth = `${part.points} point${part.points > 1 ? 's' : ''}, about ${part.minutes} minutes`;
  const name = part.title[0].toUpperCase() + part.title.slice(1);
  $('title').replaceChildren(`${part.name} ${name} `, make('small', {}, worth));
  $('text').replaceChildren(...text(part));
  fit($('text'));
  $('before').textContent = before;
  $('after').textContent = after;
  const own = [part.module, ...(part.module === 'optimizers' ? ['train'] : [])];
  $('headers').replaceChildren(...[...own, 'layer', 'matrix'].map(m => {
    const header = make('pre', { tabIndex: 0 }, tables.headers[`${m}.h`].trim());
    return make('details', { open: m === part.module }, make('summary', {}, `${m}.h`), header);
  }));
  editor.setState(stateOf(codeOf(part)));
  board();
  say(verdictOn(part));
  hints();
}

function choose() {
  const next = desk.parts.find(p => `#${p.name}` === location.hash) ?? desk.parts.find(p =>
    verdictOn(p).state !== 'done'
  ) ?? desk.parts[0];
  const moved = part && part !== next;
  part = next;
  show();
  if (moved) {
    $('title').focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

// -- a run
async function run(p) {
  if (running || isOff('run')) return;
  running = true;
  for (const button of ['run', 'all']) off(button, true);
  const code = codeOf(p);
  const began = performance.now();
  say({ message: `${p.name} ${compiler.loaded ? 'is compiled ...' : 'waits for the compiler ...'}` });
  reveal($('said'));
  try {
    await compiler.ready;
    const v = await judgePart(desk, ask, p, codes());
    v.printed = firstLines(v.printed);
    kept.set('verdict', p.name, { ...v, code });
    board();
    say(p === part ? v : verdictOn(part));
    reveal($('said'));
    if (v.state === 'done') handOn(p);
  } catch (e) {
    say({ message: `This is a fault of the page, not of your code: ${e.message}` });
  }
  running = false;
  for (const button of ['run', 'all']) off(button, false);
  document.body.dataset.took = Math.round(performance.now() - began);
  document.body.dataset.runs = +(document.body.dataset.runs ?? 0) + 1;
}

// The book's figures run with what is solved: the module, with those of its parts that are done, compiled as theirs is.
let figures;
const inFigures = module => tables.live.objects.some(([object]) => object === `${module}.o`);
async function handOn({ module }) {
  if (single || !inFigures(module)) return;
  const done = desk.parts.filter(p => p.module === module && verdictOn(p).state === 'done');
  const lines = withCodes(desk.lines, desk.parts,
    Object.fromEntries(done.map(p => [p.name, codeOf(p)])));
  try {
    figures ??= await file('live.bin');
    const { wasm, said } = await compiler.ask('live', module,
      tangle(chunksOf(lines), `[[${module}.c]]`), figures);
    if (!wasm) throw Error(said);
    await handOver(module, wasm);
  } catch (e) {
    notice(`The figures of the book can't have your code: ${e.message}`);
  }
  document.body.dataset.handed = module;
}

function save() {
  const link = make('a', { download: 'nn.nw',
    href: URL.createObjectURL(new Blob([withCodes(desk.lines, desk.parts, codes()).join('\n')])) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function load() {
  const [given] = $('file').files;
  const found = given
    ? codesIn((await given.text()).replace(/\r/g, '').split('\n'), desk.parts, desk.lines)
    : {};
  $('file').value = '';
  if (given && !Object.keys(found).length)
    return notice(`${given.name} isn't a copy of nn.nw: it has none of the challenges.`);
  for (const p in found) if (found[p] === (kept.get('code', p) ?? stubs[p])) delete found[p];
  const names = Object.keys(found);
  if (names.length)
    replace(found,
      `${names.join(', ')}: the code of ${given.name} is here now. What else it has isn't taken over.`);
  else if (given) notice(`${given.name} has no other code in the challenges than what is here.`);
}

// -- the compiler: so much of it is loaded, that a page without it is of use first
async function fetchCompiler(objects) {
  const files = single
    ? Object.fromEntries(await Promise.all(tables.compiler.map(async ([f]) => [f, await file(f)])))
    : new URL('.', location.href).href;
  $('loading').hidden = false;
  $('progress').max = tables.compiler.reduce((s, [, n]) => s + n, 0);
  compiler = begun([tables, objects, null, files], loaded => {
    $('progress').value = loaded;
  });
  compiler.ready = compiler.ready.then(() => compiler.ask('build', part.module, '')).then(() => {
    compiler.loaded = true;
    $('loading').hidden = true;
  });
  compiler.ready.catch(e => {
    $('loading').hidden = true;
    notice(
      `The compiler can't be started here, as it may need 500 MB of memory (${e.message}). The book reads without it; make challenges solves them on your own machine.`,
    );
  });
}

async function begin() {
  if (typeof WebAssembly !== 'object')
    throw Error('this browser has no WebAssembly, by which C is compiled in a page');
  // the service worker first, so that what is loaded is kept
  if (!single && navigator.serviceWorker && isSecureContext) {
    navigator.serviceWorker.register('sw.js').catch(() => {});
    await Promise.race([
      navigator.serviceWorker.controller ?? new Promise(done =>
        navigator.serviceWorker.addEventListener('controllerchange', done)
      ),
      new Promise(done => setTimeout(done, 3000)),
    ]);
  }
  const [table, nw, html, objects, judge] = await Promise.all([words('tables.json'), words('nn.nw'),
    words('index.html'), file('objects.bin'), file('board.wasm')]);
  tables = JSON.parse(table);
  book = new DOMParser().parseFromString(html, 'text/html');
  desk = { lines: nw.split('\n'), parts: tables.parts };
  stubs = Object.fromEntries(
    desk.parts.map(p => [p.name, chunksOf(desk.lines).get(title(p))[0].code.join('\n')]),
  );
  editor = new EditorView({ parent: $('editor') });
  choose();
  onhashchange = choose;
  onresize = () => fit();
  const first = [tables, objects, judge, ''];
  const stopped = `fault  0does not come to an end: stopped after ${SECONDS} seconds`;
  const late = { sent: new TextEncoder().encode(stopped), printed: '', report: '', stack: '' };
  let runner = begun(first);
  // what takes longer is ended with its worker, and another takes its place
  const execute = (...code) =>
    new Promise((good, bad) => {
      const clock = setTimeout(() => {
        runner.stop();
        runner = begun(first);
        good(late);
      }, 1000 * SECONDS);
      runner.ask('execute', ...code).then(good, bad).finally(() => clearTimeout(clock));
    });
  ask = { execute, build: (...a) => compiler.ask('build', ...a),
    linesOn: (...a) => compiler.ask('linesOn', ...a), numbers: p => runner.ask('numbers', p),
    judge: (...a) => runner.ask('judge', ...a) };
  $('run').onclick = () => run(part);
  addEventListener('keydown', e => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      e.stopPropagation();
      run(part);
    }
  }, true);
  $('hint').onclick = () => {
    if (!isOff('hint')) kept.set('hints', part.name, (kept.get('hints', part.name) ?? 0) + 1);
    hints();
    reveal([...$('hints').querySelectorAll('h3')].at(-1));
  };
  $('sort').onclick = () => {
    unfolded = !$('numbers').open;
  };
  $('skip').onclick = e => {
    e.preventDefault();
    $('title').focus();
  };
  $('reset').onclick = () =>
    replace({ [part.name]: stubs[part.name] }, `The stub of ${part.name} is back.`);
  $('all').onclick = async () => {
    for (const p of desk.parts) if (codeOf(p) !== stubs[p.name]) await run(p);
  };
  $('save').onclick = save;
  $('load').onclick = () => $('file').click();
  $('file').onchange = load;
  await fetchCompiler(objects);
  $('run').disabled = $('all').disabled = false;
}
begin().catch(e =>
  notice(`The challenges can't be solved here: ${e.message}. The book reads without it.`)
);
