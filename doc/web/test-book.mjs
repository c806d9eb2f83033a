// test-book.mjs PAGE MEASURED: the book as a page, in Chromium: is all of it there, does it hold together, can everybody read it?
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { launch } from './test-browser.mjs';

const file = fs.realpathSync(process.argv[2]);
const address = 'file://' + file;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let faults = 0;
const is = (ok, what) => {
  if (!ok) {
    faults++;
    console.log(`test-book: ${what}`);
  }
};
const none = (list, what) =>
  is(!list.length,
    `${what}: ${[...list].slice(0, 8).join(', ')}${
      list.length > 8 ? `, and ${list.length - 8} more` : ''
    }`);
const browser = await launch();
async function open(options = {}) {
  const p = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options }))
    .newPage();
  p.on('console', m => is(!['error', 'warning'].includes(m.type()), `the page says: ${m.text()}`));
  p.on('pageerror', e => is(false, `the page's script failed: ${e.message}`));
  p.on('request', r => is(/^(file|data):/.test(r.url()), `the page asks for ${r.url()}`));
  await p.goto(address);
  if (options.javaScriptEnabled !== false)
    await p.evaluate(() => document.fonts.ready.then(() => new Promise(r => setTimeout(r, 200))));
  return p;
}
// ---- size, and what holds it together
is(fs.statSync(file).size <= 2e6, `it has ${fs.statSync(file).size} bytes, more than 2,000,000`);
is(
  fs.readFileSync(file, 'utf8').includes(
    createHash('sha256').update(fs.readFileSync('nn.nw')).digest('hex'),
  ),
  'it was made of another nn.nw',
);
for (const width of [1280, 768, 390]) {
  const p = await open({ viewport: { width, height: 844 } });
  const r = await p.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    const known = new Set(ids);
    const all = s => [...document.querySelectorAll(s)];
    const links = all('a[href]').map(a => a.getAttribute('href'));
    return {
      files: links.filter(h => !/^(#|https?:)/.test(h)),
      dead: all('a[href^="#"]').map(a => a.getAttribute('href')).filter(h =>
        !known.has(decodeURIComponent(h.slice(1)))
      ),
      twice: ids.filter((x, i) => ids.indexOf(x) !== i),
      sideways: document.documentElement.scrollWidth > innerWidth,
      wide: all('main *').filter(e =>
        !e.closest('pre, .scroll, svg, blockquote') && e.getBoundingClientRect().right > innerWidth + 1
      ).map(e => e.tagName + ' ' + e.textContent.slice(0, 30)),
      wrong: all('merror, .temml-error').length,
      scrolled: all('pre, .scroll').filter(e => e.scrollWidth > e.clientWidth + 1).length,
      listings: all('pre').length,
      fonts: [...document.fonts].filter(f => f.status !== 'loaded').length,
      arrows: all('p code').filter(e =>
        e.textContent.includes('->')
        && [...e.querySelectorAll('*'), e].flatMap(x => [...x.childNodes]).some(n => {
          const at = n.data?.indexOf('->');
          const range = document.createRange();
          if (!(at >= 0)) return false;
          range.setStart(n, at);
          range.setEnd(n, at + 2);
          return range.getClientRects().length > 1;
        })
      ).map(e => e.textContent),
    };
  });
  none(r.dead, 'links that lead nowhere');
  none(r.files, 'links to files, of which the page has none beside it');
  none(r.twice, 'names of two places');
  none(r.wide, `wider than the page at ${width}`);
  none(r.arrows, `arrows in code that may break at ${width}`);
  is(!r.sideways, `the page scrolls sideways at ${width}`);
  is(!r.wrong, 'a formula is wrong');
  is(!r.fonts, 'a font is missing');
  is(r.scrolled <= 20, `${r.scrolled} formulas, tables and listings scroll at ${width}, more than 20`);
  await p.close();
}
// ---- everybody can read it: axe, in both modes
for (const colorScheme of ['light', 'dark'])
  for (const width of [1280, 390]) {
    const p = await open({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true });
    await p.addScriptTag({ path: axe });
    const found = await p.evaluate(() =>
      axe.run({ exclude: ['math', 'svg'] }, { resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }).then(r =>
          r.violations.filter(v => /serious|critical/.test(v.impact)).map(v =>
            `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)}`
          )
        )
    );
    none(found, `axe, ${colorScheme}, ${width}`);
    await p.close();
  }
// ---- words and numbers: those of the PDF
{
  const p = await open({ javaScriptEnabled: false });
  const page = await p.evaluate(() => {
    document.querySelectorAll('script, style, svg, math, details.source, nav').forEach(e => e.remove());
    document.querySelectorAll('td, th, li, p, div, h2, h3, h4, pre, figcaption, summary').forEach(e =>
      e.append(' ')
    );
    return document.body.textContent;
  });
  const pdf = execFileSync('pdftotext', ['doc/nn.pdf', '-'], { maxBuffer: 1e8 }).toString().replace(
    /ﬁ/g,
    'fi',
  ).replace(/ﬂ/g, 'fl').replace(/\u00ad/g, '');
  const words = s => new Set(s.match(/[A-Za-zÀ-ž]{4,}/g));
  const numbers = s =>
    new Set(s.replace(/(\d)[\u202f\u00a0](?=\d{3}\b)/g, '$1').match(/\d+\.\d+|\d{3,}/g));
  const whole = pdf.replace(/[-\u2010]\s*\n\s*/g, '');
  const paper = new Set([...words(pdf), ...words(whole)]);
  const close = whole.replace(/\s+/g, '');
  // a word may be divided between two pages, with notes in between
  const begun = [...new Set([...pdf.matchAll(/([A-Za-zÀ-ž]+)[-\u2010]\s*\n/g)].map(m => m[1]))];
  const divided = w =>
    begun.some(b => w.startsWith(b) && new RegExp(`\\b${w.slice(b.length)}\\b`).test(pdf));
  none(
    [...words(page)].filter(w =>
      !paper.has(w) && !close.includes(w) && !divided(w) && !/LaTeX|[a-f]{4}/.test(w)
    ),
    'words that the PDF has not',
  );
  none([...numbers(page)].filter(n => !close.includes(n)), 'numbers that the PDF has not');
  const ours = await (await open({ javaScriptEnabled: false })).evaluate(() =>
    document.documentElement.textContent.replace(/\s+/g, '')
  );
  // a word divided before a figure or a drop capital ends in a capital letter here
  none([...words(whole)].filter(w => !ours.includes(w)).filter(w => !/[a-z][A-Z]$|LATEX$/.test(w)),
    'words that only the PDF has');
  none([...numbers(pdf)].filter(n => /\./.test(n) && !ours.includes(n)),
    'numbers that only the PDF has');
  await p.close();
}
// ---- what is said of what isn't seen: a figure has a short name, and a description beside it; a chunk is a group of that name
{
  const p = await open();
  const nameless = await p.$$eval('.chunk',
    all => all.filter(e => e.role !== 'group' || !e.ariaLabel).map(e => e.id));
  none(nameless, 'chunks that are no group with a name');
  const named = await p.$$eval('.picture svg',
    all =>
      all.map(e =>
        [e.getAttribute('aria-labelledby'), e.getAttribute('aria-describedby')].map(id =>
          document.getElementById(id)?.textContent
        )
      ));
  none(named.filter(([name, description]) => !name || name.length > 30 || !description).map(String),
    'figures without a name or a description');
  is(
    await p.evaluate(() =>
      document.getElementById('bar').compareDocumentPosition(document.querySelector('main'))
      & Node.DOCUMENT_POSITION_FOLLOWING
    ),
    'the way to the contents comes after the text',
  );
  await p.close();
}
// ---- what paper can't
{
  const p = await open();
  const hidden = s => p.$eval(s, e => !e || e.hidden);
  await p.click('a.use >> nth=3');
  is(await p.$('.unfolded'), 'a chunk does not unfold in place');
  await p.focus('a.use >> nth=3');
  await p.keyboard.press('Enter');
  is(!await p.$('.unfolded'), 'a chunk does not fold again by keyboard');
  await p.hover('pre a:not([class]) >> nth=10');
  await p.waitForTimeout(400);
  is(!await hidden('#peek'), 'an identifier does not show its definition');
  await p.click('.proved a.test >> nth=0');
  is((await p.textContent('.proved .peeked')).includes('Test('), 'a test does not unfold');
  // what it last measured, for all of them: the largest number that the file has
  const worst = {};
  const plain = s => s.replace('·10', 'e').replace('−', '-');
  for (const [name, error] of fs.readFileSync(process.argv[3], 'utf8').trim().split('\n').map(l =>
    l.split('\t')
  )) worst[name] = Math.max(worst[name] ?? 0, error);
  const told = await p.$$eval('.source > div',
    all => all.map(e => [e.id.slice(5), /saw: (.*)\.$/.exec(e.querySelector('p').textContent)?.[1]]));
  none(
    told.filter(([name, error]) =>
      name in worst
        ? (error === 'none, to the last bit' ? 0 : +plain(error ?? '')) !== worst[name]
        : error
    ).map(String),
    'tests of which another error is told than was measured',
  );
  const boxed = await p.$$eval('.proved .by a.test', all => all.map(a => a.textContent));
  none(boxed.filter(name => !told.some(([of, error]) => of === name && error)),
    'tests under a boxed gradient that do not say what they measured');
  is(
    boxed.length > 3
      && (await p.textContent('.proved .peeked')).includes('The worst error that it saw'),
    'what a test measured does not unfold with it',
  );
  // the answers to the challenges are folded, and a link unfolds the one that it leads to
  const answers = await p.$$eval('.solved',
    all => all.map(e => [e.open, e.querySelector('.chunk').id]));
  is(!answers.some(([open]) => open), 'an answer to a challenge is not folded');
  if (answers.length) {
    await p.evaluate(id => {
      location.hash = id;
    }, answers[0][1]);
    await p.waitForTimeout(200);
    is(await p.$eval('.solved', e => e.open), 'a link to an answer does not unfold it');
  }
  await p.click('a.answer >> nth=0');
  is(await p.$('.ex .peeked'), 'an answer does not unfold');
  await p.keyboard.press('/');
  await p.keyboard.type('kink');
  is((await p.textContent('#found')).includes('kink'), 'the search does not find kink');
  await p.keyboard.press('Escape');
  await p.click('a.use >> nth=5'); // one that stays open must not spoil its file
  const files = await p.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.chunk')].filter(c =>
        /^file:[^:]*$/.test(c.querySelector('.head').id)
      ).map(c => {
        [...c.querySelectorAll('button')].find(b => b.textContent === 'whole file').click();
        return [c.querySelector('.head').id.slice(5), c.querySelector('.assembled').textContent];
      }),
    )
  );
  const same = s =>
    s.replace(/Generated from nn.nw \(MIT licence\); edit there\. /, '').replace(/^\/\* Generated.*\n/, '');
  const real = fs.readdirSync('tangled').filter(f => /\.[ch]$/.test(f));
  none(real.filter(f => files[f] !== same(fs.readFileSync(`tangled/${f}`, 'utf8'))),
    'files that are not put together as in tangled/');
  await p.emulateMedia({ media: 'print' });
  is(
    await p.evaluate(() =>
      [...document.querySelectorAll('pre, .scroll')].filter(e =>
        e.getBoundingClientRect().width && getComputedStyle(e).overflowX === 'auto'
      ).length
    ) === 0,
    'printed, something is cut off',
  );
  await p.close();
  const phone = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  await phone.click('#bar button');
  is(await phone.isVisible('#toc'), 'without script the contents do not open');
  await phone.click('#toc a >> nth=8');
  is(phone.url().includes('#'), 'without script the contents lead nowhere');
}
await browser.close();
console.log(faults ? `test-book: ${faults} faults` : 'test-book: the page holds');
process.exitCode = faults ? 1 : 0;
