// live-train.mjs: the spirals, trained in the page: points, boundary, loss, norms of the gradients by layer, and the published log
import { calm, frame } from './live-panel.mjs';
import { Plot, svg } from './live-plot.mjs';

const POINTS = 200;
const END = 3000;
const LOG = 500; // of each spiral; epochs of the published run; of which one in so many is logged
const SIDE = 72;
const EDGE = 2.75;
const SIZE = 300; // of the field: cells, and the plane's edge; of the picture
const RAMP = [[0x4f, 0x81, 0xb0], [0xf4, 0xf1, 0xea], [0xe8, 0xa3, 0x3d]]; // sky, bone, amber: p is 0, 1/2, 1
const COURSES = ['sky', 'rust dash', 'amber dots', 'ink thick'];
const middle = i => -EDGE + 2 * EDGE * (i + .5) / SIDE;
const at = v => (v + EDGE) / (2 * EDGE) * SIZE;
const GRID = Float64Array.from({ length: 2 * SIDE * SIDE },
  (_, n) => middle(n % 2 ? Math.floor(n / 2 / SIDE) : n / 2 % SIDE));

// the plane as the network sees it
class Plane {
  constructor(panel, parent) {
    const box = panel.make('div', 'plane', parent);
    const canvas = panel.make('canvas', '', box);
    canvas.width = canvas.height = SIDE;
    canvas.ariaHidden = 'true';
    this.context = canvas.getContext('2d');
    const over = svg(box, 'svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img',
      'aria-label':
        'The plane as the network sees it: blue where it says class 0, orange where class 1, a line between them; and the points' });
    this.line = svg(over, 'path', { class: 'boundary' });
    this.marks = svg(over, 'g');
  }
  points(xs) {
    this.marks.replaceChildren();
    for (let i = 0; i < xs.length; i += 2) {
      const x = at(xs[i]).toFixed(1);
      const y = (SIZE - at(xs[i + 1])).toFixed(1);
      if (i < xs.length / 2) svg(this.marks, 'circle', { cx: x, cy: y, r: 2.1, class: 'zero' });
      else svg(this.marks, 'path', { d: `M${x} ${y}m0-2.7 2.5 4.4h-5z`, class: 'one' });
    }
  }
  field(p) {
    const image = this.context.createImageData(SIDE, SIDE);
    p.forEach((v, i) => {
      const low = v < .5 ? 0 : 1;
      const t = 2 * v - low;
      const to = ((SIDE - 1 - Math.floor(i / SIDE)) * SIDE + i % SIDE) * 4;
      image.data.set([...RAMP[low].map((c, k) => c * (1 - t) + RAMP[low + 1][k] * t), 255], to);
    });
    this.context.putImageData(image, 0, 0);
    this.line.setAttribute('d', boundary(p));
  }
}
// in each cell between four values the line comes in through one side and leaves by another
function boundary(p) {
  const out = [];
  const cross = (r, c, up, across) => {
    const a = p[r * SIDE + c] - .5;
    const b = p[(r + up) * SIDE + c + across] - .5;
    const t = a / (a - b);
    return a >= 0 === b >= 0
      ? []
      : [`${at(middle(c + across * t)).toFixed(1)} ${(SIZE - at(middle(r + up * t))).toFixed(1)}`];
  };
  for (let r = 0; r + 1 < SIDE; r++)
    for (let c = 0; c + 1 < SIDE; c++) {
      const ends = [...cross(r, c, 0, 1), ...cross(r, c + 1, 1, 0), ...cross(r + 1, c, 0, 1),
        ...cross(r, c, 1, 0)];
      for (let k = 0; k + 1 < ends.length; k += 2) out.push(`M${ends[k]}L${ends[k + 1]}`);
    }
  return out.join('');
}
// a running mean, as in the book's figure
function smooth(a, width = 20) {
  let sum = 0;
  return a.map((v, i) => {
    sum += v - (i < width ? 0 : a[i - width]);
    return sum / Math.min(i + 1, width);
  });
}
const decade = (v, up = 0) => 10 ** (Math.floor(Math.log10(v)) + up);

export default async function train(panel, Program) {
  const program = await Program.start();
  let running = false;
  let run = null;
  let before = [];
  const go = panel.button('Train', () => (running ? pause() : play()));
  panel.button('One epoch', () => {
    pause();
    return advance(1);
  });
  panel.button('Again', () => again());
  const fault = panel.field('the gradient divided', { value: 0,
    options: [[0, 'once'], [1, 'twice, as published']] }, async () => {
    await again();
    await play();
  });
  const more = panel.make('details', '', panel.controls);
  panel.make('summary', '', more, 'rate, batch, widths, first weights, points');
  panel.controls = panel.make('div', 'controls', more);
  const number = (label, value, min, max, step = 1) =>
    panel.field(label, { type: 'number', value, min, max, step }, () => again());
  const rate = number('rate', .05, .001, 5, 'any');
  const batch = number('batch', 64, 1, 2 * POINTS);
  const widths = panel.field('hidden units', { value: '64 32 16', type: 'text', size: 9 },
    () => again());
  const init = panel.field('first weights', { value: 2,
    options: [[0, 'zeros'], [1, '0.01'], [2, 'Xavier'], [3, 'He'], [4, '2']] }, () => again());
  const noise = number('noise', .25, 0, 3, 'any');
  const points = number('seed of the points', 7, 0, 2 ** 53);
  const seed = number('seed of the weights', 42, 0, 2 ** 53);
  const left = panel.make('div');
  const right = panel.make('div');
  const plane = new Plane(panel, left);
  const log = panel.make('pre', 'log', left);
  const x = { from: 0, to: END, label: 'epoch' };
  const y = { log: true, from: .1, to: 1 };
  const loss = new Plot(right, { title: 'cross-entropy', x, y });
  const norms = new Plot(right, { title: 'norm of the gradient of W', height: 216, top: 36, x, y });
  const ghost = loss.curve('ghost');
  const raw = loss.curve('sky light');
  const course = loss.curve('blue');
  const lines = COURSES.map(name => norms.curve(name));
  const names = COURSES.map((name, l) => norms.word(name.split(' ')[0], '', 46 + 64 * l, 28));

  async function again() {
    pause();
    const w = [2, ...widths.value.split(/[\s,]+/).filter(Boolean).map(Number), 1];
    if (run?.losses.length > 1) before = run.losses;
    const answers = await program.run(['live_data', [POINTS, +noise.value, +points.value, 0, 0]], [
      'live_begin',
      [w.length, +init.value, +seed.value, +rate.value, +batch.value, 0, 0, 0],
      w,
    ]);
    run = null;
    if (answers.said) return panel.say(answers.said, true);
    const [[passed], [, xs]] = await program.run(['live_published', [+points.value, +fault.value]], [
      'live_share',
      [0],
      [],
      4 * POINTS,
      'live_points',
    ]);
    run = { losses: [], norms: w.slice(1).map(() => []), done: 0 };
    log.textContent = `gradient check as published: ${passed.toExponential(2)}`;
    plane.points(xs);
    await look();
    draw();
  }
  async function look() {
    const [[share], [, p]] = await program.run(['live_share', [0]], ['live_ask', [SIDE * SIDE, 0], GRID,
      3 * SIDE * SIDE]);
    Object.assign(run, { share, seen: performance.now() });
    plane.field(p.subarray(2 * SIDE * SIDE));
  }
  // epochs more, but not past one that is logged, nor past the end
  async function advance(epochs) {
    if (!run) return;
    const now = run;
    const logged = Math.ceil(run.done / LOG) * LOG + 1;
    const n = Math.min(epochs, logged - run.done, END - run.done % END);
    const started = performance.now();
    const answers = await program.run(['live_train', [n], [], 'value']);
    if (run !== now) return;
    take(answers[0][1] ?? [], performance.now() - started);
    const due = run.done % LOG === 1 || run.done % END === 0;
    if (answers.said) {
      pause();
      return panel.say(answers.said.replace(/epoch \d+/, `epoch ${run.done}`), true);
    }
    if (due || !running || performance.now() - run.seen > 200) await look();
    if (run !== now) return;
    if (due) note();
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
  function note() {
    const last = run.done - 1;
    if (run.done % END)
      log.textContent += `\nepoch ${String(last).padStart(5)}: loss=${
        run.losses[last].toFixed(4)
      }  acc=${run.share.toFixed(3)}`;
    else {
      pause();
      log.textContent += `\nFinal training accuracy: ${run.share.toFixed(4)}`;
    }
  }
  async function play() {
    running = !!run;
    if (running) go.textContent = 'Pause';
    for (let now = run; running && run === now;) {
      await advance(Math.round((run.pace ?? 100) * (calm() ? .5 : .08)) || 1);
      await frame();
    }
  }
  function pause() {
    running = false;
    go.textContent = 'Train';
  }
  function draw() {
    const n = run.losses.length;
    const xs = Array.from(run.losses.keys());
    const to = [500, 1000, 1500, END].find(m => m >= n) ?? Math.ceil(n / 1000) * 1000;
    const low = Math.min(...run.losses.slice(-300), ...before.slice(-300), .5);
    const all = run.norms.flatMap(a => [a[0], a[n >> 1], a[n - 1]]).filter(v => v > 0);
    loss.range({ ...x, to }, { ...y, from: decade(Math.max(low, 1e-8)) });
    norms.range({ ...x, to }, { ...y, from: decade(Math.min(...all, .1) / 2),
      to: decade(Math.max(...all, .01), 1) });
    raw.setAttribute('d', loss.path(xs, run.losses));
    course.setAttribute('d', loss.path(xs, smooth(run.losses)));
    ghost.setAttribute('d', loss.path(Array.from(before.keys()).slice(0, to), smooth(before)));
    lines.forEach((line, l) => {
      line.setAttribute('d', run.norms[l] ? norms.path(xs, smooth(run.norms[l])) : '');
      names[l].textContent = run.norms[l] ? `layer ${l + 1}` : '';
    });
    panel.say(
      [`epoch ${n}`, n && `loss ${run.losses[n - 1].toFixed(4)}`,
        `${(100 * run.share).toFixed(1)} % of the points right`,
        run.pace && `${Math.round(run.pace)} epochs a second`].filter(Boolean).join(', '),
      false,
      running,
    );
    panel.tell({ epoch: n, loss: run.losses[n - 1] ?? '' });
  }
  panel.element.addEventListener('pause', pause);
  await again();
}
