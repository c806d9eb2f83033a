// live-check.mjs: a derivative from differences: the V of the step against the error, with a point to drag; ReLU's kink
import { Plot, set, svg, number } from './live-plot.mjs';
import { latest } from './live-panel.mjs';

// the network of the figure: its weight joins the last units of the second and the third hidden layer, its last bias is 1
export const WIDTHS = [2, 8, 6, 4, 1], FIRST = 192, ROWS = 16, WEIGHT = 24 + 54 + 5 * 4 + 3, LAST = 110;
export const STEPS = Array.from({ length: 61 }, (_, i) => 10 ** (-(i + 4) / 4));
export const relative = (v, exact) => Math.max(Math.abs(v - exact) / Math.abs(exact), 2 ** -53);
export const begin = [['live_data', [200, .25, 7, 0, 0]], ['live_begin', [5, 3, 42, .05, ROWS, 0, 0, 0], WIDTHS], ['live_set', [LAST, 1]]];
export const at = h => ['live_check', [FIRST, ROWS, WEIGHT, h], [], 5];
export const read = ([exact, here, up, down, complex], h) => ({ exact, up, down, complex, forward: (up - here) / h, central: (up - down) / (2 * h) });

// the digits of a that b has too stay dark
function agree(panel, element, a, b) {
  const s = a.toPrecision(17), t = b.toPrecision(17);
  let n = 0;
  while (n < s.length && s[n] === t[n]) n++;
  element.replaceChildren(s.slice(0, n), Object.assign(document.createElement('s'), { textContent: s.slice(n) }));
}
export default async function check(panel, Program) {
  const program = await Program.start();
  await program.run(...begin);
  const all = (await program.run(...STEPS.map(at))).map(([, row], i) => read(row, STEPS[i]));
  const step = panel.field('step h, a power of ten', { type: 'range', min: -16, max: -1, step: .05, value: -5 }, () => show());
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 230, left: 46, title: 'relative error', x: { log: true, from: 1e-16, to: .1, label: 'step h' }, y: { log: true, from: 1e-17, to: 10 } });
  for (const [name, get] of [['complex', r => r.complex], ['forward', r => r.forward], ['central', r => r.central]])
    plot.curve({ complex: 'rust wide', forward: 'ink dash', central: 'blue' }[name]).setAttribute('d', plot.path(STEPS, all.map(r => relative(get(r), r.exact))));
  plot.word('ink', 'forward', plot.X(3e-5), plot.Y(2e-4), 'end');
  plot.word('blue', 'central', plot.X(4e-4), plot.Y(3e-10));
  plot.word('rust', 'complex step', plot.X(1e-13), plot.Y(1.6e-15));
  const rule = svg(plot.inside, 'path', { class: 'rule' }), dots = ['ink', 'blue', 'rust'].map(c => svg(plot.inside, 'circle', { r: 4.5, class: `dot ${c}` }));
  const table = panel.make('dl', 'digits'), row = {};
  for (const [key, text] of [['up', 'loss at w + h'], ['down', 'loss at w − h'], ['central', 'central quotient'], ['complex', 'complex step'], ['exact', 'backward']]) { panel.make('dt', '', table, text); row[key] = panel.make('dd', '', table); }
  const show = latest(async () => {
    const h = 10 ** step.value, [[, numbers]] = await program.run(at(h)), r = read(numbers, h), X = plot.X(h);
    rule.setAttribute('d', `M${X} ${plot.Y(10)}V${plot.Y(1e-17)}`);
    ['forward', 'central', 'complex'].forEach((k, i) => set(dots[i], { cx: X, cy: plot.Y(Math.min(10, relative(r[k], r.exact))) }));
    agree(panel, row.up, r.up, r.down);
    agree(panel, row.down, r.down, r.up);
    agree(panel, row.central, r.central, r.exact);
    agree(panel, row.complex, r.complex, r.exact);
    row.exact.textContent = r.exact.toPrecision(17);
    step.setAttribute('aria-valuetext', `h is ${number(h, 2)}`);
    panel.say(`h = ${number(h, 2)}: the central quotient is wrong by ${number(relative(r.central, r.exact), 2)} of the derivative, the forward one by ${number(relative(r.forward, r.exact), 2)}, the complex step by ${number(relative(r.complex, r.exact), 2)}.`);
    Object.assign(panel.element.dataset, { h, central: r.central, complex: r.complex });
  });
  const drag = e => { if (e.buttons) { const { left, width } = plot.svg.getBoundingClientRect(), x = (e.clientX - left) / width * panel.width; step.value = -16 + 15 * (x - 46) / (panel.width - 58); show(); } };
  plot.svg.addEventListener('pointerdown', e => { plot.svg.setPointerCapture(e.pointerId); drag(e); });
  plot.svg.addEventListener('pointermove', drag);
  await show();

  // -- the kink
  panel.next();
  const z = panel.field('ReLU at z', { type: 'range', min: -1, max: 1, step: .01, value: .2 }, () => kink()), h = panel.field('step h', { type: 'range', min: .02, max: 1, step: .02, value: .5 }, () => kink());
  const bend = new Plot(panel.make('div'), { width: 320, height: 190, title: 'ReLU', x: { from: -2, to: 2, ticks: [-2, -1, 0, 1, 2], label: 'z' }, y: { from: 0, to: 2, ticks: [0, 1, 2] } }), verdict = panel.make('p', 'verdict');
  bend.curve('blue').setAttribute('d', bend.path([-2, 0, 2], [0, 0, 2]));
  const chord = bend.curve('rust dash'), ends = [0, 1, 2].map(i => svg(bend.inside, 'circle', { r: i ? 3.5 : 4.5, class: `dot ${i ? 'rust' : 'blue'}` }));
  const kink = latest(async () => {
    const Z = +z.value, H = +h.value, [[, [f, up, down, slope]]] = await program.run(['live_kink', [Z, H], [], 4]), quotient = (up - down) / (2 * H), xs = [Z, Z + H, Z - H];
    chord.setAttribute('d', bend.path([Z - H, Z + H], [down, up]));
    [f, up, down].forEach((y, i) => set(ends[i], { cx: bend.X(xs[i]), cy: bend.Y(y) }));
    const across = Z + H > 0 !== Z > 0 || Z - H > 0 !== Z > 0;
    verdict.textContent = `z = ${Z.toFixed(2)}, h = ${H.toFixed(2)}: the quotient is ${number(quotient, 3)}, backward's slope ${slope}. ` +
      (across ? 'The unit switches between z − h and z + h, so the quotient says nothing about the slope at z: the check skips this number and counts it.' : 'No unit switches on the way, and both agree.');
    Object.assign(panel.element.dataset, { quotient, slope });
  });
  await kink();
}
