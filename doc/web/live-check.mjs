// live-check.mjs: a derivative from differences: the V of the step against the error, with a point to drag; ReLU's kink
import { make } from './dom.mjs';
import { latest } from './live-panel.mjs';
import { number, Plot, set, svg } from './live-plot.mjs';

// the network of the figure: its weight joins the last units of the second and the third hidden layer, its last bias is 1
export const WIDTHS = [2, 8, 6, 4, 1];
export const FIRST = 192;
export const ROWS = 16;
export const WEIGHT = 24 + 54 + 5 * 4 + 3;
export const LAST = 110;
export const begin = [['live_data', [200, .25, 7, 0, 0]], ['live_begin', [5, 3, 42, .05, ROWS, 0, 0, 0],
  WIDTHS], ['live_set', [LAST, 1]]];
export const at = h => ['live_check', [FIRST, ROWS, WEIGHT, h], [], 5];
export const read = ([exact, here, up, down, complex], h) => ({ exact, up, down, complex,
  forward: (up - here) / h, central: (up - down) / (2 * h) });
const relative = (v, exact) => Math.max(Math.abs(v - exact) / Math.abs(exact), 2 ** -53);
const STEPS = Array.from({ length: 61 }, (_, i) => 10 ** (-(i + 4) / 4));
const LEAST = -16;
const MOST = -1;
const WAYS = [['complex', 'rust wide', 1e-13, 1.6e-15, 'complex step'], ['forward', 'ink dash', 2e-5,
  2e-2, 'forward'], ['central', 'blue', 4e-4, 3e-10, 'central']];
const ROWS_SHOWN = [['up', 'loss at w + h', 'down'], ['down', 'loss at w − h', 'up'], ['central',
  'central quotient', 'exact'], ['complex', 'complex step', 'exact'], ['exact', 'backward', 'exact']];

// a network of one unit: what comes in is z, then comes ReLU of it, and back comes its slope times what the layer above hands back
const unit = [['live_data', [2, 0, 7, 0, 0]], ['live_begin', [3, 0, 1, .5, 1, 0, 0, 0], [2, 1, 1]],
  ...[1, 0, 0, 1, 0].map((p, i) => ['live_set', [i, p]])];
const relu = z => ['live_pass', [1], [z, 0], 8];
const readUnit = r => ({ out: r[3], slope: r[7] / r[6] });

// the digits of a that b has too stay dark
function agree(element, a, b) {
  const s = a.toPrecision(17);
  const t = b.toPrecision(17);
  let n = 0;
  while (n < s.length && s[n] === t[n]) n++;
  element.replaceChildren(s.slice(0, n), make('s', {}, s.slice(n)));
}
export default async function check(panel, Program) {
  const program = await Program.start();
  await program.run(...begin);
  await theStep(panel, program);
  panel.next();
  await theKink(panel, await Program.start());
}
async function theStep(panel, program) {
  const all = (await program.run(...STEPS.map(at))).map(([, row], i) => read(row, STEPS[i]));
  const step = panel.field('step h, a power of ten', { type: 'range', min: LEAST, max: MOST, step: .05,
    value: -5 }, () => show());
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 230,
    title: 'relative error', x: { log: true, from: 10 ** LEAST, to: 10 ** MOST, label: 'step h' },
    y: { log: true, from: 1e-17, to: 10 } });
  for (const [way, name, x, y, text] of WAYS) {
    plot.curve(name).setAttribute('d', plot.path(STEPS, all.map(r => relative(r[way], r.exact))));
    plot.word(name.split(' ')[0], text, plot.X(x), plot.Y(y));
  }
  const rule = svg(plot.inside, 'path', { class: 'rule' });
  const dots = WAYS.map(([, name]) => plot.dot(name.split(' ')[0], 4.5));
  const table = panel.make('dl', 'digits');
  const cells = {};
  for (const [key, text] of ROWS_SHOWN) {
    panel.make('dt', '', table, text);
    cells[key] = panel.make('dd', '', table);
  }
  const show = latest(async () => {
    const h = 10 ** step.value;
    const [[, numbers]] = await program.run(at(h));
    const r = read(numbers, h);
    const x = plot.X(h);
    const error = way => number(relative(r[way], r.exact), 2);
    rule.setAttribute('d', `M${x} ${plot.Y(10)}V${plot.Y(1e-17)}`);
    WAYS.forEach(([way], i) =>
      set(dots[i], { cx: x, cy: plot.Y(Math.min(10, relative(r[way], r.exact))) })
    );
    for (const [key, , other] of ROWS_SHOWN) agree(cells[key], r[key], r[other]);
    step.setAttribute('aria-valuetext', `h is ${number(h, 2)}`);
    panel.say(
      `h = ${number(h, 2)}: the central quotient is wrong by ${
        error('central')
      } of the derivative, the forward one by ${error('forward')}, the complex step by ${
        error('complex')
      }.`,
    );
    panel.tell({ h, central: r.central, complex: r.complex });
  });
  const drag = e => {
    if (!e.buttons) return;
    const { left, width } = plot.svg.getBoundingClientRect();
    const share = ((e.clientX - left) / width * panel.width - plot.box.left)
      / (plot.box.right - plot.box.left);
    step.value = LEAST + (MOST - LEAST) * share;
    show();
  };
  plot.svg.addEventListener('pointerdown', e => {
    plot.svg.setPointerCapture(e.pointerId);
    drag(e);
  });
  plot.svg.addEventListener('pointermove', drag);
  await show();
}
async function theKink(panel, program) {
  await program.run(...unit);
  const z = panel.field('ReLU at z', { type: 'range', min: -1, max: 1, step: .01, value: .2 },
    () => show());
  const h = panel.field('step h', { type: 'range', min: .02, max: 1, step: .02, value: .5 },
    () => show());
  const plot = new Plot(panel.make('div'), { height: 190, title: 'ReLU',
    x: { from: -2, to: 2, ticks: [-2, -1, 0, 1, 2], label: 'z' },
    y: { from: 0, to: 2, ticks: [0, 1, 2] } });
  const verdict = panel.make('p', 'verdict');
  plot.curve('blue').setAttribute('d', plot.path([-2, 0, 2], [0, 0, 2]));
  const chord = plot.curve('rust dash');
  const ends = [plot.dot('blue', 4.5), plot.dot('rust', 3.5), plot.dot('rust', 3.5)];
  const show = latest(async () => {
    const x = +z.value;
    const by = +h.value;
    const answers = await program.run(...[x, x + by, x - by].map(relu));
    const [{ out: here, slope }, { out: up }, { out: down }] = answers.map(([, r]) => readUnit(r));
    const quotient = (up - down) / (2 * by);
    chord.setAttribute('d', plot.path([x - by, x + by], [down, up]));
    [[x, here], [x + by, up], [x - by, down]].forEach(([u, v], i) =>
      set(ends[i], { cx: plot.X(u), cy: plot.Y(v) })
    );
    verdict.textContent =
      `z = ${x.toFixed(2)}, h = ${by.toFixed(2)}: the quotient is ${
        number(quotient, 3)
      }, backward's slope ${slope}. ` + (x - by > 0 === x + by > 0
        ? 'No unit switches on the way, and both agree.'
        : 'The unit switches between z − h and z + h, so the quotient says nothing about the slope at z: the check skips this number and counts it.');
    panel.tell({ quotient, slope });
  });
  await show();
}
