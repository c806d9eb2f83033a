// live-race.mjs: races between networks that differ in one thing.  What a challenge adds runs with the
// student's own code, once the desk has handed it over (see live-panel.mjs); until then the stub's lane
// says what is missing, and the others run.
import { desk } from './dom.mjs';
import { Clock, handed, isStub, latest, linked, onHanded, undone } from './live-panel.mjs';
import { decade, percent, Plot, set } from './live-plot.mjs';
import { epochs, INIT, METHOD, network, spirals } from './live-steps.mjs';

// as in the book's figures; what is plotted: the loss of each epoch, or (fresh) that of fresh points now
// and then
const usual = { points: 200, data: 7, init: INIT.he, norm: 0 };
const lanesOf = (shared, lanes) => lanes.map(lane => ({ ...usual, ...shared, ...lane }));
const training = { end: 1000, each: 10, title: 'cross-entropy of the training points' };
export const RACES = {
  optimizers: { ...training,
    lanes: lanesOf({ widths: [2, 32, 16, 1], init: INIT.xavier }, [
      { name: 'descent', line: 'blue', rate: .5 },
      { name: 'momentum', line: 'rust dash', rate: 1, method: METHOD.momentum },
      { name: 'Adam', line: 'ink dots', rate: .03, method: METHOD.adam },
    ]) },
  batchnorm: { ...training,
    lanes: lanesOf({ widths: [2, 64, 32, 16, 1], rate: .2 },
      [{ name: 'without', line: 'rust dash' }, { name: 'with', line: 'blue', norm: 1 }]) },
  dropout: { end: 10000, each: 100, fresh: 500, title: 'cross-entropy of 1000 fresh points',
    lanes: lanesOf({ points: 20, data: 1000, batch: 20, widths: [2, 64, 32, 1], rate: .1 },
      [[0, 'blue'], [.1, 'sky dash'], [.2, 'rust dots'], [.5, 'ink mixed']]
        .map(([p, line]) => ({ name: `p = ${p}`, line, p }))) },
};
export const begin = lane => [spirals(lane.points, .25, lane.data), network(lane.widths, lane)];

// one network of a race, in a program of its own
class Runner {
  constructor(lane, program) {
    Object.assign(this, { lane, program, xs: [], ys: [], done: 0, first: 0, said: '' });
  }
  async begin(rate, seed) {
    ({ said: this.said } = await this.program.run(...begin({ ...this.lane, rate, seed })));
  }
  goes({ end }) {
    return !this.said && this.done < end;
  }
  async advance({ each, fresh }) {
    const answers = await this.program.run(epochs(each));
    const hidden = this.lane.widths.length - 2;
    const width = 4 + hidden + this.lane.norm * hidden;
    const rows = answers[0][1] ?? [];
    this.said = answers.said;
    if (isStub(this.said)) return;
    for (let i = 0; i < rows.length; i += width) {
      if (!fresh) this.put(rows[i]);
      this.done++;
      if (rows[i + 2] >= .99) this.first ||= this.done;
    }
    if (!fresh || this.said) return;
    const [[loss, [share]]] = await this.program.run(['live_share', [fresh], [], 1]);
    this.put(loss);
    this.share = share;
  }
  put(loss) {
    this.xs.push(this.done);
    this.ys.push(loss);
  }
  get words() {
    if (isStub(this.said)) return undone(this.said) + (desk() ? '; solve it at the desk' : '');
    if (this.said) return this.said;
    const loss = this.ys.length ? `, loss ${this.ys.at(-1).toFixed(4)}` : '';
    const right = this.share !== undefined ? `, ${percent(this.share)} of the fresh points right`
      : this.first ? `, 99 % right in epoch\u00a0${this.first}` : '';
    return `epoch ${this.done}${loss}${right}`;
  }
}
export default name => async (panel, Program) => {
  const { lanes, end, fresh, title } = RACES[name];
  let runners = [];
  const clock = new Clock(panel, 'Race', async () => {
    const going = runners.filter(r => r.goes(RACES[name]));
    if (!going.length) return clock.pause();
    await Promise.all(going.map(r => r.advance(RACES[name])));
    draw();
  });
  const again = latest(async () => {
    clock.pause();
    for (const r of runners.splice(0)) r.program.stop();
    runners = await Promise.all(lanes.map(async lane => new Runner(lane, await Program.start(handed(name)))));
    await Promise.all(runners.map((r, k) => r.begin(+rates[k].value, +seed.value)));
    draw();
  });
  panel.button('Again', again);
  const seed = panel.field('seed of the weights', { type: 'number', value: 42, min: 42, step: 100 }, again);
  const rateOf = ({ name, rate: value }) =>
    panel.field(`rate, ${name}`, { type: 'number', value, min: .001, max: 5, step: 'any' }, again);
  const rates = lanes.map(lane => fresh ? { value: lane.rate } : rateOf(lane));
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 250, right: 78, title,
    x: { from: 0, to: end, label: 'epoch' }, y: { log: true, from: .01, to: 3 } });
  const curves = lanes.map(({ line }) => plot.curve(line));
  const words = lanes.map(({ line, name }) => plot.word(line, name, panel.width - 72, 0));
  const notes = panel.make('ul', 'notes');
  function rescale() {
    const low = Math.min(...runners.flatMap(r => r.ys.slice(-1000)), fresh ? .5 : .1);
    const from = fresh ? low * .8 : decade(Math.max(low, 1e-7));
    plot.range(plot.x, { ...plot.y, from });
  }
  // beside the ends of their curves, one below the other; without a curve, none
  function placeNames() {
    const end = r => plot.Y(Math.max(r.ys.at(-1) ?? 1, plot.y.from));
    runners.forEach((r, k) => {
      words[k].textContent = isStub(r.said) ? '' : r.lane.name;
    });
    const ends = runners.map((r, k) => ({ word: words[k], y: end(r) }))
      .filter(e => e.word.textContent).sort((a, b) => a.y - b.y);
    ends.forEach((e, i) => {
      if (i) e.y = Math.max(e.y, ends[i - 1].y + 13);
      set(e.word, { y: e.y });
    });
  }
  function whose() {
    if (!handed(name))
      return 'The book’s stubs race here; solve the challenge at the desk, and your own code does.';
    const all = !runners.some(r => isStub(r.said));
    return `With your own code${all ? '' : ', as far as it is done'}.`;
  }
  function draw() {
    rescale();
    placeNames();
    notes.replaceChildren();
    runners.forEach((r, k) => {
      plot.draw(curves[k], r.xs, r.ys);
      panel.make('li', '', notes).append(...linked(`${r.lane.name}: ${r.words}`));
    });
    panel.say(whose());
    const list = of => runners.map(of).join(' ');
    panel.tell({ done: list(r => r.done), losses: list(r => r.ys.at(-1) ?? '') });
  }
  onHanded(name, panel.guard(again));
  await again();
};
