// live-digits.mjs: draw a digit, and the network says what it sees.  The drawing is made as large as the
// digits of the data are and counted as they were: 32 by 32 points in blocks of 4 by 4, the ink of each
// from 0 to 16.
import trained from './live-digits.json' with { type: 'json' };
import { frame, handed, isStub, undone } from './live-panel.mjs';
import { percent, picture, set, svg } from './live-plot.mjs';
import { epochs, INIT, network, params, right, table } from './live-steps.mjs';

const FINE = 32;
const INK = 312; // so much a digit of the data has, whichever it is
const PIXELS = 64;
const CLASSES = 10;

// -- from strokes to counts
function away(x, y, [[a, b], [c, d]]) {
  const u = c - a;
  const v = d - b;
  const t = Math.min(Math.max(((x - a) * u + (y - b) * v) / (u * u + v * v || 1), 0), 1);
  return Math.hypot(x - a - t * u, y - b - t * v);
}
// strokes of points, with a line between each two; the pen is as wide as the ink asks for
export function counts(strokes, pen = 1.5) {
  const all = strokes.flat();
  const low = k => Math.min(...all.map(p => p[k]));
  const size = k => Math.max(...all.map(p => p[k])) - low(k);
  const scale = (FINE - 2 * pen) / Math.max(size(0), size(1), 4);
  const place = p => p.map((v, k) => (v - low(k) - size(k) / 2) * scale + FINE / 2);
  const lines = strokes.flatMap(s => s.map((p, i) => [place(s[Math.max(i - 1, 0)]), place(p)]));
  const out = Array(PIXELS).fill(0);
  for (let y = 0; y < FINE; y++)
    for (let x = 0; x < FINE; x++)
      if (lines.some(line => away(x + .5, y + .5, line) < pen)) out[(y >> 2) * 8 + (x >> 2)]++;
  return pen < 5 && out.reduce((a, b) => a + b) < INK ? counts(strokes, pen + .25) : out;
}

// -- the book's network: two rows with the mean and the deviation of the data stand for them; the numbers
// that training left have eight bits each
const bytes = text => Array.from(atob(text), c => c.charCodeAt(0) << 24 >> 24);
export const begin = ({ widths, mean, deviation, scale, params: numbers }) => [
  table([-1, 1].map(sign => [...mean.map((m, j) => m + sign * deviation[j]), 0]), CLASSES),
  network(widths, { init: INIT.zeros, seed: 1, rate: .1, batch: 2 }),
  params(numbers.flatMap((text, l) => bytes(text).map(b => b * scale[l]))),
];
const askAll = rows => ['live_ask', [rows.length, 1], rows.flat(), rows.length * (PIXELS + CLASSES)];
export const ask = pixels => askAll([pixels]);
const likeliest = p => p.indexOf(Math.max(...p));

// -- one's own network: it learns from most of the digits that the site has, and is tried on the others
const HIDDEN = 128;
const EPOCHS = 40;
const UNSEEN = 6; // one digit in so many
export const rowsIn = csv => csv.trim().split('\n').slice(1).map(line => line.split(',').map(Number));
async function digitsOfTheSite() {
  const answer = await fetch('digits.csv');
  if (!answer.ok) throw Error('the site doesn’t have digits.csv');
  return rowsIn(await answer.text());
}
// A program with the student's softmax, if that does all that these steps ask of it; otherwise with the
// book's, and why.
async function ready(Program, steps) {
  const why = [];
  for (const own of new Set([handed('softmax'), null])) {
    const program = await Program.start(own);
    const { said } = await program.run(...steps).catch(({ message }) => ({ said: message }));
    if (!said) return { program, own: own !== null, why: why[0] };
    program.stop();
    why.push(isStub(said) ? `${undone(said)}; solve it at the desk, and it runs here` : said);
  }
  throw Error(why.at(-1));
}
async function learn(Program, rows, hidden, tell) {
  const widths = [PIXELS, hidden, CLASSES];
  const begin = [table(rows, CLASSES), network(widths, { init: INIT.he, rate: .1, batch: 32 })];
  const made = await ready(Program, [...begin, epochs(1), right]);
  for (let epoch = 2; epoch <= EPOCHS; epoch++) {
    const answers = await made.program.run(epochs(1), right);
    if (answers.said) throw Error(answers.said);
    const [, [share]] = answers;
    tell(`epoch ${epoch} of ${EPOCHS}: of the digits that it learns from, ${percent(share)} are right`);
    await frame();
  }
  return made;
}
// of digits that it never saw, the share that it sees right
async function tried(program, rows) {
  const [[, out]] = await program.run(askAll(rows.map(r => r.slice(0, -1))));
  const seen = i => likeliest(out.subarray(rows.length * PIXELS + CLASSES * i).subarray(0, CLASSES));
  return rows.filter((row, i) => seen(i) === row.at(-1)).length / rows.length;
}

// -- what is drawn, what the network is given, and what it says
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
class Sheet {
  constructor(panel, changed) {
    Object.assign(this, { changed, strokes: [], pen: [FINE / 2, 8], down: false });
    this.svg = picture(panel.shown, FINE, FINE, 'paper', 'Paper for a digit. With the keyboard: '
      + 'arrows move the pen, Shift with an arrow draws, Delete takes a new sheet.');
    set(this.svg, { tabindex: 0, role: 'application' });
    this.ink = svg(this.svg, 'path', { class: 'pen' });
    this.tip = svg(this.svg, 'circle', { r: .8, class: 'tip' });
    const on = (event, act) => this.svg.addEventListener(event, panel.guard(act));
    on('pointerdown', e => this.begin(e));
    on('pointermove', e => this.move(e));
    on('pointerup', () => this.end());
    on('pointercancel', () => this.end());
    on('keydown', e => this.key(e));
  }
  clear() {
    this.strokes = [];
    return this.changed();
  }
  place(e) {
    const { left, top, width } = this.svg.getBoundingClientRect();
    return [e.clientX - left, e.clientY - top].map(v => v / width * FINE);
  }
  begin(e) {
    this.svg.setPointerCapture(e.pointerId);
    this.down = true;
    this.pen = this.place(e);
    this.strokes.push([this.pen]);
    return this.changed();
  }
  move(e) {
    const to = this.place(e);
    if (!this.down || Math.hypot(to[0] - this.pen[0], to[1] - this.pen[1]) < .7) return;
    this.strokes.at(-1).push(this.pen = to);
    return this.changed();
  }
  end() {
    this.down = false;
    return this.changed();
  }
  key(e) {
    const by = ARROWS[e.key];
    if (!by && e.key !== 'Delete') return;
    e.preventDefault();
    return by ? this.step(by, e.shiftKey) : this.clear();
  }
  step(by, draws) {
    const from = this.pen;
    const last = this.strokes.at(-1);
    this.pen = from.map((v, i) => Math.min(Math.max(v + by[i], 0), FINE));
    if (draws && last?.at(-1) === from) last.push(this.pen);
    else if (draws) this.strokes.push([from, this.pen]);
    return this.changed();
  }
  paint() {
    const line = stroke => `M${stroke.map(p => p.map(v => v.toFixed(2))).join('L')}h.01`;
    set(this.ink, { d: this.strokes.map(line).join('') });
    set(this.tip, { cx: this.pen[0], cy: this.pen[1] });
  }
}
export default async function digits(panel, Program) {
  let { program } = await ready(Program, [...begin(trained), ask(Array(PIXELS).fill(0))]);
  let rows;
  let learning = false;
  panel.button('New sheet', () => sheet.clear());
  if (location.protocol.startsWith('http')) { // a page that is a file has nothing to load them from
    const hidden = panel.field('hidden units', { type: 'number', value: HIDDEN, min: 1, max: 512 });
    panel.button('Train my own', () => learning || trainOwn(+hidden.value));
  }
  async function trainOwn(hidden) {
    learning = true;
    try {
      rows ??= await digitsOfTheSite();
      const others = rows.filter((row, i) => i % UNSEEN === 0);
      const known = rows.filter((row, i) => i % UNSEEN !== 0);
      const made = await learn(Program, known, hidden, text => panel.say(text, 'often'));
      program.stop();
      ({ program } = made);
      await paint();
      const share = await tried(program, others);
      const whose = made.own ? 'your own softmax' : 'the book’s softmax';
      const why = made.why ? ` With yours it stopped: ${made.why}.` : '';
      panel.say(`Now a network that you trained, with ${whose}, says what it sees; of ${
        others.length} digits that it never saw, ${percent(share)} are right.${why}`);
      panel.tell({ share, own: made.own });
    } catch (e) {
      panel.say(`Your own network can’t be trained: ${e.message}.`, 'wrong');
    } finally {
      learning = false;
    }
  }
  const sheet = new Sheet(panel, paint);
  const seen = picture(panel.shown, 8, 8, 'paper seen', 'What the network is given: 8 by 8 counts');
  const list = panel.make('ol', 'bars');
  const bars = Array.from({ length: CLASSES }, (_, value) => {
    const row = Object.assign(panel.make('li', '', list), { value });
    return { row, bar: panel.make('span', 'bar', row), text: panel.make('span', '', row) };
  });
  async function paint() {
    const some = sheet.strokes.length > 0;
    const pixels = some ? counts(sheet.strokes) : [];
    sheet.paint();
    seen.replaceChildren();
    pixels.forEach((n, i) => {
      if (n) svg(seen, 'rect', { x: i & 7, y: i >> 3, width: 1, height: 1, 'fill-opacity': n / 16 });
    });
    const p = some ? (await program.run(ask(pixels)))[0][1].subarray(PIXELS) : new Float64Array(CLASSES);
    const digit = some ? likeliest(p) : -1;
    bars.forEach(({ row, bar, text }, d) => {
      bar.style.width = `${60 * p[d]}%`;
      text.textContent = some ? percent(p[d]) : '';
      row.className = d === digit ? 'best' : '';
    });
    const seems = some && `It sees a${digit === 8 ? 'n' : ''} ${digit}, with the probability ${p[digit].toFixed(3)}.`;
    panel.say(seems || 'Draw one digit.', sheet.down ? 'often' : '');
    panel.tell({ digit });
  }
  await paint();
}
