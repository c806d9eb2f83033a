// live-weights.mjs: how large the first weights are, and what that does to the signal and to the gradient, layer by layer
import { latest } from './live-panel.mjs';
import { number, Plot, set } from './live-plot.mjs';

export const WIDTHS = [2, 64, 32, 16, 1];
export const NETWORKS = 200;
export const WAYS = [['0.01', 1, 'sky dash'], ['Xavier', 2, 'blue'], ['He', 3, 'rust dash'], ['2', 4,
  'ink dots']];
export const begin = [['live_data', [200, .25, 7, 0, 0]], ['live_begin', [5, 2, 42, .05, 400, 0, 0, 0],
  WIDTHS]];
export const signals = (init, deviation,
  networks = NETWORKS) => ['live_signals', [init, deviation, networks], [], 8];

export default async function weights(panel, Program) {
  const program = await Program.start();
  const layers = [1, 2, 3, 4];
  await program.run(...begin);
  const slider = panel.field('deviation of the first weights', { type: 'range', min: -2.5, max: .7,
    step: .01, value: -1 }, () => show(10 ** slider.value));
  for (const v of [.01, 2])
    panel.button(String(v), () => {
      slider.value = Math.log10(v);
      return show(v);
    });
  const x = { from: .7, to: 4.3, ticks: layers, label: 'layer' };
  const plots = [['mean square of Z', 1e-14, 1e8], ['norm of the gradient of W', 1e-8, 1e6]].map((
    [title, from, to],
  ) => new Plot(panel.make('div'), { title, height: 240, right: 54, x, y: { log: true, from, to } }));
  const halves = s => [s.subarray(0, 4), s.subarray(4)];
  const own = plots.map(p => ({ curve: p.curve('own'), dots: layers.map(() => p.dot('amber')) }));
  for (const [text, init, name] of WAYS) {
    const [[, s]] = await program.run(signals(init, 2));
    halves(s).forEach((y, i) => {
      plots[i].curve(name).setAttribute('d', plots[i].path(layers, y));
      plots[i].word(name.split(' ')[0], text, plots[i].X(4.15), plots[i].Y(y[3]) + 4);
    });
  }
  const show = latest(async deviation => {
    const [[, s]] = await program.run(signals(4, deviation));
    const short = v => number(v, 2);
    halves(s).forEach((y, i) => {
      own[i].curve.setAttribute('d', plots[i].path(layers, y));
      own[i].dots.forEach((dot, l) => set(dot, { cx: plots[i].X(l + 1), cy: plots[i].Y(y[l]) }));
    });
    slider.setAttribute('aria-valuetext', short(deviation));
    panel.say(
      `Deviation ${short(deviation)}, means over ${NETWORKS} networks: the signal goes from ${
        short(s[0])
      } in the first layer to ${short(s[3])} in the last, the gradient from ${
        short(s[7])
      } in the last to ${short(s[4])} in the first.`,
    );
    panel.tell({ deviation, signals: s.join(' ') });
  });
  await show(10 ** slider.value);
}
