// live-train.mjs: the spirals, trained in the page: points, boundary, loss, norms of the gradients by
// layer, and the published log.
import { calm, Clock } from './live-panel.mjs';
import { decade, numbersIn, percent, picture, Plot, set, svg } from './live-plot.mjs';
import { epochs, INIT, network, right, spirals } from './live-steps.mjs';

const POINTS = 200; // of each spiral
const END = 3000; // epochs of the published run
const LOG = 500; // of which one in so many is logged
const SIDE = 72; // of the field, in cells
const EDGE = 2.75; // of the plane, from its middle
const SIZE = 300; // of the picture
const RAMP = [[0x4f, 0x81, 0xb0], [0xf4, 0xf1, 0xea], [0xe8, 0xa3, 0x3d]]; // sky, bone, amber: p is 0, 1/2, 1
const COURSES = ['sky', 'rust dash', 'amber dots', 'ink thick'];
const FIRST = [['zeros', 'zeros'], ['small', '0.01'], ['xavier', 'Xavier'], ['he', 'He'], ['large', '2']];

// -- the plane as the network sees it
const middle = i => -EDGE + 2 * EDGE * (i + .5) / SIDE;
const at = v => (v + EDGE) / (2 * EDGE) * SIZE;
const place = (x, y) => `${at(x).toFixed(1)} ${(SIZE - at(y)).toFixed(1)}`;
const GRID = Float64Array.from({ length: 2 * SIDE * SIDE },
  (_, n) => middle(n % 2 ? Math.floor(n / 2 / SIDE) : n / 2 % SIDE));

class Plane {
  constructor(panel, parent) {
    const box = panel.make('div', 'plane', parent);
    const canvas = panel.make('canvas', '', box);
    canvas.width = canvas.height = SIDE;
    canvas.ariaHidden = 'true';
    this.context = canvas.getContext('2d');
    const over = picture(box, SIZE, SIZE, '', 'The plane as the network sees it: '
      + 'blue where it says class 0, orange where class 1, a line between them; and the points');
    this.line = svg(over, 'path', { class: 'boundary' });
    this.marks = svg(over, 'g');
  }
  points(xs) {
    this.marks.replaceChildren();
    for (let i = 0; i < xs.length; i += 2) {
      const [cx, cy] = place(xs[i], xs[i + 1]).split(' ');
      if (i < xs.length / 2) svg(this.marks, 'circle', { cx, cy, r: 2.1, class: 'zero' });
      else svg(this.marks, 'path', { d: `M${cx} ${cy}m0-2.7 2.5 4.4h-5z`, class: 'one' });
    }
  }
  field(p) {
    const image = this.context.createImageData(SIDE, SIDE);
    p.forEach((v, i) => {
      const low = v < .5 ? 0 : 1;
      const t = 2 * v - low;
      const row = SIDE - 1 - Math.floor(i / SIDE);
      const colour = RAMP[low].map((c, k) => c * (1 - t) + RAMP[low + 1][k] * t);
      image.data.set([...colour, 255], 4 * (row * SIDE + i % SIDE));
    });
    this.context.putImageData(image, 0, 0);
    set(this.line, { d: boundary(p) });
  }
}
// in each cell between four values the line comes in through one side and leaves by another
function boundary(p) {
  const out = [];
  function cross(r, c, up, across) {
    const a = p[r * SIDE + c] - .5;
    const b = p[(r + up) * SIDE + c + across] - .5;
    const t = a / (a - b);
    return a >= 0 === b >= 0 ? [] : [place(middle(c + across * t), middle(r + up * t))];
  }
  for (let r = 0; r + 1 < SIDE; r++)
    for (let c = 0; c + 1 < SIDE; c++) {
      const sides = [[r, c, 0, 1], [r, c + 1, 1, 0], [r + 1, c, 0, 1], [r, c, 1, 0]];
      const ends = sides.flatMap(side => cross(...side));
      for (let k = 0; k + 1 < ends.length; k += 2) out.push(`M${ends[k]}L${ends[k + 1]}`);
    }
  return out.join('');
}

// -- loss and norms
// a running mean, as in the book's figure
function smooth(a, width = 20) {
  let sum = 0;
  return a.map((v, i) => {
    sum += v - (i < width ? 0 : a[i - width]);
    return sum / Math.min(i + 1, width);
  });
}

class Courses {
  constructor(parent) {
    this.x = { from: 0, to: END, label: 'epoch' };
    this.y = { log: true, from: .1, to: 1 };
    this.loss = new Plot(parent, { title: 'cross-entropy', x: this.x, y: this.y });
    this.norms = new Plot(parent,
      { title: 'norm of the gradient of W', height: 216, top: 36, x: this.x, y: this.y });
    [this.ghost, this.raw, this.mean] = ['ghost', 'sky light', 'blue'].map(name => this.loss.curve(name));
    this.layers = COURSES.map((name, l) =>
      ({ curve: this.norms.curve(name), name: this.norms.word(name, '', 46 + 64 * l, 28) }));
  }
  range(losses, norms, to) {
    const greatest = Math.max(...norms, .01);
    const least = Math.min(...norms, .1);
    this.loss.range({ ...this.x, to }, { ...this.y, from: decade(Math.max(Math.min(...losses, .5), 1e-8)) });
    this.norms.range({ ...this.x, to }, { ...this.y, from: decade(least / 2), to: 10 * decade(greatest) });
  }
  draw({ losses, norms }, before) {
    const n = losses.length;
    const to = [500, 1000, 1500, END].find(m => m >= n) ?? Math.ceil(n / 1000) * 1000;
    const some = norms.flatMap(a => [a[0], a[n >> 1], a[n - 1]]).filter(v => v > 0);
    const xs = [...losses.keys()];
    this.range([...losses.slice(-300), ...before.slice(-300)], some, to);
    this.loss.draw(this.raw, xs, losses);
    this.loss.draw(this.mean, xs, smooth(losses));
    this.loss.draw(this.ghost, [...before.keys()].slice(0, to), smooth(before));
    this.layers.forEach(({ curve, name }, l) => {
      this.norms.draw(curve, norms[l] ? xs : [], smooth(norms[l] ?? []));
      name.textContent = norms[l] ? `layer ${l + 1}` : '';
    });
  }
}

// -- the figure
export default async function train(panel, Program) {
  const program = await Program.start();
  let run = null;
  let before = [];
  const clock = new Clock(panel, 'Train', () => {
    const seconds = calm() ? .5 : .08;
    return advance(Math.round((run?.pace ?? 100) * seconds) || 1);
  });
  panel.button('One epoch', () => {
    clock.pause();
    return advance(1);
  });
  panel.button('Again', again);
  const faults = [[0, 'once'], [1, 'twice, as published']];
  const fault = panel.choice('the gradient divided', faults, 0, async () => {
    await again();
    await clock.play();
  });
  const more = panel.make('details', '', panel.controls);
  panel.make('summary', '', more, 'rate, batch, widths, first weights, points');
  panel.controls = panel.make('div', 'controls', more);
  const number = (label, value, min, max, step = 1) =>
    panel.field(label, { type: 'number', value, min, max, step }, again);
  const rate = number('rate', .05, .001, 5, 'any');
  const batch = number('batch', 64, 1, 2 * POINTS);
  const several = { pattern: '([1-9][0-9]{0,2}[ ,]*)*', title: 'numbers from 1 to 999, with blanks between them' };
  const widths = panel.field('hidden units', { type: 'text', value: '64 32 16', size: 9, ...several }, again);
  const init = panel.choice('first weights', FIRST, 'xavier', again);
  const noise = number('noise', .25, 0, 3, 'any');
  const points = number('seed of the points', 7, 0, 2 ** 53);
  const seed = number('seed of the weights', 42, 0, 2 ** 53);
  const left = panel.make('div');
  const plane = new Plane(panel, left);
  const log = panel.make('pre', 'log', left);
  const courses = new Courses(panel.make('div'));

  async function again() {
    clock.pause();
    if (run?.losses.length > 1) before = run.losses;
    const w = [2, ...numbersIn(widths.value), 1];
    const answers = await program.run(
      spirals(POINTS, +noise.value, +points.value),
      network(w, { init: INIT[init.value], seed: +seed.value, rate: +rate.value, batch: +batch.value }),
    );
    run = null;
    if (answers.said) return panel.say(answers.said, 'wrong');
    const [[passed], [, xs]] = await program.run(
      ['live_published', [+points.value, +fault.value]],
      ['live_share', [0], [], 4 * POINTS, 'live_points'],
    );
    run = { losses: [], norms: w.slice(1).map(() => []), done: 0 };
    log.textContent = `gradient check as published: ${passed.toExponential(2)}`;
    plane.points(xs);
    await look();
    draw();
  }
  async function look() {
    const now = run;
    const cells = SIDE * SIDE;
    const [[share], [, p]] = await program.run(right, ['live_ask', [cells, 0], GRID, 3 * cells]);
    Object.assign(now, { share, seen: performance.now() });
    plane.field(p.subarray(2 * cells));
  }
  // epochs more, but not past one that is logged, nor past the end
  async function advance(most) {
    if (!run) return clock.pause();
    const now = run;
    const logged = Math.ceil(run.done / LOG) * LOG + 1;
    const started = performance.now();
    const answers = await program.run(epochs(Math.min(most, logged - run.done, END - run.done % END)));
    if (run !== now) return;
    take(answers[0][1] ?? [], performance.now() - started);
    const ended = run.done % END === 0;
    const due = ended || run.done % LOG === 1;
    if (ended || answers.said) clock.pause();
    if (answers.said) return panel.say(answers.said.replace(/epoch \d+/, `epoch ${run.done}`), 'wrong');
    if (due || !clock.turn || performance.now() - run.seen > 200) await look();
    if (run !== now) return;
    if (due) note(ended);
    draw();
  }
  function take(rows, time) {
    const width = 3 + run.norms.length;
    for (let i = 0; i < rows.length; i += width) {
      run.losses.push(rows[i + 1]);
      run.norms.forEach((list, l) => list.push(rows[i + 3 + l]));
    }
    run.pace = rows.length / width / time * 1000;
    run.done += rows.length / width;
  }
  function note(ended) {
    const last = run.done - 1;
    const loss = run.losses[last].toFixed(4);
    log.textContent += ended
      ? `\nFinal training accuracy: ${run.share.toFixed(4)}`
      : `\nepoch ${String(last).padStart(5)}: loss=${loss}  acc=${run.share.toFixed(3)}`;
  }
  function draw() {
    const epoch = run.losses.length;
    const loss = run.losses.at(-1);
    courses.draw(run, before);
    const words = [
      `${epoch} epoch${epoch === 1 ? '' : 's'}`,
      epoch && `loss ${loss.toFixed(4)}`,
      `${percent(run.share)} of the points right`,
      run.pace && `${Math.round(run.pace)} epochs a second`,
    ];
    panel.say(words.filter(Boolean).join(', '), clock.turn ? 'often' : '');
    panel.tell({ epoch, loss: loss ?? '' });
  }
  await again();
}
