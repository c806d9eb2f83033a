// live-hand.mjs: the network that is worked by hand, 2 -> 2 -> 1, number by number, forward and back; and a
// step of descent.
import { picture, say, svg, word } from './live-plot.mjs';
import { INIT, network, params, spirals } from './live-steps.mjs';

export const PARAMS = [2, -1, -.5, 1, 1, -.5, .5, -1, -.5];
const settings = { init: INIT.zeros, rate: .5, batch: 1 };
export const begin = [spirals(2, 0), network([2, 2, 1], settings), params(PARAMS)];
export const pass = (x1, x2, y) =>
  [['live_pass', [y], [x1, x2], 137], ['live_params', [], [], PARAMS.length, 'live_params']];
// what live_pass leaves in room: X, Z1, A, z, dz, dA, dZ1, dX; from 128 on the gradients of W1, b1, W2, b2
const read = (r, loss) => ({
  loss, x: r.slice(0, 2), z1: r.slice(2, 4), a: r.slice(4, 6), z: r[6], dz: r[7], da: r.slice(8, 10),
  dz1: r.slice(10, 12), dx: r.slice(12, 14), grads: r.slice(128, 137),
});

// each step: what it's called, how it comes about, and which numbers of the drawing it shows
function stepsOf({ x, z1, a, z, loss, dz, da, dz1, dx, grads }, w, y) {
  const out = [];
  const both = [0, 1];
  const low = ['₁', '₂'];
  const of = (name, ...shows) => (parts, ...numbers) => {
    const words = numbers.map(v => typeof v === 'number' ? say(v) : v);
    const how = String.raw({ raw: parts }, ...words).replaceAll('+ −', '− ').replace(/·(−[^ ,]+)/g, '·($1)');
    out.push({ shows, text: `${name} = ${how}` });
  };
  for (const k of both)
    of(`z${low[k]}`, `z${k}`)`x₁w₁${low[k]} + x₂w₂${low[k]} + b${low[k]} = ${x[0]}·${w[k]} + ${x[1]}·${w[2 + k]} + ${w[4 + k]} = ${z1[k]}`;
  for (const k of both) of(`a${low[k]}`, `a${k}`)`max(${z1[k]}, 0) = ${a[k]}`;
  of('z', 'z')`${a[0]}·${w[6]} + ${a[1]}·${w[7]} + ${w[8]} = ${z}`;
  of('p', 'p')`σ(${z}) = ${y + dz}, and the loss is ${loss}`;
  of('dz', 'dz')`p − y = ${y + dz} − ${y} = ${dz}`;
  of('db₂', 'db2')`dz = ${dz}`;
  for (const k of both) of(`dW₂, row ${k + 1},`, `dv${k}`)`a·dz = ${a[k]}·${dz} = ${grads[6 + k]}`;
  for (const k of both) of(`da${low[k]}`)`dz·w = ${dz}·${w[6 + k]} = ${da[k]}`;
  for (const k of both)
    if (z1[k] > 0) of(`dz${low[k]}`, `dz${k}`)`da = ${dz1[k]}, since the unit is on`;
    else of(`dz${low[k]}`, `dz${k}`)`${0}, since the unit is off`;
  of('db₁', 'db0', 'db1')`dz = (${dz1[0]}, ${dz1[1]})`;
  for (const j of both)
    for (const k of both)
      of(`dW₁, row ${j + 1}, column ${k + 1},`, `dw${j}${k}`)`x·dz = ${x[j]}·${dz1[k]} = ${grads[2 * j + k]}`;
  for (const j of both)
    of(`dx${low[j]}`, `dx${j}`)`${dz1[0]}·${w[2 * j]} + ${dz1[1]}·${w[2 * j + 1]} = ${dx[j]}`;
  return out;
}
// from, to, number of the weight, its gradient, how far along the line both stand
const EDGES = [
  ['x0', 'h0', 0, 'dw00', .5], ['x0', 'h1', 1, 'dw01', .29], ['x1', 'h0', 2, 'dw10', .29],
  ['x1', 'h1', 3, 'dw11', .5], ['h0', 'z', 6, 'dv0', .4], ['h1', 'z', 7, 'dv1', .4],
];
const BIASES = [['h0', 4, 'db0', -1], ['h1', 5, 'db1', 1]];
// as the figure of the book has it: weights and gradients at the lines, sums in the units; now: what was
// found last
function draw(box, width, v, w, y, shown, now) {
  const middle = Math.round(width * .47);
  const last = width - 84;
  const at = { x0: [40, 60], x1: [40, 200], h0: [middle, 60], h1: [middle, 200], z: [last, 130] };
  const hot = (...keys) => (keys.some(k => now.includes(k)) ? ' hot' : '');
  const known = (key, number) => (shown.has(key) ? say(number) : '·');
  const gradient = (x, y, key, number, anchor) =>
    word(box, x, y, known(key, number), 'grad' + hot(key), anchor);
  function unit(key, text, name = '') {
    const [cx, cy] = at[key];
    svg(box, 'circle', { cx, cy, r: 22, class: 'unit' + name });
    word(box, cx, cy + 5, text);
  }
  box.replaceChildren();
  for (const [from, to, i, key, t] of EDGES) {
    const [[a, b], [c, d]] = [at[from], at[to]];
    const x = a + (c - a) * t;
    const y = b + (d - b) * t;
    const slope = Math.sign(d - b); // the numbers stand clear of the line
    const anchors = ['end', 'middle', 'start'];
    svg(box, 'path', { d: `M${a} ${b}L${c} ${d}`, class: 'edge' });
    word(box, x + 6 * slope, y - 6, say(w[i]), 'weight', anchors[1 + slope]);
    gradient(x - 6 * slope, y + 15, key, v.grads[i], anchors[1 - slope]);
  }
  for (const [to, i, key, side] of BIASES) {
    const [x, y] = at[to];
    const high = y + side * 38 + 4;
    svg(box, 'path', { d: `M${x} ${y + side * 54}V${y}`, class: 'edge' });
    word(box, x - 6, high, say(w[i]), 'weight', 'end');
    gradient(x + 6, high, key, v.grads[i], 'start');
  }
  svg(box, 'path', { d: `M${last} 130h78`, class: 'edge' });
  word(box, last + 53, 124, say(w[8]), 'weight');
  gradient(last + 53, 145, 'db2', v.grads[8]);
  for (const k of [0, 1]) {
    const done = shown.has(`a${k}`);
    const off = done && v.z1[k] <= 0 ? ' off' : '';
    unit(`x${k}`, say(v.x[k]));
    unit(`h${k}`, done ? say(v.a[k]) : known(`z${k}`, v.z1[k]), off + hot(`z${k}`, `a${k}`));
    gradient(40, k ? 241 : 30, `dx${k}`, v.dx[k]);
    gradient(middle + 31, k ? 226 : 52, `dz${k}`, v.dz1[k], 'start');
  }
  unit('z', known('z', v.z), hot('z'));
  gradient(last, 172, 'dz', v.dz);
  if (!shown.has('p')) return;
  word(box, last, 202, `p = ${say(y + v.dz)}`);
  word(box, last, 221, `L = ${say(v.loss)}`);
}
export default async function hand(panel, Program) {
  const program = await Program.start();
  let step = 0;
  await program.run(...begin);
  panel.button('Next number', () => show(step + 1));
  panel.button('Back', () => show(step - 1));
  panel.button('All', () => show(Infinity));
  panel.button('A step of descent', descend);
  panel.button('From the start', async () => {
    await program.run(params(PARAMS));
    await show(0);
  });
  const fromStart = () => show(0);
  const number = (label, value) => panel.field(label, { type: 'number', value, step: 'any' }, fromStart);
  const x1 = number('x₁', 1);
  const x2 = number('x₂', 2);
  const label = panel.choice('label', [[0, '0'], [1, '1']], 1, fromStart);
  const { width } = panel;
  const box = picture(panel.make('div', 'wide'), width, 262, 'hand',
    'The network. The line above says which number was found last.');
  async function show(to) {
    const y = +label.value;
    const [[loss, room], [, w]] = await program.run(...pass(+x1.value, +x2.value, y));
    const v = read(room, loss);
    const steps = stepsOf(v, w, y);
    step = Math.min(Math.max(to, 0), steps.length);
    const now = steps[step - 1];
    draw(box, width, v, w, y, new Set(steps.slice(0, step).flatMap(s => s.shows)), now?.shows ?? []);
    panel.say(now
      ? `${step} of ${steps.length}: ${now.text}`
      : 'Press Next number: first forward, from the left, then back.');
    panel.tell({ loss, step, grads: v.grads.join(' '), dx: v.dx.join(' ') });
    return loss;
  }
  async function descend() {
    await show(Infinity);
    await program.run(['live_step']);
    const loss = say(await show(6));
    panel.say(`A step at the rate 1/2 was taken; with the new weights the loss is ${loss}.`);
  }
  await show(0);
}
