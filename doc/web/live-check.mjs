// live-check.mjs: a derivative from differences: the V of the step against the error, with a point to drag;
// ReLU's kink.
import { make } from './dom.mjs';
import { latest } from './live-panel.mjs';
import { number, Plot, set, svg } from './live-plot.mjs';
import { INIT, network, params, spirals } from './live-steps.mjs';

// -- the network of the figure: its weight joins the last units of the second and the third hidden layer,
// its last bias is 1
export const WIDTHS = [2, 8, 6, 4, 1];
const FIRST = 192;
const ROWS = 16;
const WEIGHT = 24 + 54 + 5 * 4 + 3;
const LAST = 110;
export const begin = [spirals(), network(WIDTHS, { init: INIT.he, batch: ROWS }), ['live_set', [LAST, 1]]];
export const at = h => ['live_check', [FIRST, ROWS, WEIGHT, h], [], 5];
export const read = ([exact, here, up, down, complex], h) =>
  ({ exact, up, down, complex, forward: (up - here) / h, central: (up - down) / (2 * h) });
const relative = (v, exact) => Math.max(Math.abs(v - exact) / Math.abs(exact), 2 ** -53);

// -- the step
const LEAST = -16; // as powers of ten
const MOST = -1;
const STEPS = Array.from({ length: 61 }, (_, i) => 10 ** (-(i + 4) / 4));
const WAYS = [ // and where the name of each curve stands
  { way: 'complex', name: 'rust wide', x: 1e-13, y: 1.6e-15, text: 'complex step' },
  { way: 'forward', name: 'ink dash', x: 2e-5, y: 2e-2, text: 'forward' },
  { way: 'central', name: 'blue', x: 1.5e-3, y: 3e-10, text: 'central' },
];
const LINES = [ // a number, what it is, and the one with which its digits are compared
  ['up', 'loss at w + h', 'down'],
  ['down', 'loss at w − h', 'up'],
  ['central', 'central quotient', 'exact'],
  ['complex', 'complex step', 'exact'],
  ['exact', 'backward', 'exact'],
];
// the digits of a that b has too stay dark
function agree(element, a, b) {
  const [s, t] = [a.toPrecision(17), b.toPrecision(17)];
  const same = [...s].findIndex((digit, i) => digit !== t[i]);
  const n = same < 0 ? s.length : same;
  element.replaceChildren(s.slice(0, n), make('s', {}, s.slice(n)));
}
async function theStep(panel, program) {
  const all = (await program.run(...STEPS.map(at))).map(([, row], i) => read(row, STEPS[i]));
  const step = panel.field('step h, a power of ten',
    { type: 'range', min: LEAST, max: MOST, step: .05, value: -5 }, () => show());
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 230, title: 'relative error',
    x: { log: true, from: 10 ** LEAST, to: 10 ** MOST, label: 'step h' },
    y: { log: true, from: 1e-17, to: 10 } });
  for (const { way, name, x, y, text } of WAYS) {
    plot.curve(name, STEPS, all.map(r => relative(r[way], r.exact)));
    plot.word(name, text, plot.X(x), plot.Y(y));
  }
  const rule = svg(plot.inside, 'path', { class: 'rule' });
  const dots = WAYS.map(({ way, name }) => [way, plot.dot(name)]);
  const table = panel.make('dl', 'digits');
  const cells = LINES.map(([key, text, other]) => {
    panel.make('dt', '', table, text);
    return { key, other, cell: panel.make('dd', '', table) };
  });
  panel.make('p', 'log', panel.shown,
    'Coloured: the digits in which the two losses differ, and those that aren’t the derivative’s.');
  const show = latest(async () => {
    const h = 10 ** step.value;
    const [[, numbers]] = await program.run(at(h));
    const r = read(numbers, h);
    const error = way => number(relative(r[way], r.exact), 2);
    set(rule, { d: `M${plot.X(h)} ${plot.Y(10)}V${plot.Y(1e-17)}` });
    for (const [way, dot] of dots) plot.put(dot, h, relative(r[way], r.exact));
    for (const { key, other, cell } of cells) agree(cell, r[key], r[other]);
    set(step, { 'aria-valuetext': `h is ${number(h, 2)}` });
    panel.say(`h = ${number(h, 2)}: the central quotient is wrong by ${error('central')} of the derivative, `
      + `the forward one by ${error('forward')}, the complex step by ${error('complex')}.`);
    panel.tell({ h, central: r.central, complex: r.complex });
  });
  function drag(e) {
    if (!e.buttons) return;
    const { left, width } = plot.svg.getBoundingClientRect();
    const x = (e.clientX - left) / width * panel.width;
    step.value = LEAST + (MOST - LEAST) * (x - plot.box.left) / (plot.box.right - plot.box.left);
    show();
  }
  plot.svg.addEventListener('pointerdown', e => {
    plot.svg.setPointerCapture(e.pointerId);
    drag(e);
  });
  plot.svg.addEventListener('pointermove', drag);
  await show();
}

// -- the kink, in a network of one unit: what comes in is z, then comes ReLU of it, and back comes its
// slope times what the layer above hands back
const unit = [spirals(2, 0), network([2, 1, 1], { init: INIT.zeros, batch: 1 }), params([1, 0, 0, 1, 0])];
const relu = z => ['live_pass', [1], [z, 0], 8];
const readUnit = ([, r]) => ({ out: r[3], slope: r[7] / r[6] });

async function theKink(panel, program) {
  await program.run(...unit);
  const slider = (label, limits) => panel.field(label, { type: 'range', ...limits }, () => show());
  const z = slider('ReLU at z', { min: -1, max: 1, step: .01, value: .2 });
  const h = slider('step h', { min: .02, max: 1, step: .02, value: .5 });
  const plot = new Plot(panel.make('div'), { height: 190, title: 'ReLU',
    x: { from: -2, to: 2, ticks: [-2, -1, 0, 1, 2], label: 'z' },
    y: { from: 0, to: 2, ticks: [0, 1, 2] } });
  const verdict = panel.make('p', 'verdict');
  plot.curve('blue', [-2, 0, 2], [0, 0, 2]);
  const chord = plot.curve('rust dash');
  const dots = [plot.dot('blue'), plot.dot('rust', 3.5), plot.dot('rust', 3.5)];
  const show = latest(async () => {
    const [x, by] = [+z.value, +h.value];
    const xs = [x, x + by, x - by];
    const outs = (await program.run(...xs.map(relu))).map(readUnit);
    const [{ slope }, { out: up }, { out: down }] = outs;
    const quotient = (up - down) / (2 * by);
    plot.draw(chord, [x - by, x + by], [down, up]);
    dots.forEach((dot, i) => plot.put(dot, xs[i], outs[i].out));
    verdict.textContent = `z = ${x.toFixed(2)}, h = ${by.toFixed(2)}: `
      + `the quotient is ${number(quotient, 3)}, backward’s slope ${slope}. `
      + (x - by > 0 === x + by > 0
        ? 'No unit switches on the way, and both agree.'
        : 'The unit switches between z − h and z + h, so the quotient says nothing about the slope at z: '
          + 'the check skips this number and counts it.');
    panel.tell({ quotient, slope });
  });
  await show();
}

export default async function check(panel, Program) {
  const program = await Program.start();
  await program.run(...begin);
  await theStep(panel, program);
  panel.next();
  await theKink(panel, await Program.start());
}
