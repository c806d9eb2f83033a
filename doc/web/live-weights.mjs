// live-weights.mjs: how large the first weights are, and what that does to the signal and to the gradient, layer by layer
import { Plot, number, svg } from './live-plot.mjs';
import { latest } from './live-panel.mjs';

export const WIDTHS = [2, 64, 32, 16, 1], NETWORKS = 200, WAYS = [['small', 1, 'sky dash', '0.01'], ['Xavier', 2, 'blue', 'Xavier'], ['He', 3, 'rust dash', 'He'], ['large', 4, 'ink dots', '2']];
export const begin = [['live_data', [200, .25, 7, 0, 0]], ['live_begin', [5, 2, 42, .05, 400, 0, 0, 0], WIDTHS]];
export const signals = (init, deviation, networks = NETWORKS) => ['live_signals', [init, deviation, networks], [], 8];

export default async function weights(panel, Program) {
  const program = await Program.start(), layers = [1, 2, 3, 4];
  await program.run(...begin);
  const slider = panel.field('deviation of the first weights', { type: 'range', min: -2.5, max: .7, step: .01, value: -1 }, () => show());
  for (const [text, v] of [['0.01', .01], ['2', 2]]) panel.button(text, () => { slider.value = Math.log10(v); show(v); });
  const x = { from: .7, to: 4.3, ticks: layers, label: 'layer' }, plots = [['mean square of Z', 1e-14, 1e8], ['norm of the gradient of W', 1e-8, 1e6]].map(([title, from, to]) =>
    new Plot(panel.make('div'), { title, width: 320, height: 240, right: 54, x, y: { log: true, from, to } }));
  const mark = plots.map(p => [p.curve('own'), ...layers.map(() => svg(p.inside, 'circle', { r: 4, class: 'dot amber' }))]);
  for (const [, init, name, text] of WAYS) {
    const [[, s]] = await program.run(signals(init, 2));
    plots.forEach((p, i) => { const y = s.subarray(4 * i, 4 * i + 4); p.curve(name).setAttribute('d', p.path(layers, y)); p.word(name.split(' ')[0], text, p.X(4.15), p.Y(y[3]) + 4); });
  }
  const show = latest(async exact => {
    const v = exact ?? 10 ** slider.value, [[, s]] = await program.run(signals(4, v));
    plots.forEach((p, i) => { const y = s.subarray(4 * i, 4 * i + 4), [curve, ...dots] = mark[i]; curve.setAttribute('d', p.path(layers, y)); dots.forEach((d, l) => { d.setAttribute('cx', p.X(l + 1)); d.setAttribute('cy', p.Y(y[l])); }); });
    slider.setAttribute('aria-valuetext', number(v, 2));
    panel.say(`Deviation ${number(v, 2)}, means over ${NETWORKS} networks: the signal goes from ${number(s[0], 2)} in the first layer to ${number(s[3], 2)} in the last, the gradient comes back as ${number(s[7], 2)} in the last and ${number(s[4], 2)} in the first.`);
    Object.assign(panel.element.dataset, { deviation: v, signals: [...s].join(' ') });
  });
  await show();
}
