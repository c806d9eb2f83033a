// test-desk.mjs: the workbench of the challenges, in node and in Chromium.
//   node test-desk.mjs SITE          some wrong answers in node, some typed into the page, what the page does
//   node test-desk.mjs SITE FILE     all of them, and all code that goes astray; FILE: what make wrong-answers printed
//   node test-desk.mjs SITE secrets  is any answer in SITE, which was made from a handout?
import axe from 'axe-core';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { read, top } from './build.mjs';
import { tool } from './clang.mjs';
import { judgePart, works } from './desk-board.mjs';
import { chunksOf, codesIn, definition, namesIn, rowsOf, tangle, title, withCodes } from './desk-nw.mjs';
import { module } from './live-build.mjs';
import { begin as lane, RACES } from './live-race.mjs';
import { epochs } from './live-steps.mjs';
import { start, step } from './live-worker.mjs';
import { figure, hear, keys, launch } from './test-browser.mjs';

const [site, native] = process.argv.slice(2);
const served = file => fs.readFileSync(`${site}/${file}`);
const ours = file => read(top + file);
const hasBook = fs.existsSync(`${top}doc/nn.html`);
const PATIENCE = 300000; // what never comes is waited for so long; what has a limit is timed

// -- the workbench without a page
const tables = JSON.parse(served('tables.json'));
const { parts } = tables;
const lines = `${served('nn.nw')}`.split('\n');
const whole = ours('nn.nw').split('\n'); // with the answers
const shown = chunksOf(lines);
const work = works(tool);
work.start(tables, served('objects.bin'), served('board.wasm'));
const judge = (part, codes, of = lines) => judgePart({ lines: of, parts }, work, part, codes);
const partOf = name => parts.find(p => p.name === name);
const filled = codes => withCodes(lines, parts, codes);
const headOf = (part, of = lines) => chunksOf(of).get(title(part))[0].head;

// what a student would type: the answer, and behind it the chunks that it uses and that aren't in what was
// handed out
function typed(p, from = whole) {
  const chunks = chunksOf(from);
  const [first, ...others] = namesIn(title(p, 'answer'), chunks).filter(name => !shown.has(name));
  const own = others.flatMap(name => chunks.get(name).flatMap(({ code }) => definition(name, code)));
  return [...chunks.get(first)[0].code, ...own].join('\n');
}
const answer = name => typed(partOf(name));
const answers = () => Object.fromEntries(parts.map(p => [p.name, typed(p)]));

// as tests/teacher/check.py makes them: an answer with a fault in it
const wrong = rowsOf(ours('tests/teacher/wrong.tsv'));
function mutated([, name, find, replace]) {
  const chunks = chunksOf(whole);
  const key = title(partOf(name), 'answer');
  const all = namesIn(key, chunks).flatMap(used => chunks.get(used) ?? []);
  const { head, code } = all.find(chunk => chunk.code.some(line => line.includes(find)));
  const at = head + code.findIndex(line => line.includes(find));
  const changed = whole.with(at, whole[at].replace(find, () => replace));
  return { part: partOf(name), lines: changed, code: chunksOf(changed).get(key)[0].code.join('\n') };
}

let failed = 0;
function check(what, is, detail = '') {
  failed += !is;
  console.log(`${is ? 'ok  ' : 'FAIL'} ${what}${is ? '' : `\n     ${detail}`}`);
}
const like = (what, said, pattern) => check(what, pattern.test(said), said);
const same = (what, said, wanted) => check(what, said === wanted, `${said}\n     ${wanted}`);
const median = times => times.toSorted((a, b) => a - b)[times.length >> 1];
// limits in time are those of two cores that have nothing else to do, on which a judgement that is warm takes
// USUAL ms; in CI, jobs share the cores, so that what needs both of them takes longer still.  It is measured
// before what has a limit and behind it, as others come and go
const USUAL = 330;
const SHARED = process.env.CI ? 4 : 1;
let slow = SHARED;
async function howSlow() {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await judge(partOf('2b'), { '2b': `AT(dX, 0, 0) = ${i};` });
    times.push(performance.now() - began);
  }
  slow = Math.max(slow, median(times) / USUAL * SHARED);
  console.log(`a judgement takes ${median(times).toFixed()} ms, usually ${USUAL}: limits in time are ${
    slow.toFixed(1)} times as long`);
}

async function wrongAnswers() {
  const NATIVE = /^(\d[a-z]) (.*), [\w-]+\n   \1 -> wrong: (.*)$/gm;
  const told = native && Array.from(read(native).matchAll(NATIVE), found => found[3]);
  const tried = told ? wrong : wrong.filter((_, i) => i % 17 === 0);
  let good = 0;
  if (told) same('one sentence for each wrong answer natively', told.length, wrong.length);
  for (const [i, row] of tried.entries()) {
    const { part, lines, code } = mutated(row);
    const { state, message } = await judge(part, { [part.name]: code }, lines);
    const must = told ? told[i] : { '=': row[0], '-': '' }[row[4]] ?? row[4];
    if (told ? message === must : state === 'wrong' && message.includes(must)) good++;
    else console.log(`${part.name} ${row[0]}\n  here     ${state}: ${message}\n  natively ${must}`);
  }
  check(`${good} of ${tried.length} wrong answers get the native sentence`, good === tried.length);
}

// code that does something else than being wrong: what astray.tsv tries natively, in the same words, unless
// it asks the system for what isn't here; and what only stands or falls here
const HERE = [
  ['1a', 'outside an array', 'double a[3], *volatile p = a;¶p[3] = 1;'],
  ['1a', 'outside an array', 'static double a[3];¶double *volatile p = a;¶p[count] = 1;'],
  ['1a', 'outside an array', 'double a[count], *volatile p = a;¶p[count] = 1;'],
  ['2b', '^does not compile: it opens a \\{', 'for (;;) {¶AT(dX, 0, 0) = 1;'],
  ['2b', 'writes outside dX', '<<a step>>¶@¶¶<<a step>>=¶AT(dX, X.rows, 0) = 1;'],
  ['2b', 'is used here and defined nowhere', '<<a step>>'],
  ['2c', "^wrong: it has a line with #, which isn't graded.*nn.nw:@$", `#define N X.rows¶${answer('2c')}`],
  ['5c', '^wrong: it closes a }', `${answer('5c')}¶}¶void f(void) {`],
  ['5c', '^does not compile: there is a character.*nn.nw:@$', `for\u00a0(;;) break;¶${answer('5c')}`],
  ['5c', '^does not compile: <<challenge 5c: .* is defined twice', `<<challenge 5c: labels to rows>>=¶${answer('5c')}`],
  ['5c', '^does not compile: .* behind the . is text', `${answer('5c')}¶@ and text`],
];
const SYSTEM = /extern (?!int puts).*?(\w+)\(|(__attribute__)/;
// the native check compiles without warnings
function honest(code) {
  if (SYSTEM.test(code)) return "which isn't here|closes a \\}|waits|ends the program|left as it was";
  return /memcpy/.test(code) ? 'undeclared library function' : '(?!)';
}
async function astray() {
  const there = rowsOf(ours('tests/teacher/astray.tsv'));
  const rows = [...native ? there : there.filter((_, i) => i % 4 === 0), ...HERE];
  let good = 0;
  for (const [name, must, code] of rows) {
    const { state, message } = await judge(partOf(name), { [name]: code.replaceAll('¶', '\n') });
    const said = `${state}: ${message}`;
    const native = must.replace('@', headOf(partOf(name)) + 1);
    if (state !== 'done' && RegExp(`${native}|${honest(code)}`, 's').test(said)) good++;
    else console.log(`${name} ${code}\n  here     ${said}\n  expected ${must}`);
  }
  const count = `${good} of ${rows.length}`;
  check(`${count} pieces of code that go astray are told as natively, or have no system here to go astray in`,
    good === rows.length);
  const second = `nn.nw:${headOf(partOf('1b')) + 2}`;
  const odd = await judge(partOf('1b'), { '1b': 'double a = 1;\no->m[0] = a * (1 / count);' });
  check('what is hardly meant is said, with its line',
    odd.details.startsWith(`${second}: 1 / count is a division of integers`), odd.details);
  const said = async code => (await judge(partOf('1b'), { '1b': code })).message;
  same('a bracket that nothing opened has its line', await said('o->m[0] = 0; /*\n*/ }'),
    `it closes a } that it didn't open. ${second}`);
  same('so has one that is not closed, in a block', await said('if (count) {\n    o->m[0] = (1;\n}'),
    `it opens a ( that it doesn't close. ${second}`);
  const fifth = `nn.nw:${headOf(partOf('1b')) + 5}`;
  like("an error in a chunk of one's own has its line", await said('<<a step>>\n@\n\n<<a step>>=\no->m[0] = j;'),
    RegExp(`'j'\\. ${fifth}$`));
  like('a field without its structure is known', await said('o->m[0] = beta;'), /; is o->beta meant\? nn/);
  like('so is the index of a loop that has ended', await said('for (size_t i = 0; i < count; i++);\no->m[i] = 0;'),
    /'i'; it ends with its loop: .* that\. nn/);
}

function inAndOut() {
  const codes = { '2b': 'x\n<<a step>>\n@\n\n<<a step>>=\ny', '1a': answer('1a') };
  const back = codesIn(filled(codes), parts, lines);
  const began = Date.now();
  check("what is saved comes back, with chunks of one's own",
    Object.keys(codes).every(name => back[name] === codes[name]), JSON.stringify(back));
  check('a long line of << is read at once',
    namesIn('x', chunksOf(['<<x>>=', '<'.repeat(4e5)])).length === 1 && Date.now() - began < 1000);
  check('with its own chunks, nn.nw is saved as it was',
    filled(codesIn(lines, parts, lines)).join('\n') === lines.join('\n'));
}

// what is no fault of the student's code, and isn't told as one
async function otherwise() {
  const own = '<<a step>>\n@\n\n<<a step>>=\nparams[i] += 0;';
  const { message } = await judge(partOf('1a'), { '1a': own, '1b': own });
  same('two parts have a chunk of the same name', message,
    'it has a chunk of the same name as one of 1b; give it another.');
  const { wasm } = await work.build('optimizers', tangle(shown, '[[optimizers.c]]'));
  const numbers = work.numbers('1a');
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function() {
    throw RangeError('no memory');
  };
  let said = '';
  try {
    said = new TextDecoder().decode(work.execute(wasm, '1a', numbers).sent);
  } catch (e) {
    said = e.message;
  }
  WebAssembly.Instance = Instance;
  same("a page without memory isn't the code's stack overflow", said, 'no memory');
}

// the answers: in nothing that is served but the book, at whose end they are, folded, as in the PDF
function secrets() {
  const bare = line => line.replace(/\s/g, '');
  const known = bare(lines.join(''));
  const book = native === 'secrets' ? '' : 'index.html';
  const files = fs.readdirSync(site).filter(name => name !== book && !/^llvm|\.br$/.test(name));
  const answers = [...chunksOf(whole)].filter(([name]) => !shown.has(name)).flatMap(([, list]) => list);
  const all = new Set(answers.flatMap(({ code }) => code).map(bare));
  const hidden = [...all].filter(line => line.length >= 16 && !known.includes(line));
  const found = files.flatMap(name => {
    const text = bare(served(name).toString('latin1'));
    return hidden.filter(line => text.includes(line)).map(line => `${name}: ${line}`);
  });
  check(`none of ${hidden.length} lines of the answers is in ${files.length} files`,
    hidden.length > 20 && !found.length, found.slice(0, 3).join('\n     '));
}

// -- what is solved at the desk computes in the book: the same numbers as the same module in node, which
// aren't the answer's
async function lossInNode(codes, lane_, count) {
  const source = tangle(chunksOf(filled(codes)), '[[optimizers.c]]');
  await start(await module({ 'optimizers.c': source }));
  for (const s of lane(lane_)) step(s);
  return step(epochs(count))[1].at(-6);
}
async function race(page, name, codes) {
  const { lanes, each } = RACES[name];
  const { panel, press, told, open } = figure(page, name);
  const numbers = async key => (await told(key)).split(' ').map(Number);
  await open();
  const own = /With your own code/.test(await panel.textContent());
  await press('Race');
  const far = async () => (await numbers('done')).every(n => n >= 2 * each);
  for (let i = 0; i < 600 && !await far(); i++) await page.waitForTimeout(100);
  // on a busy machine it may be over by now
  await panel.evaluate(e => [...e.querySelectorAll('button')].find(b => b.textContent === 'Pause')?.click());
  await page.waitForTimeout(500);
  const [done, losses] = [await numbers('done'), await numbers('losses')];
  check(`${name}: all lanes run with one's own code`, own && await far(), `${own} ${done}`);
  if (name !== 'optimizers') return;
  const mine = await lossInNode(codes, lanes[1], done[1]);
  const theirs = await lossInNode(answers(), lanes[1], done[1]);
  check(`it's one's own: after ${done[1]} epochs ${losses[1]}, and the answer would give ${theirs}`,
    losses[1] === mine && mine !== theirs, mine);
}
async function ownNetwork(page) {
  const { press, told, open, drawOne } = figure(page, 'digits');
  await open();
  const began = Date.now();
  await press('Train my own');
  const trained = () => document.querySelector('figure[id="fig:digits"] .panel').dataset.share;
  await page.waitForFunction(trained, null, { timeout: PATIENCE });
  const took = Date.now() - began;
  const share = await told('share');
  check(`a network of one's own, by one's own softmax, after ${took} ms: ${share} of what it never saw`,
    await told('own') === 'true' && +share > .95);
  await drawOne();
  await page.waitForTimeout(300);
  same('it sees a 1 that is drawn', await told('digit'), '1');
}
async function inTheBook(page, home, codes) {
  await page.goto(`${home}index.html`);
  for (const name of Object.keys(RACES)) await race(page, name, codes);
  await ownNetwork(page);
}

// -- from the book to the desk
async function fromTheBook(page, home) {
  await page.goto(`${home}index.html#ch:challenges`);
  for (const [what, link, hash] of [
    ['the head of the challenges', '[id="ch:challenges"] + p.desk a', ''],
    ['the contents', '#toc a[href="desk.html"]', ''],
    ['the box of 1a', '#part-1a a.desk', '#1a'],
    ['the stub of 1a', '[id^="chunk:challenge-1a"] a.desk', '#1a'],
  ]) {
    const leads = await page.locator(link).first().getAttribute('href');
    same(`${what} leads to the desk${hash && `, ${hash}`}`, leads, `desk.html${hash}`);
  }
  const linked = await page.locator('.ex a.desk').evaluateAll(all => all.map(a => a.getAttribute('href')));
  check('so does every part', parts.every(p => linked.includes(`desk.html#${p.name}`)), linked.join(' '));
  await page.fill('#search', 'desk');
  same('the search finds the desk', await page.locator('#found a[href="desk.html"]').count(), 1);
  const { panel, press, open } = figure(page, 'batchnorm');
  const comes = link => panel.locator(link).waitFor().then(() => true, () => false);
  await open();
  await comes('[role=status] a[href="desk.html"]');
  await press('Race');
  check('a figure without its challenge leads to the part', await comes('.notes a[href="desk.html#2a"]'));
  await page.click('#part-1a a.desk');
  await page.waitForURL(`${home}desk.html#1a`);
}

// -- the desk in a page, and what is done there
class Desk {
  constructor(page) {
    this.page = page;
  }
  text = selector => this.page.textContent(selector);
  stateOf = name => this.text(`#parts [href="#${name}"] i`);
  code = () => this.page.$$eval('.cm-line', lines => lines.map(line => line.textContent).join('\n'));
  focused = () => this.page.evaluate(() => document.activeElement.id);
  keys = (...names) => keys(this.page, ...names);
  async size(width, height = 900) {
    await this.page.setViewportSize({ width, height });
  }
  async write(code) {
    await this.page.focus('.cm-content');
    await this.keys('Control+A');
    await this.page.keyboard.insertText(code);
  }
  // what is said after a run that the key begins
  async ran(key = 'Control+Enter') {
    const before = await this.page.getAttribute('body', 'data-runs');
    await this.keys(key);
    await this.page.waitForFunction(runs => document.body.dataset.runs !== (runs ?? undefined), before);
    return this.text('#said');
  }
  async choose(name) {
    await this.page.click(`#parts a[href="#${name}"]`);
    await this.page.waitForFunction(part => document.title.includes(part), ` ${name}:`);
  }
  async save() {
    const [file] = await Promise.all([this.page.waitForEvent('download'), this.page.click('#save')]);
    return fs.readFileSync(await file.path(), 'utf8');
  }
  async load(name, text, notice) {
    await this.page.setInputFiles('#file', { name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    const says = words => document.getElementById('notice').textContent.includes(words);
    await this.page.waitForFunction(says, name + notice);
  }
}

async function firstMessage(desk, began) {
  if (hasBook)
    check('the text of the part, with formulas, and its equation',
      await desk.page.locator('#text math').count() > 3 && await desk.page.locator('#text .eq').count() > 0);
  await desk.write('oops = 1;');
  await desk.keys('Control+Enter'); // the compiler isn't there yet
  await desk.write('for (size_t i = 0; i <= X.rows; i++)\n    AT(dX, i, 0) = 1;');
  const said = await desk.ran();
  const took = Date.now() - began;
  await howSlow();
  check(`the first message after ${took} ms`,
    said.startsWith('2b is wrong: writes outside dX, which is 4 x 3. Line 2') && took < 8000 * slow, said);
  await desk.write('oops = 1;');
  same("what was changed before the compiler came isn't judged", await desk.stateOf('2b'), 'not run');
  const times = [];
  for (let i = 0; i < 5; i++) {
    await desk.write(`AT(dX, 0, 0) = ${i};`);
    await desk.ran();
    times.push(+await desk.page.getAttribute('body', 'data-took'));
  }
  await howSlow();
  check(`warm, ${times.join(', ')} ms`, median(times) < 1000 * slow);
}

// what a run says, at two sizes of the window: in sight, with the focus where it was, and no flood
async function inSight(desk) {
  const { page } = desk;
  const up = () => page.evaluate(() => scrollTo(0, 0));
  const seen = selector =>
    page.locator(selector).last().evaluate(e => {
      const { top, bottom } = e.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && bottom > top;
    });
  async function stays(what, selector, id) {
    const focused = await desk.focused();
    check(what, await seen(selector) && focused === id, focused);
  }
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await desk.size(width, height);
    await desk.write('AT(dX, 0, 0) = 1;\n'.repeat(13));
    await up();
    await desk.ran();
    check(`the verdict is in sight after Ctrl-Enter at ${width} x ${height}`, await seen('#said'));
    await up();
    await page.focus('#run');
    await desk.ran('Enter');
    await stays('and after Run, where the focus stays', '#said', 'run');
    check('many numbers are folded', await page.$eval('#numbers', e => !e.hidden && !e.open));
    await page.focus('#hint');
    await desk.keys(...Array(4).fill('Enter'));
    await stays('the last hint is in sight, and the focus stays', '#hints h3', 'hint');
    await page.focus('.cm-content');
    await desk.keys('Control+A', 'Escape', 'Tab');
    same('Esc, then Tab leads to Run, whatever is selected', await desk.focused(), 'run');
  }
  await desk.size(1280);
  await page.focus('body a');
  await desk.keys('Enter');
  same('the first link skips to the part', await desk.focused(), 'title');
  await desk.write('int x;\noops = 1;');
  await page.focus('#parts [href="#2b"]');
  await desk.ran();
  same('a run takes the focus from no part',
    await page.evaluate(() => document.activeElement.hash), '#2b');
  await page.focus('.cm-content');
  await desk.keys('F8');
  const tip = page.waitForSelector('.cm-tooltip-lint', { timeout: 5000 });
  like('F8 leads to what the compiler says', await tip.then(e => e.textContent(), () => ''), /'oops'/);
  await desk.write('for (int i = 0; i < 300; i++)\n    printf("%d\\n", i);');
  await desk.ran();
  like('what is printed is cut after 50 lines', await desk.text('#printed pre'),
    /^(\d+\n){49}49\nand 250 more$/);
  like('it is of the case whose numbers are shown', await desk.text('#printed h3'), /in this case$/);
}

// -- what is kept: where there is no room, too, and where another tab or a step back writes
async function keeps(desk) {
  const { page } = desk;
  await desk.choose('2b');
  await page.evaluate(() => {
    globalThis.put = Storage.prototype.setItem;
    Storage.prototype.setItem = () => {
      throw Error('full');
    };
  });
  await desk.write('int dear;');
  await desk.choose('1b');
  await desk.choose('2b');
  like('it is said as long as it is so', await desk.text('#notice'), /save nn\.nw before you leave/);
  check('what the browser has no room for is kept until the page is left',
    await desk.code() === 'int dear;' && (await desk.save()).includes('int dear;'), await desk.code());
  await page.evaluate(() => {
    Storage.prototype.setItem = globalThis.put;
  });
  await desk.write('int here;');
  const inAnotherTab = (name, code, event) =>
    page.evaluate(([key, value, event]) => {
      localStorage.setItem(key, value);
      const comesBack = event && new PageTransitionEvent(event, { persisted: true });
      dispatchEvent(comesBack ?? new StorageEvent('storage', { key }));
    }, [`nn code ${name}`, JSON.stringify(code), event]);
  await inAnotherTab('2b', 'int there;');
  same('what another tab writes is here', await desk.code(), 'int there;');
  await inAnotherTab('1b', 'int there;');
  same('and on the board', await desk.stateOf('1b'), 'not run');
  await inAnotherTab('2b', 'int meanwhile;', 'pageshow');
  same('and what was written while the page was left', await desk.code(), 'int meanwhile;');
  await desk.size(390, 844);
  await page.$eval('#hints', e => e.scrollIntoView({ block: 'end' })); // where there is room for a word
  await page.focus('#reset');
  const before = await page.evaluate(() => scrollY);
  await desk.keys('Enter');
  check('where the stub is back, it is said in sight',
    await page.$eval('#next', e => /is back/.test(e.textContent) && e.getBoundingClientRect().bottom < innerHeight));
  check('and the page stays where it was', Math.abs(await page.evaluate(() => scrollY) - before) < 60);
  await desk.size(1280);
  await desk.write('int later;');
  for (const code of ['int meanwhile;', 'int later;']) {
    await page.click('#back');
    same('taken back', await desk.code(), code);
  }
  for (const key of ['Enter', 'Enter']) { // the second is of no stub
    await page.focus('#reset');
    await desk.keys(key);
  }
  await page.reload();
  await page.click('#back');
  same('taken back after a visit', await desk.code(), 'int later;');
  same('and nothing is lost of what was there before', await page.click('#back').then(desk.code), 'int meanwhile;');
}

async function typedAnswers(desk) {
  const rows = wrong.filter(row => mutated(row).code.includes(row[3]));
  const every = Math.ceil(rows.length / (native ? 20 : 5));
  const codes = { '2b': 'AT(dX, 0, 0) = 4;' };
  for (const row of rows.filter((_, i) => i % every === 0)) {
    const { part, lines: changed } = mutated(row);
    codes[part.name] = typed(part, changed);
    const { message } = await judge(part, codes);
    const head = headOf(part, filled(codes));
    const here = message.replace(/nn\.nw:(\d+)$/, (_, n) => `Line ${n - head}`);
    await desk.choose(part.name);
    await desk.write(codes[part.name]);
    same(`typed: ${part.name} ${row[0]}`, await desk.ran(), `${part.name} is wrong: ${here}`);
  }
}

// in the page: formulas that lie over another, and lines that are cut off
function overlapping() {
  const besides = (a, b) => a.left >= b.right || b.left >= a.right;
  const overlap = (a, b) => !besides(a, b) && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return [...document.querySelectorAll('#text .eq .scroll')].filter(line => {
    const boxes = [...line.querySelectorAll(':scope > math')].map(e => e.getBoundingClientRect());
    return boxes.some((a, i) => boxes.slice(i + 1).some(b => overlap(a, b)));
  }).length;
}
const cutOff = () =>
  [...document.querySelectorAll('#before, #after')].filter(e => e.scrollWidth > e.clientWidth).length;
async function layout(desk) {
  for (const width of [390, 1280]) {
    let over = 0;
    let cut = 0;
    await desk.size(width);
    for (const { name } of parts) {
      await desk.choose(name);
      over += await desk.page.evaluate(overlapping);
      cut += await desk.page.evaluate(cutOff);
    }
    same(`no formula lies over another at ${width}`, over, 0);
    same(`no line around the code is cut off at ${width}`, cut, 0);
  }
}

async function oneAnswer(desk, context, home) {
  const { page } = desk;
  await desk.choose('1a');
  for (const [what, code, says] of [
    ['a loop without end is ended', 'for (volatile int i = 0; ; i++) ;', /does not come to an end.*Line 1$/],
    ['the compiler names the line', 'oops = 1;',
      /isn't compiled: use of undeclared identifier 'oops'\. Line 1$/],
    ["a line of a chunk of one's own is the editor's, too",
      '<<a step>>\n@\n\n<<a step>>=\nfor (size_t i = 0; i <= count; i++)\n    params[i] = 1;',
      /^1a is wrong: writes outside params.* Line 6$/],
  ]) {
    await desk.write(code);
    like(what, await desk.ran(), says);
  }
  await desk.write('for (volatile int i = 0; ; i++) ;');
  await desk.keys('Control+Enter');
  await desk.write('int a;');
  await page.waitForFunction(() => /run it again/.test(document.getElementById('said').textContent));
  check('what is changed meanwhile is not blamed', !await page.locator('.cm-lintRange').count());
  await desk.size(390, 844);
  check('on a telephone code goes on below',
    await page.$eval('.cm-scroller', e => e.scrollWidth <= e.clientWidth));
  await desk.size(390, 420);
  await desk.write('int a;\n'.repeat(30));
  await desk.keys('ArrowUp', 'ArrowUp', 'End');
  await page.keyboard.type(' ');
  check('and Run is in sight beside its keyboard, below what is written', await page.evaluate(() => {
    const line = document.querySelector('.cm-activeLine').getBoundingClientRect();
    const run = document.getElementById('run').getBoundingClientRect();
    return line.top >= 0 && line.bottom <= run.top && run.bottom <= innerHeight;
  }));
  await desk.size(1280);
  await desk.write(answer('1a'));
  same('an answer is done', await desk.ran(), '1a is done.');
  like('and has its point', await desk.text('#points'), /^1 of/);
  same("and the book's answer and the next part are said, but no figure, which needs all of the challenge",
    await desk.text('#next'), "Compare it with the book's answer. Next: 1b: update both moments. ");
  const compare = await context.newPage();
  await compare.goto(home + await page.locator('#next a').first().getAttribute('href'));
  check("the link opens the book's answer", await compare.locator(':target').isVisible(), compare.url());
  await compare.close();
  await page.click('#hint');
  like('a hint, with its equation', await desk.text('#hints'), /Hint 1 of 3/);
  await page.click('#hint');
  check('no arrow of a hint breaks', await page.$$eval('#hints p', all => all.every(p =>
    p.textContent.split('->').length === p.querySelectorAll('.nb').length + 1)));
  await page.click('#hint');
  like('after the last hint the answer is open', await desk.text('#hints'), /the book has the answer\.$/);
}
// to 2a by its link, into the code, and out of it again
async function byKeyboard(desk) {
  const { page } = desk;
  const inEditor = () => page.evaluate(() => document.activeElement.className.includes('cm-content'));
  await page.focus('#parts a');
  await desk.keys('Tab', 'Tab', 'Tab', 'Enter');
  await page.waitForFunction(() => document.title.includes('2a'));
  for (let i = 0; i < 30 && !await inEditor(); i++) await desk.keys('Tab');
  await desk.keys('Control+A');
  await page.keyboard.insertText(answer('2a'));
  const said = await desk.ran();
  await desk.keys('Escape', 'Tab');
  check('2a is solved by the keyboard, which leaves the code again',
    said === '2a is done.' && await page.evaluate(() => !document.activeElement.closest('#editor')), said);
}
async function looks(desk, browser, home) {
  const { page } = desk;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => axe.run());
    const words = ({ id, nodes }) => [id, nodes.map(n => n.html.slice(0, 150) + n.failureSummary)];
    check(`axe-core, ${colorScheme}`, !violations.length, JSON.stringify(violations.map(words), null, 1));
    for (const width of [1280, 768, 390]) {
      await desk.size(width);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      check(`nothing is wider than ${width}, ${colorScheme}`, wide <= width, wide);
    }
  }
  await desk.size(1280);
  await page.emulateMedia({ media: 'print' });
  const visible = await Promise.all(['#text', '.cm-content', '#run', '#parts'].map(s => page.isVisible(s)));
  same('printed, there is the part and its code, and nothing to press',
    `${visible}`, 'true,true,false,false');
  await page.emulateMedia({ media: 'screen' });
  const bare = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await bare.goto(`${home}desk.html`);
  check('without script it says what it needs', await bare.locator('noscript p').isVisible());
  await bare.close();
}
// all of it, with a momentum that is one's own: a right one, of which the last digits show whose it is
async function allAnswers(desk) {
  const { page } = desk;
  const own = answers();
  own['1a'] = own['1a'].replace('* grads[i]', '* grads[i] * (1 + 1e-13)');
  await desk.load('own.nw', filled(own).join('\n'), ' is here');
  await desk.load('hello.nw', 'hello', " isn't a copy of nn.nw");
  const whole = filled(own).join('\n');
  await desk.load('half.nw', whole.replace(/^<<challenge 1b:.*>>=$/m, ''), ' has no other code in the challenges than '
    + 'what is here. It has no chunk of 1b.');
  await desk.load('open.nw', whole.replace(/(^<<challenge 1b:.*>>=$[^]*?\n)@\n/m, '$1\n'), ': the chunk of 1b has no end;');
  await page.click('#all');
  const done = count =>
    document.querySelectorAll('#parts .done').length === count
    && document.getElementById('run').ariaDisabled === 'false';
  await page.waitForFunction(done, parts.length);
  await page.waitForFunction(() => document.body.dataset.handed === 'softmax');
  like('all parts are done', await desk.text('#points'), /^21 of 21/);
  like('and it is said', await desk.text('#next'),
    /^Compare it with the book's answer. All parts are done\./);
  same('and the figure that has them', await page.locator('#next a').last().getAttribute('href'),
    'index.html#fig:batchnorm');
  return own;
}

// -- in Chromium, from a server that is a folder
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json' };
let odd = () => false; // what a server does otherwise: an answer, or another path
const server = http.createServer(async (request, response) => {
  const { pathname: asked } = new URL(request.url, 'http://x');
  const pathname = await odd(asked, response) || asked;
  if (response.headersSent || response.destroyed) return;
  const file = path.join(site, decodeURIComponent(pathname).replace(/\/$/, '/index.html'));
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  const packed = /\bbr\b/.test(request.headers['accept-encoding']) && fs.existsSync(`${file}.br`);
  const type = { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' };
  response.writeHead(200, packed ? { ...type, 'content-encoding': 'br' } : type);
  fs.createReadStream(packed ? `${file}.br` : file).pipe(response);
});
// in a browser that knows nothing: what is kept of a desk at such a server
async function oddServers(browser, home) {
  let page;
  async function visit(path) {
    await page.goto(home + path);
    await page.waitForSelector('#run:enabled', { timeout: PATIENCE });
  }
  async function firstVisit(path) {
    await page?.context().close();
    page = await (await browser.newContext()).newPage();
    await visit(path);
  }
  const kept = () =>
    page.evaluate(async () => {
      const stores = await Promise.all((await caches.keys()).map(name => caches.open(name)));
      const all = await Promise.all(stores.map(store => store.keys()));
      return all.flat().map(({ url }) => new URL(url).pathname);
    });
  async function keeps(path) { // later than the first message
    const until = Date.now() + PATIENCE;
    while (Date.now() < until && !(await kept()).includes(path)) await page.waitForTimeout(100);
    return (await kept()).includes(path);
  }
  const none = response => response.writeHead(404).end();
  odd = (path, response) => {
    if (/llvm/.test(path)) none(response);
    if (path === '/digits.csv') response.end('of another edition');
  };
  await firstVisit('desk.html');
  check("what isn't this site's isn't kept as if it were",
    await keeps('/index.html') && !(await kept()).includes('/digits.csv'));
  await page.click('#run');
  const lacking = () => /compiler can't be started.*network/.test(document.getElementById('said').textContent);
  check('without its files, the compiler is said to be lacking, not the code', await page.waitForFunction(lacking).then(() => true));
  odd = async (path, response) => {
    if (path === '/desk.html') response.writeHead(308, { location: '/desk' }).end();
    if (path === '/live.bin') await page.waitForTimeout(5000);
    return path === '/desk' && '/desk.html';
  };
  await firstVisit('desk.html');
  check('where all is slow, too, the compiler is kept', await keeps('/llvm.core.wasm'));
  odd = (path, response) => /llvm/.test(path) ? none(response) : path.replace('/other', '');
  await visit('other/desk.html');
  check('of two sites at one origin both are kept',
    await keeps('/other/live.bin') && (await kept()).includes('/live.bin'));
  odd = (_, response) => response.destroy();
  const opens = await visit('desk.html').then(() => true, () => false);
  check('a page that was sent on from its name opens, when the server is gone', opens);
  odd = () => false;
  await page.context().close();
}
async function inPage() {
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const home = `http://127.0.0.1:${server.address().port}/`;
  const troubles = [];
  const elsewhere = [];
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.on('request', request => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(home)) elsewhere.push(url);
  });
  async function newPage() {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    hear(page, trouble => troubles.push(trouble));
    return page;
  }
  async function inBook(visit, ...what) {
    if (!hasBook) return;
    const page = await newPage();
    await visit(page, home, ...what);
    await page.close();
  }
  async function open() {
    const page = await newPage();
    await page.goto(`${home}desk.html#2b`);
    await page.waitForSelector('#run:enabled');
    return new Desk(page);
  }
  await inBook(fromTheBook);
  const began = Date.now();
  let desk = await open();
  await firstMessage(desk, began);
  await inSight(desk);
  await keeps(desk);
  await typedAnswers(desk);
  await layout(desk);
  await oneAnswer(desk, context, home);
  await byKeyboard(desk);
  await looks(desk, browser, home);
  const mine = await desk.save();
  same('what is saved is nn.nw with the code in it',
    codesIn(mine.split('\n'), parts, lines)['2a'], answer('2a'));
  await inBook(inTheBook, await allAnswers(desk));
  await desk.load('before.nw', mine, ' is here');
  await oddServers(browser, home);

  server.close();
  server.closeAllConnections();
  await desk.page.close();
  desk = await open();
  check('the server is gone, the page opens, and the work is there',
    await desk.save() === mine && /done/.test(await desk.text('#parts [href="#2a"]')));
  like('and it compiles', await desk.ran(), /./);
  check('no request leaves the origin', !elsewhere.length, elsewhere.join());
  await desk.page.evaluate(() => localStorage.clear());
  await desk.page.reload();
  await desk.page.waitForSelector('#run:enabled');
  check('without any work, what is saved is nn.nw', await desk.save() === lines.join('\n'));
  await desk.load('mine.nw', mine, ' is here');
  check('what was saved is loaded', await desk.save() === mine);
  check('no error and no warning in the console', !troubles.length, troubles.join('\n'));
  await browser.close();
}

secrets();
if (native !== 'secrets') {
  inAndOut();
  await astray();
  await wrongAnswers();
  await otherwise();
  await howSlow();
  await inPage();
  server.close();
}
console.log(failed ? `${failed} failed` : 'all is as it should be');
process.exit(failed ? 1 : 0);
