// live-race.mjs: races between networks that differ in one thing.  What a challenge adds runs with the student's own code, once the
// desk has handed it over (see live.mjs); until then the stub's lane says what is missing, and the others run.
import { Plot } from './live-plot.mjs';
import { frame, handed, onHanded } from './live-panel.mjs';

const COLOURS = ['blue', 'rust dash', 'ink dots', 'sky wide'];
const spiral = { points: 200, data: 7, batch: 64, method: 0, norm: 0, p: 0 };
export const RACES = {
  optimizers: { end: 1000, every: 1, title: 'cross-entropy of the training points', lanes: [
    ['descent', { rate: .5 }], ['momentum', { rate: 1, method: 1 }], ['Adam', { rate: .03, method: 2 }]].map(([name, o]) => ({ name, ...spiral, widths: [2, 32, 16, 1], init: 2, ...o })) },
  batchnorm: { end: 1000, every: 1, title: 'cross-entropy of the training points', lanes: [
    ['without', { rate: .2 }], ['with', { rate: .2, norm: 1 }]].map(([name, o]) => ({ name, ...spiral, widths: [2, 64, 32, 16, 1], init: 3, ...o })) },
  dropout: { end: 10000, every: 100, title: 'cross-entropy of 1000 fresh points', lanes:
    [0, .1, .2, .5].map(p => ({ name: `p = ${p}`, ...spiral, points: 20, data: 1000, batch: 20, widths: [2, 64, 32, 1], init: 3, rate: .1, p })) },
};
export const begin = (l, seed = 42) => [['live_data', [l.points, .25, l.data, 0, 0]],
  ['live_begin', [l.widths.length, l.init, seed, l.rate, l.batch, l.method, l.norm, l.p], l.widths]];

async function race(name, panel, Program) {
  const { lanes, end, every, title } = RACES[name];
  let programs = [], running = false, runs = [];
  const go = panel.button('Race', () => (running ? pause() : play()));
  panel.button('Again', () => again());
  const seed = panel.field('seed of the weights', { type: 'number', value: 42, min: 0, step: 100 }, () => again());
  const rates = lanes.map(l => name === 'dropout' ? { value: l.rate } : panel.field(`rate, ${l.name}`, { type: 'number', value: l.rate, min: .001, max: 5, step: 'any' }, () => again()));
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 250, right: 78, title, x: { from: 0, to: end, label: 'epoch' }, y: { log: true, from: .01, to: 3 } });
  const curves = lanes.map((_, k) => plot.curve(COLOURS[k])), words = lanes.map((l, k) => plot.word(COLOURS[k].split(' ')[0], l.name, panel.width - 72, 0)), notes = panel.make('ul', 'notes');
  async function again() {
    pause();
    programs.forEach(p => p.stop());
    programs = await Promise.all(lanes.map(() => Program.start(handed(name))));
    runs = lanes.map(() => ({ xs: [], ys: [], done: 0, first: 0, said: '' }));
    for (const [k, l] of lanes.entries()) runs[k].said = (await programs[k].run(...begin({ ...l, rate: +rates[k].value }, +seed.value))).said;
    draw();
  }
  async function advance(r, k, epochs) {
    const { widths, norm } = lanes[k], answers = await programs[k].run(['live_train', [epochs], [], 'value']);
    r.said = answers.said;
    if (/not begun/.test(r.said)) return;
    for (let i = 0, rows = answers[0][1] ?? []; i < rows.length; i += 2 + widths.length + norm * (widths.length - 2)) {
      if (every === 1) { r.xs.push(r.done); r.ys.push(rows[i]); }
      if (rows[i + 2] >= .99) r.first ||= r.done + 1;
      r.done++;
    }
    if (every > 1 && !r.said) { r.xs.push(r.done); r.ys.push((await programs[k].run(['live_share', [500]]))[0][0]); }
  }
  async function play() {
    running = true;
    go.textContent = 'Pause';
    while (running && runs.some(r => !r.said && r.done < end)) {
      const of = runs;
      await Promise.all(of.map((r, k) => r.said || r.done >= end || advance(r, k, every > 1 ? every : 10)));
      draw();
      await frame();
    }
    pause();
  }
  function pause() { running = false; go.textContent = 'Race'; }
  function draw() {
    notes.replaceChildren();
    const all = runs.flatMap(r => r.ys).filter(v => v > 0), low = Math.min(...all.slice(-2000), every > 1 ? .5 : .1);
    plot.range(plot.x, { ...plot.y, from: every > 1 ? low * .8 : Math.max(10 ** Math.floor(Math.log10(low)), 1e-7) });
    const ends = runs.map((r, k) => [r.ys.length ? plot.Y(Math.max(r.ys.at(-1), plot.y.from)) : 20 + 13 * k, k]).sort((a, b) => a[0] - b[0]);
    ends.forEach((e, i) => { if (i) e[0] = Math.max(e[0], ends[i - 1][0] + 13); words[e[1]].setAttribute('y', e[0]); });
    runs.forEach((r, k) => {
      curves[k].setAttribute('d', plot.path(r.xs, r.ys));
      panel.make('li', '', notes, `${lanes[k].name}: ` + (/not begun/.test(r.said) ? `${r.said}: solve it at the desk, and your code runs here.`
        : r.said || `epoch ${r.done}` + (r.ys.length ? `, loss ${r.ys.at(-1).toFixed(4)}` : '') + (r.first ? `, 99 % right in epoch ${r.first}` : '')));
    });
    panel.say(handed(name) ? 'With your own code.' : 'With the stubs of the book: solve the challenge at the desk, and your own code races.');
    Object.assign(panel.element.dataset, { done: runs.map(r => r.done).join(' '), losses: runs.map(r => r.ys.at(-1) ?? '').join(' ') });
  }
  panel.element.addEventListener('pause', pause);
  onHanded(name, again);
  await again();
}
export default Object.fromEntries(Object.keys(RACES).map(name => [name, (panel, Program) => race(name, panel, Program)]));
