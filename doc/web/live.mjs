// live.mjs: finds the book's figures in the page and gives each a button that makes it live.  What a figure does is in a file of
// its own, a function of (panel, program): the panel has its controls and pictures, the program its numbers.
import train from './live-train.mjs';
import check from './live-check.mjs';
import shapes from './live-shapes.mjs';
import hand from './live-hand.mjs';
import weights from './live-weights.mjs';
import race from './live-race.mjs';
import digits from './live-digits.mjs';

const FIGURES = {
  'fig:published': ['Train it here', train], 'fig:boundary': ['Train it here', train], 'fig:vcurve': ['Move the step', check],
  'fig:flow': ['Change the widths', shapes], 'fig:byhand': ['Work it, number by number', hand], 'fig:init': ['Choose the deviation', weights],
  'fig:optimizers': ['Race them, with your own code', race.optimizers], 'fig:batchnorm': ['Race them, with your own code', race.batchnorm],
  'fig:dropout': ['Race them, with your own code', race.dropout], 'fig:digits': ['Draw a digit', digits],
};
export const calm = matchMedia('(prefers-reduced-motion: reduce)');
const decode = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
let book;
const inflate = async bytes => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
const bookModule = () => book ??= inflate(decode(document.getElementById('live-wasm').textContent.trim()));

// The program in a worker of its own.  steps: see live-worker.mjs.
export class Program {
  static async start(bytes) {
    const program = new Program(), url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    program.worker = new Worker(url);
    program.waiting = new Map();
    program.worker.onmessage = ({ data }) => { const { done, no } = program.waiting.get(data.id); program.waiting.delete(data.id); data.error ? no(Error(data.error)) : done(data); };
    program.worker.onerror = e => { for (const { no } of program.waiting.values()) no(Error(e.message || 'the worker did not start')); };
    await program.post({ bytes: bytes ?? await bookModule() });
    URL.revokeObjectURL(url);
    return program;
  }
  post(message) { return new Promise((done, no) => { const id = ++Program.count; this.waiting.set(id, { done, no }); this.worker.postMessage({ id, ...message }); }); }
  async run(...steps) { const { answers, said } = await this.post({ steps }); return Object.assign(answers, { said }); }
  stop() { this.worker.terminate(); }
}
Program.count = 0;

// -- what the desk hands over: a program with the student's chunks in it, for each module ('optimizers', 'batchnorm', 'dropout',
// 'softmax').  On the page: dispatchEvent(new CustomEvent('live-module', { detail: { module, bytes } }))
export const handed = new Map();
addEventListener('live-module', ({ detail: { module, bytes } }) => { handed.set(module, bytes); dispatchEvent(new CustomEvent('live-handed', { detail: module })); });

// -- the panel below a figure
export class Panel {
  constructor(element, name) { Object.assign(this, { element, name, controls: this.make('div', 'controls', element), shown: this.make('div', 'shown', element), status: this.make('p', 'status', element) }); this.status.setAttribute('role', 'status'); }
  get width() { return Math.min(560, this.shown.clientWidth || 560); }
  make(tag, name, parent = this.shown, text) { const e = document.createElement(tag); if (name) e.className = name; if (text !== undefined) e.textContent = text; parent.append(e); return e; }
  next() { this.controls = this.make('div', 'controls', this.element); this.shown = this.make('div', 'shown', this.element); }
  button(text, act) { const b = this.make('button', '', this.controls, text); b.type = 'button'; b.onclick = act; return b; }
  // a labelled input or select; value() is a number where its type says so
  field(label, { value, options, ...attributes }, act) {
    const frame = this.make('label', attributes.type ?? (options ? 'select' : ''), this.controls, label + ' '), input = this.make(options ? 'select' : 'input', '', frame);
    for (const [v, text] of options ?? []) input.add(new Option(text, v));
    for (const [k, v] of Object.entries(attributes)) input.setAttribute(k, v);
    input.value = value;
    input[attributes.type === 'range' ? 'oninput' : 'onchange'] = act;
    return input;
  }
  say(text, wrong = false) { this.status.textContent = text; this.status.classList.toggle('wrong', wrong); }
}

// Calls work(newest arguments) again and again, never two at a time, and forgets what came in between.
export function latest(work) {
  let next, busy = false;
  return async (...args) => {
    next = args;
    if (busy) return;
    busy = true;
    while (next) { const now = next; next = null; await work(...now); }
    busy = false;
  };
}
export const frame = () => calm.matches ? new Promise(done => setTimeout(done, 500)) : new Promise(done => document.hidden ? setTimeout(done, 200) : requestAnimationFrame(done));

async function open(element, id, name, act, button) {
  const panel = new Panel(element, name);
  button.setAttribute('aria-expanded', 'true');
  panel.say('starting …');
  try { await act(panel, Program, id); } catch (e) { panel.say(`This figure can't be made live here: ${e.message}. Everything else on the page goes on.`, true); }
}
export function attach(root = document) {
  for (const [id, [text, act]] of Object.entries(FIGURES)) {
    const figure = root.getElementById(id)?.closest('figure');
    if (!figure || figure.querySelector('.live')) continue;
    const box = document.createElement('div'), button = document.createElement('button'), element = document.createElement('div');
    Object.assign(box, { className: 'live' });
    Object.assign(button, { type: 'button', className: 'go', textContent: text });
    Object.assign(element, { className: 'panel', hidden: true });
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', text);
    button.setAttribute('aria-expanded', 'false');
    let begun = false;
    button.onclick = () => {
      element.hidden = begun && !element.hidden;
      button.setAttribute('aria-expanded', String(!element.hidden));
      if (element.hidden) element.dispatchEvent(new Event('pause'));
      if (!begun) { begun = true; open(element, id, text, act, button); }
    };
    box.append(button, element);
    figure.append(box);
  }
}
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => attach()); else attach();
