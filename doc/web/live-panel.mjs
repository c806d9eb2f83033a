// live-panel.mjs: what the live figures share: the program in its worker, and the panel with its controls
import { make } from './dom.mjs';
import { Remote } from './remote.mjs';

const through = (bytes, stream) =>
  new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
const unpack = text =>
  through(Uint8Array.from(atob(text.trim()), c => c.charCodeAt(0)),
    new DecompressionStream('deflate-raw'));
const bookModule = () => unpack(document.getElementById('live-wasm').textContent);

// The desk hands over a program with a student's module in it: 'optimizers', 'batchnorm', 'dropout' or 'softmax'.  It's kept where the
// book's page finds it, and pages that are open are told (by the storage event).  INTERFACE: of which live.c it is.
const key = name => `nn-live-${INTERFACE}-${name}`;
export async function handOver(name, program) {
  const packed = new Uint8Array(await through(program, new CompressionStream('deflate-raw')));
  localStorage.setItem(key(name), btoa(Array.from(packed, b => String.fromCharCode(b)).join('')));
}
export const handed = name => {
  try {
    return localStorage.getItem(key(name));
  } catch {
    return null;
  }
};
export const onHanded = (name, act) =>
  addEventListener('storage', e => {
    if (e.key === key(name)) act();
  });

// The program in a worker of its own.  run: steps of live-worker.mjs, each answered by [value, numbers]; said: what failed.
export class Program extends Remote {
  static async start(own) {
    const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    const program = new Program(url);
    await program.ask('start', await (own ? unpack(own) : bookModule()));
    URL.revokeObjectURL(url);
    return program;
  }
  async run(...steps) {
    const { answers, said } = await this.ask('run', steps);
    return Object.assign(answers, { said });
  }
}

// What is said of the desk has a link to it, and to the part that it names: where the book has a desk beside it, as its site says in
// a meta element.
export function linked(said) {
  const desk = document.querySelector('meta[name=desk]')?.content;
  const [before, after] = said.split('at the desk');
  if (after === undefined) return [said];
  if (!desk) return [`${before}at the desk of the book's site (make site)${after}`];
  const part = /part (\d[a-z])/.exec(said)?.[1] ?? '';
  return [before, make('a', { href: part ? `${desk}#${part}` : desk }, 'at the desk'), after];
}

// The panel below a figure: controls, what they change, and a line that says it in words
export class Panel {
  constructor(element) {
    this.element = element;
    this.next();
    this.status = this.make('p', 'status', element);
    this.status.setAttribute('role', 'status');
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
        this.say(`The program stopped: ${error.message}. Load the page again to go on.`, true);
      }
    };
  }
  button(text, act) {
    return Object.assign(this.make('button', '', this.controls, text), { type: 'button',
      onclick: this.guard(act) });
  }
  // a labelled input, or with options a select
  field(label, { value, options, ...attributes }, act) {
    const frame = this.make('label', attributes.type ?? 'select', this.controls, label + ' ');
    const input = this.make(options ? 'select' : 'input', '', frame);
    for (const [v, text] of options ?? []) input.add(new Option(text, v));
    for (const [k, v] of Object.entries(attributes)) input.setAttribute(k, v);
    input.value = value;
    input[attributes.type === 'range' ? 'oninput' : 'onchange'] = this.guard(act);
    return input;
  }
  // often: what changes many times a second, and isn't to be read aloud each time
  say(text, wrong = false, often = false) {
    this.status.ariaLive = often ? 'off' : 'polite';
    this.status.replaceChildren(...linked(text));
    this.status.classList.toggle('wrong', wrong);
  }
  // what a test, or another script, can read
  tell(numbers) {
    Object.assign(this.element.dataset, numbers);
  }
}

// Calls work(newest arguments) again and again, never two at a time, and forgets what came in between.
export function latest(work) {
  let next;
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
