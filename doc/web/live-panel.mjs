// live-panel.mjs: what the live figures share: the program in its worker, the panel with its controls, and
// its clock.
import { desk, make } from './dom.mjs';
import { Remote } from './remote.mjs';

export const through = (bytes, stream) =>
  new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
const bytesOf = text => Uint8Array.from(atob(text.trim()), c => c.charCodeAt(0));
const unpack = text => through(bytesOf(text), new DecompressionStream('deflate-raw'));

// The desk hands over a program with a student's module in it: 'optimizers', 'batchnorm', 'dropout' or
// 'softmax'. It's kept where the book's page finds it, and pages that are open are told (by the storage
// event).  INTERFACE: of which live.c it is.
const key = name => `nn-live-${INTERFACE}-${name}`;
export async function handOver(name, program) {
  const packed = new Uint8Array(await through(program, new CompressionStream('deflate-raw')));
  localStorage.setItem(key(name), btoa(Array.from(packed, b => String.fromCharCode(b)).join('')));
}
export function handed(name) {
  try {
    return localStorage.getItem(key(name));
  } catch {
    return null;
  }
}
export const onHanded = (name, act) =>
  addEventListener('storage', e => {
    if (e.key === key(name)) act();
  });

// The program in a worker of its own, the book's or the one that was handed over.
export class Program extends Remote {
  static async start(own) {
    const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    const program = new Program(url);
    await program.ask('start', await unpack(own ?? document.getElementById('live-wasm').textContent));
    URL.revokeObjectURL(url);
    return program;
  }
  // steps of live-steps.mjs, each answered by [value, numbers]; said: what failed
  async run(...steps) {
    const { answers, said } = await this.ask('run', steps);
    return Object.assign(answers, { said });
  }
}

// The program says of a part that isn't done that it's not begun: what is begun and wrong isn't handed over.
export const isStub = said => /not begun/.test(said);
export const undone = said => said.replace('is not begun', 'isn’t done yet');

// What is said of the desk has a link to it, and to the part that it names: where the book has a desk
// beside it, as its site says in a meta element.
export function linked(said) {
  const [before, after] = said.split('at the desk');
  if (after === undefined) return [said];
  if (!desk()) return [`${before}at the desk of the book’s site (make site)${after}`];
  const part = /part (\d[a-z])/.exec(said)?.[1];
  return [before, make('a', { href: part ? `${desk()}#${part}` : desk() }, 'at the desk'), after];
}

// what a field takes, in words
function wanted({ title, min, max, step = 1 }) {
  if (title) return title;
  const kind = step === 1 ? 'a whole number' : 'a number';
  const range = max !== undefined ? ` from ${min} to ${max}` : min !== undefined ? ` from ${min} on` : '';
  return kind + range + (step > 1 ? `, in steps of ${step}` : '');
}

// The panel below a figure: controls, a line that says in words what they change, and what it shows.
export class Panel {
  constructor(element) {
    this.element = element;
    this.next();
    this.status = make('p', { className: 'status', role: 'status' });
    this.shown.before(this.status);
  }
  get width() {
    return Math.min(560, this.shown.clientWidth || 560);
  }
  next() {
    this.controls = this.make('div', 'controls', this.element);
    this.shown = this.make('div', 'shown', this.element);
  }
  make(tag, className, parent = this.shown, text = '') {
    const element = make(tag, { className }, text);
    parent.append(element);
    return element;
  }
  // act, and say what went wrong
  guard(act) {
    return async e => {
      try {
        await act(e);
      } catch (error) {
        this.say(`The program stopped: ${error.message}. Load the page again to go on.`, 'wrong');
      }
    };
  }
  button(text, act) {
    const button = make('button', { type: 'button', onclick: this.guard(act) }, text);
    this.controls.append(button);
    return button;
  }
  labelled(label, kind, control) {
    this.make('label', kind, this.controls, `${label} `).append(control);
    return control;
  }
  field(label, { value, ...properties }, act = () => {}) {
    const event = properties.type === 'range' ? 'oninput' : 'onchange';
    const input = Object.assign(make('input', properties), { value, required: properties.type === 'number' });
    let taken = value;
    input[event] = this.guard(e => {
      if (!input.checkValidity()) {
        input.value = taken;
        return this.say(`${label}: choose ${wanted(properties)}. It’s ${taken} again.`, 'wrong');
      }
      taken = input.value;
      return act(e);
    });
    return this.labelled(label, properties.type, input);
  }
  choice(label, options, value, act) {
    const choices = options.map(([v, text]) => new Option(text, v));
    const select = make('select', { onchange: this.guard(act) }, ...choices);
    return this.labelled(label, 'select', Object.assign(select, { value }));
  }
  // how: 'wrong', or 'often' if it changes many times a second and isn't to be read aloud each time
  say(text, how) {
    this.status.ariaLive = how === 'often' ? 'off' : 'polite';
    this.status.replaceChildren(...linked(text));
    this.status.classList.toggle('wrong', how === 'wrong');
  }
  // what a test, or another script, can read
  tell(numbers) {
    Object.assign(this.element.dataset, numbers);
  }
}

// A button: act is done again and again, with a picture for each, until the button is pressed once more,
// the panel is folded, or somebody says pause.
export class Clock {
  constructor(panel, text, act) {
    Object.assign(this, { text, act, turn: null });
    this.button = panel.button(text, () => this.turn ? this.pause() : this.play());
    panel.element.addEventListener('pause', () => this.pause());
  }
  pause() {
    this.turn = null;
    this.button.textContent = this.text;
  }
  async play() {
    const turn = this.turn = {};
    this.button.textContent = 'Pause';
    while (this.turn === turn) {
      await this.act();
      await frame();
    }
  }
}

// Calls work(newest arguments) again and again, never two at a time, and forgets what came in between.
export function latest(work) {
  let next = null;
  let busy = false;
  return async (...args) => {
    next = args;
    if (busy) return;
    busy = true;
    try {
      while (next) {
        const now = next;
        next = null;
        await work(...now);
      }
    } finally {
      busy = false;
    }
  };
}
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
// until the next picture is due: twice a second where less motion is wished for
export const frame = () =>
  new Promise(done => {
    const wait = calm() ? 500 : document.hidden ? 200 : 0;
    if (wait) setTimeout(done, wait);
    else requestAnimationFrame(done);
  });
