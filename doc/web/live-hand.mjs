// live-hand.mjs: the network that is worked by hand, 2 -> 2 -> 1, number by number, forward and back; and a step of descent
import { svg, say } from './live-plot.mjs';

export const PARAMS = [2, -1, -.5, 1, 1, -.5, .5, -1, -.5], EXAMPLE = [1, 2, 1];
// what live_pass leaves in room: X, Z1, A, z, dz, dA, dZ1, dX; from 128 on the gradients of W1, b1, W2, b2
export const read = (r, loss) => ({ x: r.slice(0, 2), z1: r.slice(2, 4), a: r.slice(4, 6), z: r[6], dz: r[7], da: r.slice(8, 10), dz1: r.slice(10, 12), dx: r.slice(12, 14), grads: r.slice(128, 137), loss });
export const pass = (x1, x2, y) => [['live_pass', [y], [x1, x2], 137], ['live_params', [], [], 9, 'live_params']];
export const begin = [['live_data', [2, 0, 7, 0, 0]], ['live_begin', [3, 0, 1, .5, 1, 0, 0, 0], [2, 2, 1]], ...PARAMS.map((p, i) => ['live_set', [i, p]])];

// each step: what it's called, how it comes about, and which numbers of the drawing it shows
function stepsOf(v, w, y) {
  const s = say, [x1, x2] = v.x, out = [], plus = t => t.replaceAll('+ −', '− '), p = y + v.dz;
  const put = (name, text, ...shows) => out.push({ text: `${name} = ${plus(text)}`, shows });
  for (const k of [0, 1]) put(`z${'₁₂'[k]}`, `x₁w + x₂w + b = ${s(x1)}·${s(w[k])} + ${s(x2)}·${s(w[2 + k])} + ${s(w[4 + k])} = ${s(v.z1[k])}`, `z${k}`);
  for (const k of [0, 1]) put(`a${'₁₂'[k]}`, `max(${s(v.z1[k])}, 0) = ${s(v.a[k])}`, `a${k}`);
  put('z', `${s(v.a[0])}·${s(w[6])} + ${s(v.a[1])}·${s(w[7])} + ${s(w[8])} = ${s(v.z)}`, 'z');
  put('p', `σ(${s(v.z)}) = ${s(p)},  loss ${s(v.loss)}`, 'p');
  put('dz', `p − y = ${s(p)} − ${s(y)} = ${s(v.dz)}`, 'dz', 'db2');
  for (const k of [0, 1]) put(`dW₂, row ${k + 1}`, `a·dz = ${s(v.a[k])}·${s(v.dz)} = ${s(v.grads[6 + k])}`, `dv${k}`);
  for (const k of [0, 1]) put(`da${'₁₂'[k]}`, `dz·w = ${s(v.dz)}·${s(w[6 + k])} = ${s(v.da[k])}`);
  for (const k of [0, 1]) put(`dz${'₁₂'[k]}`, v.z1[k] > 0 ? `da, since the unit is on: ${s(v.dz1[k])}` : 'zero: the unit is off', `dz${k}`, `db${k}`);
  for (const j of [0, 1]) for (const k of [0, 1]) put(`dW₁, row ${j + 1}, column ${k + 1}`, `x·dz = ${s(v.x[j])}·${s(v.dz1[k])} = ${s(v.grads[2 * j + k])}`, `dw${j}${k}`);
  for (const j of [0, 1]) put(`dx${'₁₂'[j]}`, `${s(v.dz1[0])}·${s(w[2 * j])} + ${s(v.dz1[1])}·${s(w[2 * j + 1])} = ${s(v.dx[j])}`, `dx${j}`);
  return out;
}
function draw(box, width, v, w, y, shown, now) {
  box.replaceChildren();
  const middle = Math.round(width * .47), at = { x0: [40, 60], x1: [40, 200], h0: [middle, 60], h1: [middle, 200], z: [width - 60, 130] };
  const word = (x, y, text, name, anchor = 'middle') => svg(box, 'text', { x, y, class: name, 'text-anchor': anchor }, text);
  const value = (key, text) => shown.has(key) ? text : '·', hot = key => (now.includes(key) ? ' hot' : '');
  const edge = (from, to, weight, key, gradient, t) => {
    const [[a, b], [c, d]] = [at[from], at[to]], x = a + (c - a) * t, Y = b + (d - b) * t;
    svg(box, 'path', { d: `M${a} ${b}L${c} ${d}`, class: 'edge' });
    word(x, Y - 6, say(weight), 'weight');
    word(x, Y + 15, value(key, say(gradient)), 'grad' + hot(key));
  };
  [['x0', 'h0', 0, 'dw00', .5], ['x0', 'h1', 1, 'dw01', .24], ['x1', 'h0', 2, 'dw10', .24], ['x1', 'h1', 3, 'dw11', .5], ['h0', 'z', 6, 'dv0', .5], ['h1', 'z', 7, 'dv1', .5]]
    .forEach(([a, b, i, key, t]) => edge(a, b, w[i], key, v.grads[i], t));
  [['h0', 4, 'db0', -1], ['h1', 5, 'db1', 1], ['z', 8, 'db2', -1]].forEach(([unit, i, key, side]) => {
    const [x, y] = at[unit];
    svg(box, 'path', { d: `M${x} ${y + side * 54}V${y}`, class: 'edge' });
    word(x - 6, y + side * 38 + 4, say(w[i]), 'weight', 'end');
    word(x + 6, y + side * 38 + 4, value(key, say(v.grads[i])), 'grad' + hot(key), 'start');
  });
  const unit = (key, text, name) => { const [x, y] = at[key]; svg(box, 'circle', { cx: x, cy: y, r: 22, class: 'unit' + name }); word(x, y + 5, text, 'inside'); };
  unit('x0', say(v.x[0]), ''); unit('x1', say(v.x[1]), '');
  for (const k of [0, 1]) unit(`h${k}`, shown.has(`a${k}`) ? say(v.a[k]) : value(`z${k}`, say(v.z1[k])), (shown.has(`a${k}`) && v.z1[k] <= 0 ? ' off' : '') + hot(`z${k}`) + hot(`a${k}`));
  unit('z', value('z', say(v.z)), hot('z'));
  word(40, 30, value('dx0', say(v.dx[0])), 'grad' + hot('dx0'));
  word(40, 241, value('dx1', say(v.dx[1])), 'grad' + hot('dx1'));
  word(middle + 31, 52, value('dz0', say(v.dz1[0])), 'grad' + hot('dz0'), 'start');
  word(middle + 31, 226, value('dz1', say(v.dz1[1])), 'grad' + hot('dz1'), 'start');
  word(width - 60, 172, value('dz', say(v.dz)), 'grad' + hot('dz'));
  word(width - 60, 202, value('p', `p = ${say(y + v.dz)}`), 'inside');
  word(width - 60, 221, value('p', `L = ${say(v.loss)}`), 'inside');
}
export default async function hand(panel, Program) {
  const program = await Program.start();
  await program.run(...begin);
  let step = 0, last = [];
  const number = (label, value) => panel.field(label, { type: 'number', value, step: 'any' }, () => again(0));
  panel.button('Next number', () => again(step + 1));
  panel.button('Back', () => again(step - 1));
  panel.button('All', () => again(Infinity));
  panel.button('A step of descent', async () => { await again(Infinity); await program.run(['live_step', []]); await again(6); panel.say(`One step at the rate 1/2 was taken: the loss is ${say(panel.element.dataset.loss * 1)} now.`); });
  panel.button('From the start', async () => { await program.run(...begin.slice(2)); again(0); });
  const x1 = number('x₁', EXAMPLE[0]), x2 = number('x₂', EXAMPLE[1]), y = panel.field('label', { value: 1, options: [[0, '0'], [1, '1']] }, () => again(0));
  const width = panel.width, box = svg(panel.make('div', 'wide'), 'svg', { viewBox: `0 0 ${width} 262`, class: 'hand', role: 'img', 'aria-label': 'The network; the line below says the number that was found last' });
  async function again(to) {
    const [[loss, r], [, w]] = await program.run(...pass(+x1.value, +x2.value, +y.value)), v = read(r, loss), steps = stepsOf(v, w, +y.value);
    step = Math.min(Math.max(to, 0), steps.length);
    last = step ? steps[step - 1].shows : [];
    draw(box, width, v, w, +y.value, new Set(steps.slice(0, step).flatMap(s => s.shows)), last);
    panel.say(step ? `${step} of ${steps.length}: ${steps[step - 1].text}` : 'Press Next number: first forward, from the left, then back.');
    Object.assign(panel.element.dataset, { loss, step, grads: [...v.grads].join(' '), dx: [...v.dx].join(' ') });
  }
  await again(0);
}
