// live-panel.mjs: what the live figures share: the program in its worker, and the panel with its controls
const through = (bytes, stream) => new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
const unpack = text => through(Uint8Array.from(atob(text.trim()), c => c.charCodeAt(0)), new DecompressionStream('deflate-raw'));
const bookModule = () => unpack(document.getElementById('live-wasm').textContent);

// The desk hands over a program with a student's module in it: 'optimizers', 'batchnorm', 'dropout' or 'softmax'.  It's kept where the
// book's page finds it, and pages that are open are told (by the storage event).
const key = name => `nn-live-${name}`;
export async function handOver(name, program) {
  const packed = new Uint8Array(await through(program, new CompressionStream('deflate-raw')));
  localStorage.setItem(key(name), btoa(Array.from(packed, b => String.fromCharCode(b)).join('')));
}
export const handed = name => { try { return localStorage.getItem(key(name)); } catch { return null; } };
export const onHanded = (name, act) => addEventListener('storage', e => { if (e.key === key(name)) act(); });

// The program in a worker of its own.  steps: see live-worker.mjs.
export class Program {
  static async start(own) {
    const program = new Program(), url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    program.worker = new Worker(url);
    program.waiting = new Map();
    program.worker.onmessage = ({ data }) => { const { done, no } = program.waiting.get(data.id); program.waiting.delete(data.id); data.error ? no(Error(data.error)) : done(data); };
    program.worker.onerror = e => { for (const { no } of program.waiting.values()) no(Error(e.message || 'the worker did not start')); };
    await program.post({ bytes: await (own ? unpack(own) : bookModule()) });
    URL.revokeObjectURL(url);
    return program;
  }
  post(message) { return new Promise((done, no) => { const id = ++Program.count; this.waiting.set(id, { done, no }); this.worker.postMessage({ id, ...message }); }); }
  async run(...steps) { const { answers, said } = await this.post({ steps }); return Object.assign(answers, { said }); }
  stop() { this.worker.terminate(); }
}
Program.count = 0;

// -- the panel below a figure
export class Panel {
  constructor(element) {
    this.element = element;
    this.next();
    this.status = this.make('p', 'status', element);
    this.status.setAttribute('role', 'status');
  }
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
  // often: what changes many times a second, and isn't to be read aloud each time
  say(text, wrong = false, often = false) { this.status.ariaLive = often ? 'off' : 'polite'; this.status.textContent = text; this.status.classList.toggle('wrong', wrong); }
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
// until the next picture is due: twice a second where less motion is wished for
export const frame = () => new Promise(done => matchMedia('(prefers-reduced-motion: reduce)').matches ? setTimeout(done, 500) : document.hidden ? setTimeout(done, 200) : requestAnimationFrame(done));
