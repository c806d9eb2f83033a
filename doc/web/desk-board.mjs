// desk-board.mjs: a part judged as tests/challenges/board.py does it, in workers of a page or in node.  The student's code
// runs in a WebAssembly instance of its own; the judge is tests/challenges/board.c.
import { ConsoleStdout, File, OpenFile, WASI } from '@bjorn3/browser_wasi_shim';
import { chunksOf, misplaced, sentence, tangle, title, unbalanced, withCodes } from './desk-nw.mjs';
import { HANDLERS, handlers } from './desk-undefined.mjs';
const utf8 = new TextEncoder();
const text = new TextDecoder();
const MOST = 64 << 20; // bytes that a part may print
export const SECONDS = 6; // after which a page ends it from outside, where the guard couldn't

function joined(list) {
  const all = new Uint8Array(list.reduce((n, b) => n + b.length, 0));
  list.reduce((at, b) => {
    all.set(b, at);
    return at + b.length;
  }, 0);
  return all;
}

// standard input, and what is written, for a program; page: what it asks of the page besides
class Ended extends Error {}
function start(module, args, input, write, page) {
  const wasi = new WASI(args, [], [new OpenFile(new File(input)), new ConsoleStdout(write),
    new ConsoleStdout(write)], { debug: false });
  const instance = new WebAssembly.Instance(module, { ...page,
    wasi_snapshot_preview1: wasi.wasiImport });
  return { instance, run: () => wasi.start(instance) };
}

// board numbers PART, board judge PART ...: what it prints
function board(module, args, input = new Uint8Array(0)) {
  const out = [];
  start(module, ['board', ...args], input, b => out.push(b)).run();
  return joined(out);
}

// -- the student's code
function execute(module, part, numbers) {
  const sent = [];
  const printed = [];
  const held = new Map();
  let instance;
  let count = 0;
  let report = '';
  let stack = '';
  let word = '';
  Error.stackTraceLimit = 60;
  const memory = () => new Uint8Array(instance.exports.memory.buffer);
  const page = {
    tell: (at, n) => {
      sent.push(memory().slice(at, at + n));
    },
    stop: () => {
      throw new Ended();
    },
    hold: block => held.set(block, new Error()).size,
    release: block => {
      held.delete(block);
    },
    held: () => {
      stack = [...held.values()][0]?.stack ?? '';
      return held.size;
    },
    seconds: () => performance.now() / 1000,
  };
  const undefinedThings = handlers(memory, said => {
    report = said;
    throw new Ended();
  });
  const write = b => {
    count += b.length;
    if (count <= 1 << 16) printed.push(b);
    if (count > MOST) {
      word = 'prints or writes more than 64 MB';
      throw new Ended();
    }
  };
  try {
    const program = start(module, ['runner', part], numbers, write, { page, env: undefinedThings });
    instance = program.instance;
    program.run();
  } catch (e) {
    if (e instanceof WebAssembly.RuntimeError) {
      const top = instance.exports.__stack_pointer.value >>> 0;
      word = /unreachable/.test(e.message)
        ? 'signal'
        : top < 1 << 16 || top > 8 << 20
        ? 'stack-overflow'
        : 'SEGV';
    } else if (e instanceof RangeError || e.name === 'InternalError') word = 'stack-overflow';
    else if (!(e instanceof Ended)) throw e;
    stack = report ? '' : e.stack;
  }
  return { sent: word ? utf8.encode('fault  0' + word) : joined(sent),
    printed: text.decode(joined(printed)), report, stack,
    bytes: instance.exports.memory.buffer.byteLength };
}

// which lines of nn.nw are on its stack, innermost first; a module's line table counts from its code section's start
function codeStart(wasm) {
  const number = at => {
    let n = 0;
    let shift = 0;
    let b;
    do {
      b = wasm[at++];
      n |= (b & 127) << shift;
      shift += 7;
    } while (b & 128);
    return [n, at];
  };
  for (let at = 8; at < wasm.length;) {
    const [size, body] = number(at + 1);
    if (wasm[at] === 10) return body;
    at = body + size;
  }
}

async function linesOn(tool, wasm, stack) {
  const start = codeStart(wasm);
  const at = [...stack.matchAll(/wasm-function\[\d+\]:(0x[0-9a-f]+)/g)].slice(0, 12).map(m =>
    '0x' + (parseInt(m[1]) - start).toString(16)
  );
  if (!at.length) return '';
  const { said } = await tool(['symbolizer', '--obj=r.wasm', '--output-style=GNU', '--no-inlines',
    ...at], { 'r.wasm': wasm });
  return (said.match(/nn\.nw:\d+/g) ?? []).join('\n');
}

// name -> bytes of the objects, which are one file
function objectsIn(tables, all) {
  let at = 0;
  return Object.fromEntries(tables.objects.map(([name, n]) => [name, all.subarray(at, at += n)]));
}

// -- compile: tables has the arguments that were asked for when the site was made
async function build(tool, tables, objects, module, source) {
  const named = tables.cc1.map(a => a.replace(/^file\.([co])$/, `${module}.$1`));
  const made = await tool(named, { ...tables.headers, [`${module}.c`]: source });
  if (!made.ok) return { said: made.said };
  const files = { ...objects, [`${module}.o`]: made.files[`${module}.o`] };
  const linked = await tool(['wasm-ld', '-m', 'wasm32', ...Object.keys(files), ...tables.ld, '-o',
    'runner.wasm'], { ...files, handlers: HANDLERS.join('\n') });
  return linked.ok ? { said: made.said, wasm: linked.files['runner.wasm'] } : { said: linked.said };
}

// what is done for a page or for node, by tool, which runs the compiler
export function works(tool) {
  let tables, objects, module;
  return {
    start(given, all, judge) {
      tables = given;
      objects = objectsIn(tables, all);
      module = judge && new WebAssembly.Module(judge);
    },
    build: (name, source) => build(tool, tables, objects, name, source),
    // for the book's figures; given: what is linked with it
    live: (name, source, given) =>
      build(tool, { ...tables, ...tables.live }, objectsIn(tables.live, given), name, source),
    linesOn: (wasm, stack) => linesOn(tool, wasm, stack),
    numbers: part => board(module, ['numbers', part]),
    execute: (wasm, part, numbers) => execute(new WebAssembly.Module(wasm), part, numbers),
    judge: (part, otherwise, sent) => board(module, ['judge', part, '', otherwise], sent),
  };
}

// -- a verdict
const escaped = word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// the first that assigns to the word, or has it; without one, the first that a report names, in the chunk if possible
function lineOf(chunk, word, report) {
  const named = [...report.matchAll(/\.nw:(\d+)/g)].map(m => +m[1]);
  const inside = n => n > chunk.head && n <= chunk.head + chunk.code.length;
  const having = end =>
    chunk.code.flatMap((line, i) =>
      RegExp(`(?<![\\w.>])${escaped(word)}(?!\\w)${end}`).test(line) ? [chunk.head + 1 + i] : []
    );
  return (word
    ? [...having('.*(?<![=<>!])=(?!=)'), ...having('')]
    : [...named.filter(inside), ...named])[0] ?? chunk.head + 1;
}

const stops = (state, message) => ({ state, message, details: '', printed: '', notes: [] });

const ended = s => s.endsWith('?') ? s : `${s}.`;
// what the compiler or the linker said, as one sentence; and all of it for the editor
function explained(said, chunk) {
  const notes = [...said.matchAll(/^nn\.nw:(\d+):(\d+): (?:fatal )?(error|warning): (.*)$/gm)]
    .map(([, line, column, severity, message]) => ({ line: +line, column: +column, severity,
      message: message.replace(/; ISO C99.*| \[-W.*\]$/, '') })
    );
  const errors = notes.filter(n => n.severity === 'error');
  const missing = said.match(/undefined symbol: (\w+)/)?.[1];
  const bracket = unbalanced(chunk.code.join('\n'));
  const end = chunk.head + chunk.code.length;
  const message = bracket
    ? `it ${bracket}. nn.nw:${chunk.head + 1}`
    : missing
    ? `it calls ${missing}, which isn't here. nn.nw:${lineOf(chunk, missing, '')}`
    : errors.length
    ? `${ended(errors[0].message)} nn.nw:${Math.min(errors[0].line, Math.max(end, chunk.head + 1))}`
    : said.trim().split('\n')[0];
  return { ...stops('does not compile', message), notes,
    details: bracket || errors.length < 2
      ? ''
      : errors.slice(0, 3).map(e => `nn.nw:${e.line}: ${e.message}`).join('\n')
        + (!bracket && errors.length > 3
          ? `\nand ${errors.length - 3} more; begin with the first, the others often go with it.`
          : '') };
}

// desk: { lines, parts } of nn.nw as it was handed out; ask: { build, numbers, execute, linesOn, judge }, which may be workers
export async function judgePart(desk, ask, part, codes) {
  const chunks = chunksOf(withCodes(desk.lines, desk.parts, codes));
  const clean = chunksOf(desk.lines);
  const chunk = chunks.get(title(part))[0];
  for (const other of desk.parts) if (other !== part) chunks.set(title(other), clean.get(title(other)));
  const astray = misplaced(part, chunks);
  if (astray) return stops('does not compile', astray);
  let source;
  try {
    source = tangle(chunks, `[[${part.module}.c]]`);
  } catch (e) {
    return stops('does not compile', `${e.message} nn.nw:${e.line}`);
  }
  const { said, wasm } = await ask.build(part.module, source);
  if (!wasm) return explained(said, chunk);
  const ran = await ask.execute(wasm, part.name, await ask.numbers(part.name));
  const report = ran.report || (ran.stack ? await ask.linesOn(wasm, ran.stack) : '');
  const undefinedThing = ran.report.match(/runtime error: (.*)/)?.[1];
  const out = await ask.judge(part.name, undefinedThing ? sentence('undefined', undefinedThing) : '',
    ran.sent);
  const [first, ...details] = text.decode(out).split('\n');
  let [state, message, word] = first.split('\t');
  const stub = /not_begun\(.*?\);|matrix_copy\((Z, X|dX, dZ)\);|\/\*.*?\*\/|\/\/[^\n]*|\s/g;
  const code = chunk.code.join('\n');
  const name = /not_begun\("(.*?)"\)/.exec(code)?.[1] ?? part.name;
  if (state === 'not begun' && code.replace(stub, ''))
    [message, word] = [sentence('stub', name), 'not_begun'];
  if (message) message = `${ended(message)} nn.nw:${lineOf(chunk, word, report)}`;
  return { state, message, details: details.map(l => l.replace(/^\t/, '')).join('\n').trimEnd(),
    printed: ran.printed, notes: explained(said, chunk).notes, bytes: ran.bytes };
}
