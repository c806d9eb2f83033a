// test-desk.mjs: the workbench of the challenges, in node and in Chromium.
//   node test-desk.mjs SITE          some wrong answers in node, some typed into the page, and what the page does
//   node test-desk.mjs SITE FILE     all of them; FILE: what make wrong-answers printed
//   node test-desk.mjs SITE secrets  is any answer in SITE, which was made from a handout?
import axe from 'axe-core';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { tool } from './clang.mjs';
import { judgePart, works } from './desk-board.mjs';
import { chunksOf, codesIn, namesIn, tangle, title, withCodes } from './desk-nw.mjs';
import { module } from './live-build.mjs';
import { begin as lane, RACES } from './live-race.mjs';
import { start, step } from './live-worker.mjs';
import { launch } from './test-browser.mjs';

// the workbench without a page
function desk(site) {
  const read = file => fs.readFileSync(`${site}/${file}`);
  const tables = JSON.parse(read('tables.json'));
  const work = works(tool);
  const lines = `${read('nn.nw')}`.split('\n');
  const { parts } = tables;
  work.start(tables, read('objects.bin'), read('board.wasm'));
  return { lines, parts,
    judge: (part, codes, of = lines) => judgePart({ lines: of, parts }, work, part, codes) };
}
const [site, native] = process.argv.slice(2);
const top = new URL('../../', import.meta.url).pathname;
const d = desk(site);
const whole = fs.readFileSync(`${top}nn.nw`, 'utf8').split('\n'); // d.lines: without the answers
const partOf = name => d.parts.find(p => p.name === name);
const shown = chunksOf(d.lines);
// what a student would type: the answer, and behind it the chunks that it uses and that aren't in what was handed out
function typed(p, lines = whole) {
  const chunks = chunksOf(lines);
  const [first, ...others] = namesIn(title(p, 'answer'), chunks).filter(n => !shown.has(n));
  return [...chunks.get(first)[0].code,
    ...others.flatMap(n => chunks.get(n).flatMap(c => ['@', '', `<<${n}>>=`, ...c.code]))].join('\n');
}
const answer = p => typed(p);
const wrong = fs.readFileSync(`${top}tests/teacher/wrong.tsv`, 'utf8').split('\n').filter(l =>
  l && l[0] !== '#'
).map(l => l.split('\t'));
let failed = 0;
// limits in time are those of two cores that have nothing else to do
const crowd = Math.max(1, os.loadavg()[0] / os.cpus().length);
const within = limit => limit * crowd;
if (crowd > 1)
  console.log(
    `${os.loadavg()[0]} processes want ${os.cpus().length} cores: limits in time are ${
      crowd.toFixed(1)
    } times as long`,
  );
function check(what, is, detail = '') {
  failed += !is;
  console.log(`${is ? 'ok  ' : 'FAIL'} ${what}${is ? '' : `\n     ${detail}`}`);
}

// as tests/teacher/check.py makes them: an answer with a fault in it
function mutated([, name, find, replace]) {
  const chunks = chunksOf(whole);
  const key = title(partOf(name), 'answer');
  const at =
    namesIn(key, chunks).flatMap(n => chunks.get(n) ?? []).flatMap(c =>
      c.code.flatMap((l, i) => l.includes(find) ? [c.head + i] : [])
    )[0];
  const lines = whole.map((l, i) => i === at ? l.replace(find, () => replace) : l);
  return { part: partOf(name), lines, code: chunksOf(lines).get(key)[0].code.join('\n') };
}

async function inNode() {
  const said = native
    && [...fs.readFileSync(native, 'utf8').matchAll(/^(\d[a-z]) (.*), [\w-]+\n   \1 -> wrong: (.*)$/gm)]
      .map(m => m[3]);
  if (said)
    check('one sentence for each wrong answer natively', said.length === wrong.length,
      `${said.length} of ${wrong.length}`);
  let tried = 0;
  let good = 0;
  for (const [i, row] of wrong.entries()) {
    if (!said && i % 17) continue;
    const { part, lines, code } = mutated(row);
    const v = await d.judge(part, { [part.name]: code }, lines);
    const must = { '=': row[0], '-': '' }[row[4]] ?? row[4];
    const is = said ? v.message === said[i] : v.state === 'wrong' && v.message.includes(must);
    tried++;
    if (is) good++;
    else console.log(
        `${part.name} ${row[0]}\n  here     ${v.state}: ${v.message}\n  natively ${
          said ? said[i] : must
        }`,
      );
  }
  check(`${good} of ${tried} wrong answers get the native sentence`, good === tried);
}

// code that does something else than being wrong: what astray.tsv tries natively, in the same words, unless it asks the system
// for what isn't here; and what only stands or falls here
async function astray() {
  const rows = fs.readFileSync(`${top}tests/teacher/astray.tsv`, 'utf8').split('\n').filter(l =>
    l && l[0] !== '#'
  ).map(l => l.split('\t'));
  const here = [
    ['1a', 'outside an array', 'double a[3], *volatile p = a;¶p[3] = 1;'],
    ['1a', 'outside an array', 'static double a[3];¶double *volatile p = a;¶p[count] = 1;'],
    ['1a', 'outside an array', 'double a[count], *volatile p = a;¶p[count] = 1;'],
    ['2b', '^does not compile: it opens a \\{', 'for (;;) {¶AT(dX, 0, 0) = 1;'],
    ['2b', 'writes outside dX', '<<a step>>¶@¶¶<<a step>>=¶AT(dX, X.rows, 0) = 1;'],
    ['2b', 'is used here and defined nowhere', '<<a step>>'],
  ];
  const system = /extern (?!int puts).*?(\w+)\(|(__attribute__)/;
  const honest = code =>
    system.test(code)
      ? "which isn't here|closes a \\}|waits|ends the program|left as it was"
      : /memcpy/.test(code)
      ? 'undeclared library function'
      : '(?!)'; // the native check compiles without warnings
  let good = 0;
  for (const [part, must, code] of [...rows, ...here]) {
    const { state, message } = await d.judge(partOf(part), { [part]: code.replaceAll('¶', '\n') });
    const said = `${state}: ${message}`;
    const at = chunksOf(d.lines).get(title(partOf(part)))[0].head + 1;
    if (state !== 'done' && RegExp(`${must.replace('@', at)}|${honest(code)}`, 's').test(said)) good++;
    else console.log(`${part} ${code}\n  here     ${said}\n  expected ${must}`);
  }
  check(
    `${good} of ${
      rows.length + here.length
    } pieces of code that go astray are told as natively, or have no system here to go astray in`,
    good === rows.length + here.length,
  );
}

function inAndOut() {
  const code = { '2b': 'x\n<<a step>>\n@\n\n<<a step>>=\ny', '1a': answer(partOf('1a')) };
  const out = withCodes(d.lines, d.parts, code);
  const back = codesIn(out, d.parts, d.lines);
  check("what is saved comes back, with chunks of one's own",
    Object.keys(code).every(p => back[p] === code[p]), JSON.stringify(back));
  const start = Date.now();
  check('a long line of << is read at once',
    namesIn('x', chunksOf(['<<x>>=', '<'.repeat(4e5)])).length === 1 && Date.now() - start < 1000);
  check('with its own chunks, nn.nw is saved as it was',
    withCodes(d.lines, d.parts, codesIn(d.lines, d.parts, d.lines)).join('\n') === d.lines.join('\n'));
}

// the answers: in nothing that is served but the book, at whose end they are, folded, as in the PDF
function secrets() {
  const bare = l => l.replace(/\s/g, '');
  const known = bare(d.lines.join(''));
  const book = native === 'secrets' ? '' : 'index.html';
  const folder = fs.readdirSync(site).filter(f => f !== book && !/^llvm|\.br$/.test(f));
  const hidden = [
    ...new Set([...chunksOf(whole)].filter(([name]) =>
      !shown.has(name)
    ).flatMap(([, list]) => list.flatMap(c => c.code)).map(bare)),
  ]
    .filter(l => l.length >= 16 && !known.includes(l));
  const found = folder.flatMap(f => {
    const all = bare(fs.readFileSync(`${site}/${f}`, 'latin1'));
    return hidden.filter(l => all.includes(l)).map(l => `${f}: ${l}`);
  });
  check(`none of ${hidden.length} lines of the answers is in ${folder.length} files`,
    hidden.length > 20 && !found.length, found.slice(0, 3).join('\n     '));
}

// what is solved at the desk computes in the book: the same numbers as the same module in node, which aren't the answer's
async function inTheBook(page, home, code) {
  const module_ = await module(top, {
    'optimizers.c': tangle(chunksOf(withCodes(d.lines, d.parts, code)), '[[optimizers.c]]'),
  });
  await page.goto(`${home}index.html`);
  const open = async name => {
    const figure = page.locator(`figure[id="fig:${name}"]`);
    await figure.locator('button.go').click();
    await figure.locator('.panel [role=status]').filter({ hasNotText: 'starting' }).waitFor();
    return figure.locator('.panel');
  };
  const told = (panel, key) => panel.evaluate((e, k) => e.dataset[k], key);
  const press = (panel, name) => panel.getByRole('button', { name, exact: true }).click();
  for (const [name, { lanes, each }] of Object.entries(RACES)) {
    const panel = await open(name);
    const own = /With your own code/.test(await panel.textContent());
    await press(panel, 'Race');
    await page.waitForFunction(
      ([id, n]) =>
        (document.querySelector(`figure[id="fig:${id}"] .panel`).dataset.done ?? '').split(' ').every(
          k => +k >= n
        ),
      [name, 2 * each],
      { timeout: 60000 },
    ).catch(() => {});
    await press(panel, 'Pause');
    await page.waitForTimeout(500);
    const done = (await told(panel, 'done')).split(' ').map(Number);
    const losses = (await told(panel, 'losses')).split(' ').map(Number);
    check(`${name}: all lanes run with one's own code`, own && done.every(n => n >= 2 * each),
      `${own} ${done}`);
    if (name !== 'optimizers') continue;
    const here = async program => {
      await start(program);
      for (const s of lane(lanes[1])) step(s);
      return step(['live_train', [done[1]], [], 'value'])[1].at(-6);
    };
    const mine = await here(module_);
    const book = await here(
      await module(top, {
        'optimizers.c': tangle(
          chunksOf(
            withCodes(d.lines, d.parts, Object.fromEntries(d.parts.map(p => [p.name, answer(p)]))),
          ),
          '[[optimizers.c]]',
        ),
      }),
    );
    check(`it's one's own: after ${done[1]} epochs ${losses[1]}, and the answer would give ${book}`,
      losses[1] === mine && mine !== book, mine);
  }
  const panel = await open('digits');
  const began = Date.now();
  await press(panel, 'Train my own');
  await page.waitForFunction(
    () => document.querySelector('figure[id="fig:digits"] .panel').dataset.share,
    null,
    { timeout: 120000 },
  );
  check(
    `a network of one's own, by one's own softmax, after ${Date.now() - began} ms: ${await told(panel,
      'share')} of what it never saw`,
    await told(panel, 'own') === 'true' && +await told(panel, 'share') > .88,
  );
  await panel.getByRole('application').focus();
  await page.keyboard.down('Shift');
  for (let i = 0; i < 18; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.up('Shift');
  await page.waitForTimeout(300);
  check('it sees a 1 that is drawn', await told(panel, 'digit') === '1', await told(panel, 'digit'));
}

// from the book to the desk
async function fromTheBook(page, home) {
  await page.goto(`${home}index.html#ch:challenges`);
  const follow = async (what, link, hash) => {
    await page.locator(link).first().click();
    await page.waitForURL(`${home}desk.html${hash}`);
    check(`${what} leads to the desk${hash && `, ${hash}`}`, true);
    await page.goBack();
  };
  await follow('the head of the challenges', '[id="ch:challenges"] + p.desk a', '');
  await follow('the contents', '#toc a[href="desk.html"]', '');
  await follow('the box of 1a', '#part-1a a.desk', '#1a');
  await follow('the stub of 1a', '[id^="chunk:challenge-1a"] a.desk', '#1a');
  const linked = await page.locator('.ex a.desk').evaluateAll(all =>
    all.map(a => a.getAttribute('href'))
  );
  check('so does every part', d.parts.every(p => linked.includes(`desk.html#${p.name}`)),
    linked.join(' '));
  await page.fill('#search', 'desk');
  check('the search finds the desk', await page.locator('#found a[href="desk.html"]').count() === 1);
  const figure = page.locator('figure[id="fig:batchnorm"]');
  await figure.locator('button.go').click();
  await figure.locator('.panel [role=status] a[href="desk.html"]').waitFor();
  await figure.getByRole('button', { name: 'Race', exact: true }).click();
  check('a figure without its challenge leads to the part',
    await figure.locator('.notes a[href="desk.html#2a"]').waitFor().then(() => true, () => false));
}

// what a run says, at two sizes of the window: in sight, with the focus where it was, and no flood
async function inSight(page, { write, ran, press }) {
  const focused = () => page.evaluate(() => document.activeElement.id);
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await write('AT(dX, 0, 0) = 1;\n'.repeat(13));
    await page.evaluate(() => scrollTo(0, 0));
    await ran();
    const seen = s =>
      page.locator(s).last().evaluate(e => {
        const { top, bottom } = e.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight && bottom > top;
      });
    check(`the verdict is in sight after Ctrl-Enter at ${width} x ${height}`, await seen('#said'));
    await page.evaluate(() => scrollTo(0, 0));
    await page.focus('#run');
    await press('Enter');
    check(`and after Run, where the focus stays`, await seen('#said') && await focused() === 'run',
      await focused());
    check('many numbers are folded', await page.$eval('#numbers', e => !e.hidden && !e.open));
    await page.focus('#hint');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Enter');
    check('the last hint is in sight, and the focus stays',
      await seen('#hints h3') && await focused() === 'hint', await focused());
    await page.focus('.cm-content');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    check('Esc, then Tab leads to Run', await focused() === 'run', await focused());
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.focus('body a');
  await page.keyboard.press('Enter');
  check('the first link skips to the part', await focused() === 'title', await focused());
  await write('for (int i = 0; i < 300; i++)\n    printf("%d\\n", i);');
  await ran();
  const printed = (await page.textContent('#printed pre')).split('\n');
  check('what is printed is cut after 50 lines',
    printed.length === 51 && printed[49] === '49' && /^and \d+ more$/.test(printed[50]),
    printed.slice(-3).join());
}

// -- in Chromium, from a server that is a folder
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json' };
const server = http.createServer((q, r) => {
  const f = path.join(site,
    decodeURIComponent(new URL(q.url, 'http://x').pathname).replace(/\/$/, '/index.html'));
  const packed = /\bbr\b/.test(q.headers['accept-encoding']) && fs.existsSync(`${f}.br`);
  if (!fs.existsSync(f)) {
    r.writeHead(404).end();
    return;
  }
  r.writeHead(200, { 'content-type': types[path.extname(f)] ?? 'application/octet-stream',
    ...(packed && { 'content-encoding': 'br' }) });
  fs.createReadStream(packed ? `${f}.br` : f).pipe(r);
});

async function inPage() {
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const home = `http://127.0.0.1:${server.address().port}/`;
  const troubles = [];
  const elsewhere = [];
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.on('request', q => {
    if (!/^(data|blob):/.test(q.url()) && !q.url().startsWith(home)) elsewhere.push(q.url());
  });
  const open = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(60000);
    page.on('console', m => {
      if (/error|warning/.test(m.type())) troubles.push(m.text());
    });
    page.on('pageerror', e => troubles.push(e.message));
    await page.goto(`${home}desk.html#2b`);
    await page.waitForSelector('#run:enabled');
    return page;
  };
  if (fs.existsSync(`${top}doc/nn.html`)) {
    const book = await context.newPage();
    await fromTheBook(book, home);
    await book.close();
  }
  const began = Date.now();
  let page = await open();
  const write = async code => {
    await page.focus('.cm-content');
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(code);
  };
  const press = async key => {
    const before = await page.getAttribute('body', 'data-runs');
    await page.keyboard.press(key);
    await page.waitForFunction(n => document.body.dataset.runs !== (n ?? undefined), before);
    return page.textContent('#said');
  };
  const ran = () => press('Control+Enter');
  const choose = async name => {
    await page.click(`#parts a[href="#${name}"]`);
    await page.waitForFunction(n => document.title.includes(n), ` ${name}:`);
  };

  if (fs.existsSync(`${top}doc/nn.html`))
    check('the text of the part, with formulas, and its equation',
      await page.locator('#text math').count() > 3 && await page.locator('#text .eq').count() > 0);
  await write('for (size_t i = 0; i <= X.rows; i++)\n    AT(dX, i, 0) = 1;');
  const first = await ran();
  const took = Date.now() - began;
  check(`the first message after ${took} ms`,
    first.startsWith('2b is wrong: writes outside dX, which is 4 x 3. Line 2') && took < within(8000),
    first);
  const times = [];
  for (let i = 0; i < 5; i++) {
    await write(`AT(dX, 0, 0) = ${i};`);
    await ran();
    times.push(+await page.getAttribute('body', 'data-took'));
  }
  check(`warm, ${times.join(', ')} ms`, times.sort((a, b) => a - b)[2] < within(1000));

  await inSight(page, { write, ran, press });

  const rows = wrong.filter(row => mutated(row).code.includes(row[3]));
  const every = Math.ceil(rows.length / (native ? 20 : 5));
  const codes = { '2b': 'AT(dX, 0, 0) = 4;' };
  for (const row of rows.filter((_, i) => i % every === 0)) {
    const { part, lines } = mutated(row);
    const code = typed(part, lines);
    const { message } = await d.judge(part, Object.assign(codes, { [part.name]: code }));
    await choose(part.name);
    await write(code);
    const { head } = chunksOf(withCodes(d.lines, d.parts, codes)).get(title(part))[0];
    const here = message.replace(/nn\.nw:(\d+)$/, (_, n) => `Line ${n - head}`);
    const said = await ran();
    check(`typed: ${part.name} ${row[0]}`, said === `${part.name} is wrong: ${here}`,
      `${said}\n     ${here}`);
  }
  const overlaps = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('#text .eq .scroll')].filter(line => {
        const boxes = [...line.querySelectorAll(':scope > math')].map(e => e.getBoundingClientRect());
        return boxes.some((a, i) =>
          boxes.slice(i + 1).some(b =>
            a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1
          )
        );
      }).length
    );
  const cutOff = () =>
    page.$$eval('#before, #after', all => all.filter(e => e.scrollWidth > e.clientWidth).length);
  for (const width of [390, 1280]) {
    let bad = 0;
    let cut = 0;
    await page.setViewportSize({ width, height: 900 });
    for (const part of d.parts) {
      await choose(part.name);
      bad += await overlaps();
      cut += await cutOff();
    }
    check(`no formula lies over another at ${width}`, !bad, bad);
    check(`no line around the code is cut off at ${width}`, !cut, cut);
  }
  await choose('1a');
  await write('for (volatile int i = 0; ; i++) ;');
  check('a loop without end is ended', /does not come to an end.*Line 1$/.test(await ran()));
  await write('oops = 1;');
  check('the compiler names the line',
    /isn't compiled: use of undeclared identifier 'oops'\. Line 1$/.test(await ran()),
    await page.textContent('#said'));
  await write('<<a step>>\n@\n\n<<a step>>=\nfor (size_t i = 0; i <= count; i++)\n    params[i] = 1;');
  const blamed = await ran();
  check("a line of a chunk of one's own is the editor's, too",
    /^1a is wrong: writes outside params.* Line 6$/.test(blamed), blamed);
  await page.setViewportSize({ width: 390, height: 844 });
  check('on a telephone code goes on below',
    await page.$eval('.cm-scroller', e => e.scrollWidth <= e.clientWidth));
  await page.setViewportSize({ width: 1280, height: 900 });
  await write(answer(partOf('1a')));
  check('an answer is done',
    await ran() === '1a is done.' && /^1 of/.test(await page.textContent('#points')),
    await page.textContent('#said'));
  const next = await page.textContent('#next');
  check(
    "and the book's answer and the next part are said, but no figure, which needs all of the challenge",
    next === "Compare it with the book's answer. Next: 1b: update both moments. ",
    next,
  );
  const compare = await context.newPage();
  await compare.goto(home + await page.locator('#next a').first().getAttribute('href'));
  check("the link opens the book's answer", await compare.locator(':target').isVisible(),
    compare.url());
  await compare.close();
  await page.click('#hint');
  check('a hint, with its equation', /Hint 1 of 3/.test(await page.textContent('#hints')));

  // by the keyboard alone: to 2a by its link, into the code, and out of it again
  await page.focus('#parts a');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.title.includes('2a'));
  for (let i = 0;
    i < 30 && !await page.evaluate(() => document.activeElement.className.includes('cm-content')); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(answer(partOf('2a')));
  const said = await ran();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  check('2a is solved by the keyboard, which leaves the code again',
    said === '2a is done.' && await page.evaluate(() => !document.activeElement.closest('#editor')),
    said);

  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => axe.run());
    check(`axe-core, ${colorScheme}`, !found.violations.length,
      JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n =>
        n.html.slice(0, 150) + n.failureSummary
      )]), null, 1));
    for (const width of [1280, 768, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth
      );
      check(`nothing is wider than ${width}, ${colorScheme}`, wide <= width, wide);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: 'print' });
  check('printed, there is the part and its code, and nothing to press',
    await page.isVisible('#text') && await page.isVisible('.cm-content')
      && !await page.isVisible('#run') && !await page.isVisible('#parts'));
  await page.emulateMedia({ media: 'screen' });
  const bare = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await bare.goto(`${home}desk.html`);
  check('without script it says what it needs', await bare.locator('noscript p').isVisible());
  await bare.close();
  const saved = async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    return fs.readFileSync(await file.path(), 'utf8');
  };
  const mine = await saved();
  check('what is saved is nn.nw with the code in it',
    codesIn(mine.split('\n'), d.parts, d.lines)['2a'] === answer(partOf('2a')));
  // all of it, with a momentum that is one's own: a right one, of which the last digits show whose it is
  const own = Object.fromEntries(d.parts.map(p => [p.name, answer(p)]));
  own['1a'] = own['1a'].replace('* grads[i]', '* grads[i] * (1 + 1e-13)');
  await page.setInputFiles('#file', { name: 'own.nw', mimeType: 'text/plain',
    buffer: Buffer.from(withCodes(d.lines, d.parts, own).join('\n')) });
  await page.waitForFunction(() =>
    /own\.nw is here/.test(document.getElementById('notice').textContent)
  );
  await page.setInputFiles('#file', { name: 'hello.nw', mimeType: 'text/plain',
    buffer: Buffer.from('hello') });
  await page.waitForFunction(() =>
    document.getElementById('notice').textContent.startsWith("hello.nw isn't a copy of nn.nw")
  );
  await page.click('#all');
  await page.waitForFunction(
    n =>
      document.querySelectorAll('#parts .done').length === n
      && document.getElementById('run').ariaDisabled === 'false',
    d.parts.length,
  );
  await page.waitForFunction(() => document.body.dataset.handed === 'softmax');
  check('all parts are done', /^21 of 21/.test(await page.textContent('#points')),
    await page.textContent('#points'));
  const figure = await page.locator('#next a').last().getAttribute('href');
  check('and the figure that has them',
    (await page.textContent('#next')).startsWith(
      "Compare it with the book's answer. All parts are done.",
    ) && figure === 'index.html#fig:batchnorm', figure);
  const book = await context.newPage();
  book.on('console', m => {
    if (/error|warning/.test(m.type())) troubles.push(m.text());
  });
  book.on('pageerror', e => troubles.push(e.message));
  if (fs.existsSync(`${top}doc/nn.html`)) await inTheBook(book, home, own);
  await book.close();
  await page.setInputFiles('#file', { name: 'before.nw', mimeType: 'text/plain',
    buffer: Buffer.from(mine) });
  await page.waitForFunction(() =>
    /before\.nw is here/.test(document.getElementById('notice').textContent)
  );
  server.close();
  server.closeAllConnections();
  await page.close();
  page = await open();
  check('the server is gone, the page opens, and the work is there',
    await saved() === mine && /done/.test(await page.textContent('#parts [href="#2a"]')));
  check('and it compiles', await ran() && await page.textContent('#said') !== '',
    await page.textContent('#said'));
  check('no request leaves the origin', !elsewhere.length, elsewhere.join());
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.waitForSelector('#run:enabled');
  check('without any work, what is saved is nn.nw', await saved() === d.lines.join('\n'));
  await page.setInputFiles('#file', { name: 'mine.nw', mimeType: 'text/plain',
    buffer: Buffer.from(mine) });
  await page.waitForFunction(() =>
    /mine\.nw is here/.test(document.getElementById('notice').textContent)
  );
  check('what was saved is loaded', await saved() === mine);
  check('no error and no warning in the console', !troubles.length, troubles.join('\n'));
  await browser.close();
}

secrets();
if (native !== 'secrets') {
  inAndOut();
  await astray();
  await inNode();
  await inPage();
  server.close();
}
console.log(failed ? `${failed} failed` : 'all is as it should be');
process.exit(failed ? 1 : 0);
