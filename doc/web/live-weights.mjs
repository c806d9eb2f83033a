// live-weights.mjs: how large the first weights are, and what that does to the signal and to the gradient,
// layer by layer.
import { latest } from './live-panel.mjs';
import { number, Plot, set } from './live-plot.mjs';
import { INIT, network, spirals } from './live-steps.mjs';

const NETWORKS = 200;
const LAYERS = [1, 2, 3, 4];
const WAYS = [['0.01', INIT.small, 'sky dash'], ['Xavier', INIT.xavier, 'blue'], ['He', INIT.he, 'rust dash'],
  ['2', INIT.large, 'ink dots']];
export const begin = [spirals(), network([2, 64, 32, 16, 1], { batch: 400 })];
export const signals = (init, deviation) => ['live_signals', [init, deviation, NETWORKS], [], 8];
const halves = s => [s.subarray(0, 4), s.subarray(4)];

export default async function weights(panel, Program) {
  const program = await Program.start();
  await program.run(...begin);
  const slider = panel.field('deviation of the first weights',
    { type: 'range', min: -2.5, max: .7, step: .01, value: -1 }, () => show(10 ** slider.value));
  for (const v of [.01, 2])
    panel.button(String(v), () => {
      slider.value = Math.log10(v);
      return show(v);
    });
  const x = { from: .7, to: 4.3, ticks: LAYERS, label: 'layer' };
  const plotOf = (title, from, to) =>
    new Plot(panel.make('div'), { title, height: 240, right: 54, x, y: { log: true, from, to } });
  const plots = [plotOf('mean square of Z', 1e-17, 1e10), plotOf('norm of the gradient of W', 1e-8, 1e6)];
  const own = plots.map(p => ({ curve: p.curve('own'), dots: LAYERS.map(() => p.dot('amber', 4)) }));
  for (const [text, init, name] of WAYS) {
    const [[, s]] = await program.run(signals(init, 2));
    halves(s).forEach((ys, i) => {
      plots[i].curve(name, LAYERS, ys);
      plots[i].word(name, text, plots[i].X(4.15), plots[i].Y(ys[3]) + 4);
    });
  }
  const show = latest(async deviation => {
    const [[, s]] = await program.run(signals(INIT.large, deviation));
    const short = v => number(v, 2);
    halves(s).forEach((ys, i) => {
      plots[i].draw(own[i].curve, LAYERS, ys);
      own[i].dots.forEach((dot, l) => plots[i].put(dot, LAYERS[l], ys[l]));
    });
    set(slider, { 'aria-valuetext': short(deviation) });
    panel.say(`Deviation ${short(deviation)} (the thick line), means over ${NETWORKS} networks: `
      + `the signal goes from ${short(s[0])} in the first layer to ${short(s[3])} in the last, `
      + `the gradient from ${short(s[7])} in the last to ${short(s[4])} in the first.`);
    panel.tell({ deviation, signals: s.join(' ') });
  });
  await show(10 ** slider.value);
}
