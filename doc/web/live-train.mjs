// live-train.mjs: the spirals, trained in the page: points, the boundary, the loss, the gradients' norms by layer, the published log
import { Plot, svg, set } from './live-plot.mjs';
import { frame } from './live-panel.mjs';

export const SIDE = 72, EDGE = 2.75, POINTS = 200, END = 3000, LOG = 500;
export const lineOf = (epoch, loss, share) => `epoch ${String(epoch).padStart(5)}: loss=${loss.toFixed(4)}  acc=${share.toFixed(3)}`;
const middle = i => -EDGE + 2 * EDGE * (i + .5) / SIDE;
export const GRID = Float64Array.from({ length: SIDE * SIDE * 2 }, (_, n) => middle(n % 2 ? Math.floor(n / 2 / SIDE) : (n / 2) % SIDE));
const RAMP = [[0x4f, 0x81, 0xb0], [0xf4, 0xf1, 0xea], [0xe8, 0xa3, 0x3d]];     // sky, bone, amber

// the field of colours, the line where p is one half, and the points
function plane(panel, parent) {
  const box = panel.make('div', 'plane', parent), canvas = panel.make('canvas', '', box), size = 300, at = v => (v + EDGE) / (2 * EDGE) * size;
  canvas.width = canvas.height = SIDE;
  const over = svg(box, 'svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': 'The plane as the network sees it: blue where it says class 0, orange where it says class 1, a line between them, and the points' });
  const line = svg(over, 'path', { class: 'boundary' }), marks = svg(over, 'g'), context = canvas.getContext('2d');
  return {
    points(x) {
      marks.replaceChildren();
      for (let i = 0; i < x.length / 2; i++) {
        const X = at(x[2 * i]).toFixed(1), Y = (size - at(x[2 * i + 1])).toFixed(1);
        if (i < x.length / 4) svg(marks, 'circle', { cx: X, cy: Y, r: 2.1, class: 'zero' }); else svg(marks, 'path', { d: `M${X} ${Y}m0-2.7 2.5 4.4h-5z`, class: 'one' });
      }
    },
    field(p) {
      const image = context.createImageData(SIDE, SIDE), d = [];
      for (let i = 0; i < SIDE * SIDE; i++) {
        const low = p[i] < .5 ? 0 : 1, t = 2 * p[i] - low, to = ((SIDE - 1 - Math.floor(i / SIDE)) * SIDE + i % SIDE) * 4;
        for (let k = 0; k < 3; k++) image.data[to + k] = RAMP[low][k] * (1 - t) + RAMP[low + 1][k] * t;
        image.data[to + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      const cut = (r, c, dr, dc) => { const a = p[r * SIDE + c] - .5, b = p[(r + dr) * SIDE + c + dc] - .5; return a >= 0 === b >= 0 ? [] : [[at(middle(c + dc * a / (a - b))), size - at(middle(r + dr * a / (a - b)))]]; };
      for (let r = 0; r + 1 < SIDE; r++) for (let c = 0; c + 1 < SIDE; c++) {
        const ends = [...cut(r, c, 0, 1), ...cut(r, c + 1, 1, 0), ...cut(r + 1, c, 0, 1), ...cut(r, c, 1, 0)];
        for (let k = 0; k + 1 < ends.length; k += 2) d.push(`M${ends[k].map(v => v.toFixed(1))}L${ends[k + 1].map(v => v.toFixed(1))}`);
      }
      line.setAttribute('d', d.join(''));
    },
  };
}

// a running mean, as the figure of the book has it
const smooth = (a, width = 20) => { let sum = 0; return a.map((v, i) => { sum += v - (i < width ? 0 : a[i - width]); return sum / Math.min(i + 1, width); }); };
export default async function train(panel, Program) {
  let running = false, run = null, before = [];
  const { element } = panel, program = await Program.start();
  const go = panel.button('Train', () => (running ? pause() : play()));
  panel.button('One epoch', () => { pause(); advance(1); });
  panel.button('Again', () => again());
  const fault = panel.field('the gradient divided', { value: '0', options: [['0', 'once'], ['1', 'twice, as published']] }, async () => { await again(); play(); });
  const more = panel.make('details', '', panel.controls);
  panel.make('summary', '', more, 'rate, batch, widths, first weights, points');
  panel.controls = panel.make('div', 'controls', more);
  const number = (label, value, min, max, step = 1) => panel.field(label, { type: 'number', value, min, max, step }, () => again());
  const rate = number('rate', .05, .001, 5, 'any'), batch = number('batch', 64, 1, 400);
  const widths = panel.field('hidden units', { value: '64 32 16', type: 'text', size: 9 }, () => again());
  const init = panel.field('first weights', { value: 2, options: [[0, 'zeros'], [1, '0.01'], [2, 'Xavier'], [3, 'He'], [4, '2']] }, () => again());
  const noise = number('noise', .25, 0, 3, 'any'), data = number('seed of the points', 7, 0, 2 ** 53), seed = number('seed of the weights', 42, 0, 2 ** 53);
  const left = panel.make('div'), field = plane(panel, left), log = panel.make('pre', 'log', left);
  const side = panel.make('div'), loss = new Plot(side, { title: 'cross-entropy', x: { from: 0, to: 500, label: 'epoch' }, y: { log: true, from: .01, to: 1 } });
  const norms = new Plot(side, { title: 'norm of the gradient of W', x: { from: 0, to: 500, label: 'epoch' }, y: { log: true, from: 1e-3, to: 1 } });
  const ghost = loss.curve('ghost'), course = loss.curve('blue'), lines = ['sky', 'rust dash', 'amber dots', 'ink thick'].map(n => norms.curve(n));
  const names = lines.map((_, i) => norms.word(['sky', 'rust', 'amber', 'ink'][i], '', 0, 0, 'end'));

  async function again() {
    pause();
    const hidden = widths.value.split(/[\s,]+/).filter(Boolean).map(Number), w = [2, ...hidden, 1];
    if (run?.losses.length > 1) before = run.losses;
    const answers = await program.run(['live_data', [POINTS, +noise.value, +data.value, 0, 0]],
      ['live_begin', [w.length, +init.value, +seed.value, +rate.value, +batch.value, 0, 0, 0], w]);
    if (!answers[1][0]) { run = null; return panel.say(answers.said, true); }
    const [[passed], [, points]] = await program.run(['live_published', [+data.value, +fault.value]],
      ['live_share', [0], [], 4 * POINTS, 'live_points']);
    run = { losses: [], norms: w.slice(1).map(() => []), done: 0, layers: w.length - 1, share: NaN };
    log.textContent = `gradient check as published: ${passed.toExponential(2)}`;
    field.points(points);
    await look();
    draw();
  }
  async function look() {
    const [[share], [, p]] = await program.run(['live_share', [0]], ['live_ask', [SIDE * SIDE, 0], GRID, 3 * SIDE * SIDE]);
    Object.assign(run, { share });
    field.field(p.subarray(2 * SIDE * SIDE));
  }
  // epochs more, but not past one that is logged
  async function advance(epochs) {
    if (!run) return 0;
    const now = run, logged = Math.floor((run.done + LOG - 1) / LOG) * LOG + 1, n = Math.max(1, Math.min(epochs, logged - run.done, END - run.done % END));
    const started = performance.now(), answers = await program.run(['live_train', [n], [], 'value']), rows = answers[0][1] ?? [], width = 3 + run.layers;
    if (run !== now) return 0;
    for (let i = 0; i < rows.length; i += width) { run.losses.push(rows[i + 1]); for (let l = 0; l < run.layers; l++) run.norms[l].push(rows[i + 3 + l]); }
    run.pace = rows.length / width / (performance.now() - started) * 1000;
    run.done += rows.length / width;
    if (answers.said) { pause(); panel.say(answers.said.replace(/epoch \d+/, `epoch ${run.done}`), true); return 0; }
    const last = run.done - 1, due = last % LOG === 0 || run.done % END === 0;
    if (due || !running || performance.now() - (run.seen ?? 0) > 120) { await look(); if (run !== now) return 0; run.seen = performance.now(); }
    if (last % LOG === 0) log.textContent += '\n' + lineOf(last, run.losses[last], run.share);
    if (run.done % END === 0) { pause(); log.textContent += `\nafter ${run.done} epochs ${(100 * run.share).toFixed(2)} % of the points are right`; }
    draw();
    return run.pace;
  }
  async function play() {
    if (running || !run) return;
    running = true;
    go.textContent = 'Pause';
    let epochs = 5;
    while (running && run) { const pace = await advance(epochs); epochs = Math.max(1, Math.round(pace * .04)) || 5; await frame(); }
    pause();
  }
  function pause() { running = false; go.textContent = 'Train'; }
  function draw() {
    const n = run.losses.length, xs = run.losses.keys().toArray?.() ?? [...run.losses.keys()], to = [500, 1000, 1500, 3000].find(m => m >= n) ?? Math.ceil(n / 1000) * 1000;
    const least = Math.min(...run.losses.slice(-300), ...before.slice(-300), .5);
    loss.range({ ...loss.x, to }, { ...loss.y, from: 10 ** Math.floor(Math.log10(Math.max(least, 1e-8))) });
    const all = run.norms.flatMap(a => [a[0], a[n >> 1], a.at(-1)]).filter(v => v > 0);
    norms.range({ ...norms.x, to }, { ...norms.y, from: 10 ** Math.floor(Math.log10(Math.min(...all, .1) / 2)), to: 10 ** Math.ceil(Math.log10(Math.max(...all, .1))) });
    course.setAttribute('d', loss.path(xs, run.losses));
    ghost.setAttribute('d', loss.path([...before.keys()].slice(0, to), before.slice(0, to)));
    lines.forEach((line, l) => {
      line.setAttribute('d', run.norms[l] && n > 1 ? norms.path(xs, smooth(run.norms[l])) : '');
      set(names[l], { x: 308, y: 20 + 12 * l }).textContent = run.norms[l] ? `layer ${l + 1}` : '';
    });
    panel.say(`epoch ${n}` + (n ? `, loss ${run.losses[n - 1].toFixed(4)}` : '') + `, ${(100 * run.share).toFixed(1)} % of the points right` + (run.pace ? `, ${Math.round(run.pace)} epochs a second` : ''), false, running);
    element.dataset.epoch = n;
    element.dataset.loss = n ? run.losses[n - 1] : '';
  }
  element.addEventListener('pause', pause);
  await again();
}
