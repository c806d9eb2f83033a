// test-book.mjs PAGE MEASURED: the book as a page, in Chromium: is all of it there, does it hold together,
// can everybody read it?
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chunksOf } from './desk-nw.mjs';
import { hear, keys, launch } from './test-browser.mjs';

const [, , page, measured] = process.argv;
const file = fs.realpathSync(page);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let faults = 0;
function is(ok, what) {
  if (ok) return;
  faults++;
  console.log(`test-book: ${what}`);
}
const SHOWN = 8; // of a list
function none(list, what) {
  const more = list.length > SHOWN ? `, and ${list.length - SHOWN} more` : '';
  is(!list.length, `${what}: ${list.slice(0, SHOWN).join(', ')}${more}`);
}
const browser = await launch();
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const p = await context.newPage();
  hear(p, trouble => is(false, trouble));
  p.on('request', r => is(/^(file|data):/.test(r.url()), `the page asks for ${r.url()}`));
  await p.goto(`file://${file}`);
  if (options.javaScriptEnabled !== false)
    await p.evaluate(() => document.fonts.ready.then(() => new Promise(r => setTimeout(r, 200))));
  return p;
}

// ---- size, and what holds it together
const { size } = fs.statSync(file);
const sum = createHash('sha256').update(fs.readFileSync('nn.nw')).digest('hex');
is(size <= 2e6, `it has ${size} bytes, more than 2,000,000`);
is(fs.readFileSync(file, 'utf8').includes(sum), 'it was made of another nn.nw');

// in the page
function structure() {
  const all = selector => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map(e => e.id);
  const known = new Set(ids);
  const links = all('a[href]').map(a => a.getAttribute('href'));
  const isWide = e => e.scrollWidth > e.clientWidth + 1;
  const sticksOut = e => e.getBoundingClientRect().right > innerWidth + 1;
  function breaks(node) { // within an arrow, or between the dashes of an option
    const range = document.createRange();
    return Array.from(node.data?.matchAll(/->|--\w/g) ?? []).some(({ index }) => {
      range.setStart(node, index);
      range.setEnd(node, index + 2);
      return range.getClientRects().length > 1;
    });
  }
  const isSmall = e => parseFloat(getComputedStyle(e).fontSize) < 11;
  function isNarrow(e) { // for a finger
    const { width, height } = e.getBoundingClientRect();
    return width && Math.min(width, height) < 24;
  }
  // brackets and bars of a formula that aren't as high as their fellow
  function uneven(formula) {
    const opened = [];
    const wrong = [];
    for (const e of formula.querySelectorAll('mo')) {
      const sign = e.textContent;
      if ('([⟨'.includes(sign)) opened.push(e);
      const fellow = ')]⟩'.includes(sign) && opened.pop();
      if (fellow && Math.abs(fellow.getBoundingClientRect().height - e.getBoundingClientRect().height) > 2)
        wrong.push(formula.textContent.slice(0, 40));
    }
    return wrong;
  }
  const nodes = e => [...e.querySelectorAll('*'), e].flatMap(x => [...x.childNodes]);
  const outside = e => !e.closest('pre, .scroll, svg, blockquote');
  return {
    files: links.filter(href => !/^(#|https?:)/.test(href)),
    dead: links.filter(href => href[0] === '#' && !known.has(decodeURIComponent(href.slice(1)))),
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    sideways: document.documentElement.scrollWidth > innerWidth,
    wide: all('main *').filter(e => outside(e) && sticksOut(e))
      .map(e => `${e.tagName} ${e.textContent.slice(0, 30)}`),
    uneven: all('math').flatMap(uneven),
    wrong: all('merror, .temml-error').length,
    scrolled: all('pre, .scroll').filter(isWide).length,
    small: all('main code').filter(isSmall).map(e => e.textContent),
    narrow: all('button, .head .n a').filter(isNarrow).map(e => e.textContent),
    level: all('.w').map(e => e.className + getComputedStyle(e).getPropertyValue('--d'))
      .filter(name => !/^w( d(\d+)\2|0)$/.test(name)),
    fonts: [...document.fonts].filter(font => font.status !== 'loaded').length,
    arrows: all('.w, :not(pre) > code').filter(e => /->|--/.test(e.textContent) && nodes(e).some(breaks))
      .map(e => e.textContent),
  };
}
for (const width of [1280, 768, 390]) {
  const p = await open({ viewport: { width, height: 844 } });
  const r = await p.evaluate(structure);
  none(r.dead, 'links that lead nowhere');
  none(r.files, 'links to files, of which the page has none beside it');
  none(r.twice, 'names of two places');
  none(r.wide, `wider than the page at ${width}`);
  none(r.arrows, `arrows and options in code that break at ${width}`);
  none(r.small, `code of less than 11 px at ${width}`);
  if (width === 390) none(r.narrow, 'buttons and links of less than 24 px');
  if (width === 390) none(r.level, 'lines of code that go on elsewhere than under where they begin');
  is(!r.sideways, `the page scrolls sideways at ${width}`);
  is(!r.wrong, 'a formula is wrong');
  none(r.uneven, `brackets of two heights at ${width}`);
  is(!r.fonts, 'a font is missing');
  is(r.scrolled <= 20, `${r.scrolled} formulas, tables and listings scroll at ${width}, more than 20`);
  await p.close();
}

// ---- everybody can read it: axe, in both modes, in the second by what isn't the same in both
const runAxe = runOnly => axe.run({ exclude: ['math', 'svg'] }, { resultTypes: ['violations'], runOnly });
for (const [colorScheme, width, rules] of [
  ['light', 1280, ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']],
  ['dark', 390, ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable']],
]) {
  const p = await open({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true });
  await p.addScriptTag({ path: axe });
  const { violations } = await p.evaluate(runAxe, rules);
  const serious = violations.filter(v => /serious|critical/.test(v.impact));
  const words = ({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 120)}`;
  none(serious.map(words), `axe, ${colorScheme}, ${width}`);
  await p.close();
}

// ---- words and numbers: those of the PDF
{
  const p = await open({ javaScriptEnabled: false });
  const all = await p.evaluate(() => document.documentElement.textContent.replace(/\s+/g, ''));
  const text = await p.evaluate(() => {
    const every = (selector, act) => document.querySelectorAll(selector).forEach(act);
    every('script, style, svg, math, details.source, nav', e => e.remove());
    every('td, th, li, p, div, h2, h3, h4, pre, figcaption, summary', e => e.append(' '));
    return document.body.textContent;
  });
  const pdf = execFileSync('pdftotext', ['doc/nn.pdf', '-'], { maxBuffer: 1e8 }).toString()
    .replace(/ﬁ/g, 'fi').replace(/ﬂ/g, 'fl').replace(/\u00ad/g, '');
  const whole = pdf.replace(/[-\u2010]\s*\n\s*/g, '');
  const close = whole.replace(/\s+/g, '');
  const words = s => new Set(s.match(/[A-Za-zÀ-ž]{4,}/g));
  const bare = s => s.replace(/(\d)[\u202f\u00a0](?=\d{3}\b)/g, '$1');
  const numbers = s => [...new Set(bare(s).match(/\d+\.\d+|\d{3,}/g))];
  const paper = new Set([...words(pdf), ...words(whole)]);
  // a word may be divided between two pages, with notes in between
  const begun = [...new Set(Array.from(pdf.matchAll(/([A-Za-zÀ-ž]+)[-\u2010]\s*\n/g), found => found[1]))];
  const isDivided = word =>
    begun.some(b => word.startsWith(b) && RegExp(`\\b${word.slice(b.length)}\\b`).test(pdf));
  const isOdd = word => /LaTeX|[a-f]{4}/.test(word);
  const isThere = word => paper.has(word) || close.includes(word) || isDivided(word) || isOdd(word);
  none([...words(text)].filter(word => !isThere(word)), 'words that the PDF has not');
  none(numbers(text).filter(n => !close.includes(n)), 'numbers that the PDF has not');
  // a word divided before a caption or a drop capital ends in that here
  const isCut = word => /[a-z]([A-Z]|Figure|Table)$|LATEX$/.test(word);
  none([...words(whole)].filter(word => !all.includes(word) && !isCut(word)), 'words that only the PDF has');
  none(numbers(pdf).filter(n => n.includes('.') && !all.includes(n)), 'numbers that only the PDF has');
  await p.close();
}

// ---- what is said of what isn't seen: a figure has a short name, and a description beside it; a chunk is
// a group of that name
{
  const p = await open();
  const nameless = await p.$$eval('.chunk',
    all => all.filter(e => e.role !== 'group' || !e.ariaLabel).map(e => e.id));
  const named = await p.$$eval('.picture svg', all => {
    const text = id => document.getElementById(id)?.textContent;
    return all.map(e => ['aria-labelledby', 'aria-describedby'].map(key => text(e.getAttribute(key))));
  });
  const isPoor = ([name, description]) => !name || name.length > 30 || !description;
  const order = await p.evaluate(() =>
    document.getElementById('bar').compareDocumentPosition(document.querySelector('main'))
    & Node.DOCUMENT_POSITION_FOLLOWING);
  none(nameless, 'chunks that are no group with a name');
  none(named.filter(isPoor).map(String), 'figures without a name or a description');
  is(order, 'the way to the contents comes after the text');
  await p.close();
}

// ---- what paper can't: what is unfolded, shown, found
{
  const p = await open();
  const text = selector => p.textContent(selector);
  await p.click('a.use >> nth=3');
  is(await p.$('.unfolded'), 'a chunk does not unfold in place');
  await p.focus('a.use >> nth=3');
  await keys(p, 'Enter');
  is(!await p.$('.unfolded'), 'a chunk does not fold again by keyboard');
  const torn = await p.$$eval('main > * a.use', uses => {
    const code = part => part.querySelector('pre code').textContent.replace(/\n*$/, '\n');
    const wrong = [];
    for (const use of uses) {
      const head = document.getElementById(decodeURIComponent(use.hash.slice(1))).closest('.chunk').querySelector('.head').id;
      let wanted = '';
      for (let part = document.getElementById(head), n = 2; part; part = document.getElementById(`${head}:${n++}`))
        wanted += code(part.closest('.chunk'));
      use.click();
      const box = use.unfolded.textContent;
      use.click();
      if (box !== wanted) wrong.push(`${use.textContent}: ${box}`);
    }
    return wrong;
  });
  none(torn, 'chunks that are unfolded otherwise than they stand');
  await p.hover('pre a:not([class]) >> nth=10');
  await p.waitForTimeout(400);
  is(!await p.$eval('#peek', e => e.hidden), 'an identifier does not show its definition');
  const poor = await p.evaluate(() => {
    const peek = document.getElementById('peek');
    return [...document.querySelectorAll('main pre a:not([class])')].filter(a => {
      a.focus({ focusVisible: true });
      const { top, bottom } = peek.getBoundingClientRect();
      const text = peek.querySelector('pre').textContent;
      const opens = text.split('/*').length === text.split('*/').length;
      return peek.hidden || top < 0 || bottom > innerHeight || !opens || /^\s|=$|^(?!#)[^]*\n#/.test(text);
    }).map(a => a.textContent);
  });
  none(poor, 'definitions that are cut, or out of the window');
  await p.click('.proved a.test >> nth=0');
  const peeked = await text('.proved .peeked');
  is(peeked.includes('Test('), 'a test does not unfold');
  is(peeked.includes('The worst error that it saw'), 'what a test measured does not unfold with it');

  // what a test last measured, for all of them: the largest number that the file has
  const worst = {};
  for (const line of fs.readFileSync(measured, 'utf8').trim().split('\n')) {
    const [name, error] = line.split('\t');
    worst[name] = Math.max(worst[name] ?? 0, error);
  }
  const told = await p.$$eval('.source > div',
    all => all.map(e => [e.id.slice(5), /saw: (.*)\.$/.exec(e.querySelector('p').textContent)?.[1]]));
  const plain = s => s === 'none, to the last bit' ? 0 : +s.replace('·10', 'e').replace('−', '-');
  const isOther = ([name, error = '']) => name in worst ? plain(error) !== worst[name] : error;
  none(told.filter(isOther).map(String), 'tests of which another error is told than was measured');
  const boxed = await p.$$eval('.proved .by a.test', all => all.map(a => a.textContent));
  const says = Object.fromEntries(told);
  is(boxed.length > 3, 'hardly any boxed gradient has its test');
  none(boxed.filter(name => !says[name]), 'tests under a boxed gradient that do not say what they measured');

  // the answers to the challenges are folded, and a link unfolds the one that it leads to
  const answers = await p.$$eval('.solved', all => all.map(e => [e.open, e.querySelector('.chunk').id]));
  is(!answers.some(([open]) => open), 'an answer to a challenge is not folded');
  if (answers.length) {
    await p.evaluate(id => {
      location.hash = id;
    }, answers[0][1]);
    await p.waitForTimeout(200);
    is(await p.$eval('.solved', e => e.open), 'a link to an answer does not unfold it');
  }
  await p.focus('a.answer >> nth=0');
  await keys(p, 'Space');
  is(await p.$('.ex .peeked'), 'an answer does not unfold by the space bar');
  await p.$$eval('a.answer', all => all.forEach(a => a.click()));
  is(!await p.$('.peeked button'), 'an answer that is unfolded has buttons, which do nothing');
  await keys(p, '/');
  await p.keyboard.type('kink');
  is((await text('#found')).includes('kink'), 'the search does not find kink');
  for (const [wanted, hit] of [['ln 2', 'ln 2, loss of who knows nothing '], ['the_adjoint', 'backward_is_the_adjoint']]) {
    await p.fill('#search', wanted);
    is((await text('#found')).includes(hit), `the search for ${wanted} says ${await text('#found')}`);
  }
  await p.fill('#search', 'sum_part'); // which the index hasn't
  is((await text('#found')).includes('code, '), 'the search does not find what only code has');
  const before = p.url();
  await keys(p, 'Escape', 'Enter');
  is(p.url() === before, 'an empty search leads somewhere');
  await p.evaluate(() => {
    location.hash = '#100%';
  });
  await p.evaluate(hash => {
    location.hash = hash;
  }, new URL(before).hash);

  // back leads to where one was, not to the heading above it
  await p.evaluate(() => {
    location.hash = '#s2.1';
    scrollBy(0, 700);
  });
  await p.waitForTimeout(200);
  const left = await p.evaluate(() => {
    const there = scrollY;
    const isBelow = a => a.getBoundingClientRect().top > 0 && !a.matches('.link, [role=button], nav a');
    [...document.querySelectorAll('main a[href^="#"]')].find(isBelow).click();
    return there;
  });
  await p.goBack();
  await p.waitForTimeout(200);
  const back = await p.evaluate(() => scrollY);
  is(Math.abs(back - left) < 2, `back leads to ${back}, not to ${left}`);

  // each chunk is copied as nn.nw has it
  const copied = await p.$$eval('.chunk > .head button', async all => {
    const texts = [];
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => texts.push(text) } });
    for (const button of all.filter(b => b.textContent === 'copy')) await button.onclick();
    return texts;
  });
  const written = [...chunksOf(fs.readFileSync('nn.nw', 'utf8').split('\n')).values()].flat()
    .sort((a, b) => a.head - b.head).map(({ code }) => code.join('\n').trimEnd());
  is(copied.length === written.length, `${copied.length} of ${written.length} chunks can be copied`);
  const isOtherText = (text, i) => text.trimEnd() !== written[i];
  none(copied.filter(isOtherText), 'chunks that are copied otherwise than they stand in nn.nw');

  await p.click('a.use >> nth=5'); // one that stays open must not spoil its file
  const files = await p.$$eval('.chunk', all => {
    const heads = all.map(chunk => chunk.querySelector('.head')).filter(({ id }) => /^file:[^:]*$/.test(id));
    return Object.fromEntries(heads.map(head => {
      [...head.querySelectorAll('button')].find(b => b.textContent === 'whole file').click();
      return [head.id.slice('file:'.length), head.parentElement.querySelector('.assembled').textContent];
    }));
  });
  const real = fs.readdirSync('tangled').filter(name => /\.[ch]$/.test(name));
  const unmarked = s =>
    s.replace(/Generated from nn.nw \(MIT licence\); edit there\. /, '').replace(/^\/\* Generated.*\n/, '');
  const isOtherFile = name => files[name] !== unmarked(fs.readFileSync(`tangled/${name}`, 'utf8'));
  none(real.filter(isOtherFile), 'files that are not put together as in tangled/');
  await p.emulateMedia({ media: 'print' });
  const cut = await p.$$eval('pre, .scroll', all =>
    all.filter(e => e.getBoundingClientRect().width && getComputedStyle(e).overflowX === 'auto').length);
  is(!cut, 'printed, something is cut off');
  const paper = await p.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--back'));
  is(paper === 'white', `printed, the paper is ${paper}`);
  await p.close();
}
{
  const p = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  await p.click('#bar button');
  is(await p.isVisible('#toc'), 'without script the contents do not open');
  await p.click('#toc a >> nth=8');
  is(p.url().includes('#'), 'without script the contents lead nowhere');
}
await browser.close();
console.log(faults ? `test-book: ${faults} faults` : 'test-book: the page holds');
process.exitCode = faults ? 1 : 0;
