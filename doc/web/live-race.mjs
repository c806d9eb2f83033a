// live-race.mjs: races between networks that differ in one thing.  What a challenge adds runs with the student's own code, once the
// desk has handed it over (see live-panel.mjs); until then the stub's lane says what is missing, and the others run.
import { frame, handed, linked, onHanded } from './live-panel.mjs';
import { Plot } from './live-plot.mjs';

// as in the book's figures; what is plotted: the loss of each epoch, or (fresh) that of fresh points now and then
const XAVIER = 2;
const HE = 3;
const MOMENTUM = 1;
const ADAM = 2;
const usual = { points: 200, data: 7, batch: 64, init: HE, method: 0, norm: 0, p: 0 };
const training = { end: 1000, each: 10, title: 'cross-entropy of the training points' };
export const RACES = {
  optimizers: { ...training,
    lanes: [{ name: 'descent', rate: .5 }, { name: 'momentum', rate: 1, method: MOMENTUM }, {
      name: 'Adam',
      rate: .03,
      method: ADAM,
    }]
      .map(l => ({ ...usual, widths: [2, 32, 16, 1], init: XAVIER, ...l })) },
  batchnorm: { ...training,
    lanes: [{ name: 'without' }, { name: 'with', norm: 1 }].map(l => ({ ...usual,
      widths: [2, 64, 32, 16, 1], rate: .2, ...l })
    ) },
  dropout: { end: 10000, each: 100, fresh: 500, title: 'cross-entropy of 1000 fresh points',
    lanes: [0, .1, .2, .5]
      .map(p => ({ ...usual, name: `p = ${p}`, points: 20, data: 1000, batch: 20,
        widths: [2, 64, 32, 1], rate: .1, p })
      ) },
};
export const begin = (l,
  seed = 42) => [['live_data', [l.points, .25, l.data, 0, 0]], ['live_begin', [l.widths.length, l.init,
  seed, l.rate, l.batch, l.method, l.norm, l.p], l.widths]];
const COLOURS = ['blue', 'rust dash', 'ink dots', 'sky wide'];
const stub = said => /not begun/.test(said);

// one network of a race, in a program of its own
class Runner {
  constructor(lane, program) {
    Object.assign(this, { lane, program, xs: [], ys: [], done: 0, first: 0, said: '' });
  }
  async begin(rate, seed) {
    ({ said: this.said } = await this.program.run(...begin({ ...this.lane, rate }, seed)));
  }
  async advance({ end, each, fresh }) {
    if (this.said || this.done >= end) return;
    const answers = await this.program.run(['live_train', [each], [], 'value']);
    const hidden = this.lane.widths.length - 2;
    const width = 4 + hidden + this.lane.norm * hidden;
    this.said = answers.said;
    if (stub(this.said)) return;
    for (let i = 0, rows = answers[0][1] ?? []; i < rows.length; i += width) {
      if (!fresh) this.put(rows[i]);
      this.done++;
      if (rows[i + 2] >= .99) this.first ||= this.done;
    }
    if (fresh && !this.said) this.put((await this.program.run(['live_share', [fresh]]))[0][0]);
  }
  put(loss) {
    this.xs.push(this.done);
    this.ys.push(loss);
  }
  get words() {
    if (stub(this.said)) return `${this.said}; solve it at the desk, and your own code runs here.`;
    return this.said
      || `epoch ${this.done}` + (this.ys.length ? `, loss ${this.ys.at(-1).toFixed(4)}` : '')
        + (this.first ? `, 99 % right in epoch ${this.first}` : '');
  }
}
async function race(name, panel, Program) {
  const { lanes, end, fresh, title } = RACES[name];
  let runners = [];
  let running = false;
  const go = panel.button('Race', () => (running ? pause() : play()));
  panel.button('Again', () => again());
  const seed = panel.field('seed of the weights', { type: 'number', value: 42, min: 42, step: 100 },
    () => again());
  const rates = lanes.map(
    l => (fresh
      ? { value: l.rate }
      : panel.field(`rate, ${l.name}`, { type: 'number', value: l.rate, min: .001, max: 5,
        step: 'any' }, () => again()))
  );
  const plot = new Plot(panel.make('div', 'wide'), { width: panel.width, height: 250, right: 78, title,
    x: { from: 0, to: end, label: 'epoch' }, y: { log: true, from: .01, to: 3 } });
  const curves = lanes.map((_, k) => plot.curve(COLOURS[k]));
  const words = lanes.map((l, k) => plot.word(COLOURS[k].split(' ')[0], l.name, panel.width - 72, 0));
  const notes = panel.make('ul', 'notes');
  async function again() {
    pause();
    for (const r of runners) r.program.stop();
    runners = await Promise.all(lanes.map(async l => new Runner(l, await Program.start(handed(name)))));
    await Promise.all(runners.map((r, k) => r.begin(+rates[k].value, +seed.value)));
    draw();
  }
  async function play() {
    running = true;
    go.textContent = 'Pause';
    for (const now = runners; running && now === runners && now.some(r => !r.said && r.done < end);) {
      await Promise.all(now.map(r => r.advance(RACES[name])));
      draw();
      await frame();
    }
    pause();
  }
  function pause() {
    running = false;
    go.textContent = 'Race';
  }
  function draw() {
    const all = runners.flatMap(r => r.ys.slice(-1000));
    const low = Math.min(...all, fresh ? .5 : .1);
    plot.range(plot.x, { ...plot.y,
      from: fresh ? low * .8 : 10 ** Math.floor(Math.log10(Math.max(low, 1e-7))) });
    // names beside the ends of their curves, one below the other
    const ends = runners.map((r, k) => ({ k, y: plot.Y(Math.max(r.ys.at(-1) ?? 1, plot.y.from)) }))
      .sort((a, b) => a.y - b.y);
    ends.forEach((e, i) => {
      if (i) e.y = Math.max(e.y, ends[i - 1].y + 13);
      words[e.k].setAttribute('y', e.y);
    });
    notes.replaceChildren();
    runners.forEach((r, k) => {
      curves[k].setAttribute('d', plot.path(r.xs, r.ys));
      panel.make('li', '', notes).append(...linked(`${r.lane.name}: ${r.words}`));
    });
    const own = runners.some(r => stub(r.said))
      ? 'With your own code, as far as it is done.'
      : 'With your own code.';
    panel.say(
      handed(name)
        ? own
        : 'With the stubs of the book: solve the challenge at the desk, and your own code races.',
    );
    panel.tell({ done: runners.map(r => r.done).join(' '),
      losses: runners.map(r => r.ys.at(-1) ?? '').join(' ') });
  }
  panel.element.addEventListener('pause', pause);
  onHanded(name, panel.guard(again));
  await again();
}
export default Object.fromEntries(
  Object.keys(RACES).map(name => [name, (panel, Program) => race(name, panel, Program)]),
);
