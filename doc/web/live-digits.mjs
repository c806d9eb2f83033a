// live-digits.mjs: draw a digit, and the network says what it sees.  The drawing is made as large as the digits of the data are and
// counted as they were: 32 by 32 points in blocks of 4 by 4, the ink of each from 0 to 16.
import network from './live-digits.json' with { type: 'json' };
import { frame, handed } from './live-panel.mjs';
import { set, svg } from './live-plot.mjs';

const FINE = 32;
const INK = 312; // so much a digit of the data has, whichever it is
// strokes of points, with a line between each two: 64 counts; the pen is as wide as the ink asks for
export function counts(strokes, pen = 1.5) {
  const all = strokes.flat();
  const out = Array(64).fill(0);
  const low = k => Math.min(...all.map(p => p[k]));
  const size = k => Math.max(...all.map(p => p[k])) - low(k);
  const scale = (FINE - 2 * pen) / Math.max(size(0), size(1), 4);
  const place = p => p.map((v, k) => (v - low(k) - size(k) / 2) * scale + FINE / 2);
  const lines = strokes.flatMap(s => s.map((p, i) => [place(s[Math.max(i - 1, 0)]), place(p)]));
  const away = (x, y, [[a, b], [c, d]]) => {
    const u = c - a;
    const v = d - b;
    const t = Math.min(Math.max(((x - a) * u + (y - b) * v) / (u * u + v * v || 1), 0), 1);
    return Math.hypot(x - a - t * u, y - b - t * v);
  };
  for (let y = 0; y < FINE; y++)
    for (let x = 0; x < FINE; x++) if (lines.some(l => away(x + .5, y + .5, l) < pen))
        out[(y >> 2) * 8 + (x >> 2)]++;
  return pen < 5 && out.reduce((a, b) => a + b) < INK ? counts(strokes, pen + .25) : out;
}
// Two rows with the mean and the deviation of the data stand for them; the numbers that training left have eight bits each.
const bytes = text => Array.from(atob(text), c => c.charCodeAt(0) << 24 >> 24);
export const begin = ({ widths, mean, deviation, scale, params }) => [
  ['live_data', [2, 0, 0, 64, 10],
    [-1, 1].flatMap(s => [...mean.map((m, j) => m + s * deviation[j]), 0])],
  ['live_begin', [widths.length, 0, 1, .1, 2, 0, 0, 0], widths],
  ['live_fill', [], params.flatMap((text, l) => bytes(text).map(b => b * scale[l]))],
];
export const ask = pixels => ['live_ask', [1, 1], pixels, 74];

// One's own network: it learns from most of the digits that the site has, and is tried on the others.
const HIDDEN = 128;
const EPOCHS = 40;
const LEARNED = 1500;
const COLS = 65;
export const learn = (rows, hidden = HIDDEN,
  seed = 42) => [['live_data', [LEARNED, 0, 0, COLS - 1, 10], rows.slice(0, LEARNED).flat()], [
  'live_begin',
  [3, 3, seed, .1, 32, 0, 0, 0],
  [COLS - 1, hidden, 10],
]];
// of the digits that it never saw, the share that it sees right
export async function fresh(run, rows) {
  const others = rows.slice(LEARNED);
  const [[, out]] = await run(['live_ask', [others.length, 1], others.flatMap(r => r.slice(0, -1)),
    others.length * (COLS - 1 + 10)]);
  const right = others.filter((r, i) => {
    const p = out.subarray(others.length * (COLS - 1) + 10 * i,
      others.length * (COLS - 1) + 10 * (i + 1));
    return p.indexOf(Math.max(...p)) === r.at(-1);
  });
  return right.length / others.length;
}
async function digitsOfTheSite() {
  const answer = await fetch('digits.csv');
  if (!answer.ok) throw Error("the site doesn't have digits.csv");
  return (await answer.text()).trim().split('\n').slice(1).map(l => l.split(',').map(Number));
}
// A program with the student's softmax, if that does all that these steps ask of it; otherwise with the book's.
async function ready(Program, steps) {
  let said;
  for (const own of new Set([handed('softmax'), null])) {
    const program = await Program.start(own);
    const answers = await program.run(...steps);
    if (!answers.said) return { program, own: own !== null };
    said = answers.said;
    program.stop();
  }
  throw Error(/not begun/.test(said) ? `${said}; solve it at the desk, and it runs here` : said);
}
async function train(Program, rows, hidden, tell) {
  const { program, own } = await ready(Program, [...learn(rows, hidden), ['live_train', [1]], [
    'live_share',
    [0],
  ]]);
  for (let epoch = 2; epoch <= EPOCHS; epoch++) {
    const [, [share]] = await program.run(['live_train', [1]], ['live_share', [0]]);
    tell(
      `epoch ${epoch} of ${EPOCHS}: of the digits that it learns from, ${
        (100 * share).toFixed(1)
      } % are right`,
    );
    await frame();
  }
  return { program, own };
}

export default async function digits(panel, Program) {
  let { program } = await ready(Program, [...begin(network), ask(Array(COLS - 1).fill(0))]);
  let strokes = [];
  let down = false;
  let pen = [FINE / 2, 8];
  let rows;
  let learning = false;
  panel.button('New sheet', () => {
    strokes = [];
    return paint();
  });
  if (location.protocol.startsWith('http')) { // a page that is a file has nothing to load them from
    const hidden = panel.field('hidden units', { type: 'number', value: HIDDEN, min: 1, max: 512 },
      () => {});
    panel.button('Train my own', () => learning || trainOwn(+hidden.value));
  }
  async function trainOwn(hidden) {
    learning = true;
    try {
      rows ??= await digitsOfTheSite();
      const trained = await train(Program, rows, hidden, text => panel.say(text, false, true));
      program.stop();
      ({ program } = trained);
      await paint();
      const share = await fresh((...steps) => program.run(...steps), rows);
      panel.say(
        `Now your own network says what it sees${trained.own ? ', by your own softmax' : ''}; of ${
          rows.length - LEARNED
        } digits that it never saw, ${(100 * share).toFixed(1)} % are right.`,
      );
      panel.tell({ share, own: trained.own });
    } catch (e) {
      panel.say(`Your own network can't be trained: ${e.message}.`, true);
    } finally {
      learning = false;
    }
  }
  const sheet = svg(panel.shown, 'svg', { viewBox: `0 0 ${FINE} ${FINE}`, class: 'paper', tabindex: 0,
    role: 'application',
    'aria-label':
      'Paper for a digit. With the keyboard: arrows move the pen, Shift with an arrow draws, Delete takes a new sheet.' });
  const ink = svg(sheet, 'path', { class: 'pen' });
  const tip = svg(sheet, 'circle', { r: .8, class: 'tip' });
  const seen = svg(panel.shown, 'svg', { viewBox: '0 0 8 8', class: 'paper seen', role: 'img',
    'aria-label': 'What the network is given: 8 by 8 counts' });
  const list = panel.make('ol', 'bars');
  const bars = Array.from({ length: 10 }, (_, d) => {
    const row = Object.assign(panel.make('li', '', list), { value: d });
    return { row, bar: panel.make('span', 'bar', row), text: panel.make('span', '', row) };
  });
  async function paint() {
    const some = strokes.length > 0;
    const pixels = some ? counts(strokes) : [];
    ink.setAttribute('d',
      strokes.map(s => `M${s.map(p => p.map(v => v.toFixed(2))).join('L')}h.01`).join(''));
    set(tip, { cx: pen[0], cy: pen[1] });
    seen.replaceChildren();
    pixels.forEach((n, i) => {
      if (n) svg(seen, 'rect', { x: i & 7, y: i >> 3, width: 1, height: 1, 'fill-opacity': n / 16 });
    });
    const p = some ? (await program.run(ask(pixels)))[0][1].subarray(64) : new Float64Array(10);
    const best = some ? p.indexOf(Math.max(...p)) : -1;
    bars.forEach(({ row, bar, text }, d) => {
      bar.style.width = `${60 * p[d]}%`;
      text.textContent = some ? `${(100 * p[d]).toFixed(1)} %` : '';
      row.className = d === best ? 'best' : '';
    });
    panel.say(
      some ? `It sees a ${best}, with the probability ${p[best].toFixed(3)}.` : 'Draw one digit.',
      false,
      down,
    );
    panel.tell({ digit: best });
  }
  const place = e => {
    const { left, top, width } = sheet.getBoundingClientRect();
    return [e.clientX - left, e.clientY - top].map(v => v / width * FINE);
  };
  sheet.onpointerdown = panel.guard(e => {
    sheet.setPointerCapture(e.pointerId);
    down = true;
    strokes.push([pen = place(e)]);
    return paint();
  });
  sheet.onpointermove = panel.guard(e => {
    const to = place(e);
    if (!down || Math.hypot(to[0] - pen[0], to[1] - pen[1]) < .7) return;
    strokes.at(-1).push(pen = to);
    return paint();
  });
  sheet.onpointerup = sheet.onpointercancel = panel.guard(() => {
    down = false;
    return paint();
  });
  sheet.onkeydown = panel.guard(e => {
    const by =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
        Delete: [0, 0] }[e.key];
    const from = pen;
    if (!by) return;
    e.preventDefault();
    if (e.key === 'Delete') strokes = [];
    pen = pen.map((v, i) => Math.min(Math.max(v + by[i], 0), FINE));
    if (e.shiftKey && strokes.at(-1)?.at(-1) === from) strokes.at(-1).push(pen);
    else if (e.shiftKey) strokes.push([from, pen]);
    return paint();
  });
  await paint();
}
