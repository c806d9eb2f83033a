// desk-board.mjs: a part judged as tests/challenges/board.py does it, in workers of a page or in node.  The
// student's code runs in a WebAssembly instance of its own; the judge is tests/challenges/board.c.
import { ConsoleStdout, File, OpenFile, WASI } from '@bjorn3/browser_wasi_shim';
import { chunksBy, chunksOf, misplaced, seen, sentence, tangle, title, unbalanced, ungraded, withCodes } from './desk-nw.mjs';
import { HANDLERS, handlers } from './desk-undefined.mjs';

const utf8 = new TextEncoder();
const text = new TextDecoder();
const KEPT = 1 << 16; // bytes of what a part prints
const MOST = 64 << 20; // bytes that it may print
export const SECONDS = 6; // after which a page ends it from outside, where the guard couldn't

const joined = list => Uint8Array.from(list.flatMap(bytes => [...bytes]));

// a program with standard input, and what it writes; page: what it asks of the page besides
function start(module, args, input, write, page) {
  const files = [new OpenFile(new File(input)), new ConsoleStdout(write), new ConsoleStdout(write)];
  const wasi = new WASI(args, [], files, { debug: false });
  const instance = new WebAssembly.Instance(module, { ...page, wasi_snapshot_preview1: wasi.wasiImport });
  return { instance, run: () => wasi.start(instance) };
}
// board numbers PART, board judge PART ...: what it prints
function board(module, args, input = new Uint8Array(0)) {
  const out = [];
  start(module, ['board', ...args], input, bytes => out.push(bytes)).run();
  return joined(out);
}

// -- the student's code
class Ended extends Error {}
Error.stackTraceLimit = 60;

// how an end is called that the program didn't choose
function faultOf(e, instance) {
  if (e instanceof RangeError || e.name === 'InternalError') return 'stack-overflow';
  if (!(e instanceof WebAssembly.RuntimeError)) throw e;
  if (/unreachable/.test(e.message)) return 'signal';
  const top = instance.exports.__stack_pointer.value >>> 0;
  return top < 1 << 16 || top > 8 << 20 ? 'stack-overflow' : 'SEGV';
}
function execute(module, part, numbers, ...number) {
  const sent = [];
  const printed = [];
  const held = new Map();
  let count = 0;
  let report = '';
  let stack = '';
  let fault = '';
  const memory = () => new Uint8Array(instance.exports.memory.buffer);
  function end() {
    throw new Ended();
  }
  const page = {
    tell: (at, n) => void sent.push(memory().slice(at, at + n)),
    stop: end,
    hold: block => held.set(block, new Error()).size,
    release: block => void held.delete(block),
    held() {
      stack = [...held.values()][0]?.stack ?? '';
      return held.size;
    },
    seconds: () => performance.now() / 1000,
  };
  const env = handlers(memory, said => {
    report = said;
    end();
  });
  function write(bytes) {
    count += bytes.length;
    if (count <= KEPT) printed.push(bytes);
    if (count <= MOST) return;
    fault = 'prints or writes more than 64 MB';
    end();
  }
  // where there is no room for it, that's no fault of the code
  const { instance, run } = start(module, ['runner', part, ...number], numbers, write, { page, env });
  try {
    run();
  } catch (e) {
    if (!(e instanceof Ended)) fault = faultOf(e, instance);
    stack = report ? '' : e.stack;
  }
  const told = fault ? utf8.encode('fault  0' + fault) : joined(sent);
  return { sent: told, printed: text.decode(joined(printed)), report, stack };
}

// Which lines of nn.nw are on its stack, innermost first; a module's line table counts from its code
// section's start.
function codeStart(wasm) {
  let at = 8;
  function number() {
    let n = 0;
    for (let shift = 0;; shift += 7) {
      const byte = wasm[at++];
      n |= (byte & 127) << shift;
      if (byte < 128) return n;
    }
  }
  while (at < wasm.length) {
    const kind = wasm[at++];
    const size = number();
    if (kind === 10) return at;
    at += size;
  }
}
const DEEP = 12; // lines
async function linesOn(tool, wasm, stack) {
  const start = codeStart(wasm);
  const calls = [...stack.matchAll(/wasm-function\[\d+\]:(0x[0-9a-f]+)/g)].slice(0, DEEP);
  if (!calls.length) return '';
  const at = calls.map(([, address]) => '0x' + (parseInt(address) - start).toString(16));
  const args = ['symbolizer', '--obj=r.wasm', '--output-style=GNU', '--no-inlines', ...at];
  const { out } = await tool(args, { 'r.wasm': wasm });
  return (text.decode(out).match(/nn\.nw:\d+/g) ?? []).join('\n');
}

// -- compile: tables has the arguments that were asked for when the site was made
// name -> bytes of the objects, which are one file
function objectsIn(tables, all) {
  let at = 0;
  return Object.fromEntries(tables.objects.map(([name, n]) => [name, all.subarray(at, at += n)]));
}
async function build(tool, tables, objects, module, source) {
  const named = tables.cc1.map(arg => arg.replace(/^file\.c$/, `${module}.c`));
  const made = await tool(named, { ...tables.headers, [`${module}.c`]: source });
  if (!made.ok) return { said: made.said };
  const files = { ...objects, [`${module}.o`]: made.out };
  const args = ['wasm-ld', '-m', 'wasm32', ...Object.keys(files), ...tables.ld, '-o', '-'];
  const linked = await tool(args, { ...files, handlers: HANDLERS.join('\n') });
  return linked.ok ? { said: made.said, wasm: linked.out } : { said: linked.said };
}

// what is done for a page or for node, by tool, which runs the compiler
export function works(tool) {
  let tables;
  let objects;
  let module;
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
    execute: (wasm, ...what) => execute(new WebAssembly.Module(wasm), ...what),
    judge: (part, otherwise, sent) => board(module, ['judge', part, '', otherwise], sent),
  };
}

// -- a verdict
const escaped = word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const ended = said => said.endsWith('?') ? said : `${said}.`;
const stops = (message, details = '', notes = []) =>
  ({ state: 'does not compile', message, details, printed: '', notes });

// the first that assigns to the word, or has it; without one, the first that a report names, in the chunk
// if possible
function lineOf({ head, code }, word, report = '') {
  const first = head + 1;
  const having = (end = '') => {
    const at = code.findIndex(line => RegExp(`(?<![\\w.>])${escaped(word)}(?!\\w)${end}`).test(line));
    return at < 0 ? undefined : first + at;
  };
  if (word) return having('.*(?<![=<>!])=(?!=)') ?? having() ?? first;
  const named = Array.from(report.matchAll(/\.nw:(\d+)/g), found => +found[1]);
  return named.find(n => n >= first && n < first + code.length) ?? named[0] ?? first;
}

// what the compiler or the linker said, for the editor
const notesIn = said =>
  Array.from(said.matchAll(/^nn\.nw:(\d+):(\d+): (?:fatal )?(error|warning): (.*)$/gm),
    ([, line, column, severity, message]) =>
      ({ line: +line, column: +column, severity, message: message.replace(/; ISO C99.*| \[-W.*\]$/, '') }));
const FEW = 3; // errors that are told
function listed(errors) {
  const more = errors.length - FEW;
  const list = errors.slice(0, FEW).map(e => `nn.nw:${e.line}: ${e.message}`);
  if (more > 0) list.push(`and ${more} more; begin with the first, the others often go with it.`);
  return list.join('\n');
}
// what a name that nobody declared may mean: a field that the text before the chunk has, or the index of a loop
const BEFORE = 40; // lines
function meant(message, { head, code }, lines) {
  const [, name] = /undeclared identifier '(\w+)'/.exec(message) ?? [];
  if (!name) return '';
  const [field] = RegExp(`\\b([odl]->|n\\.)${name}\\b`).exec(lines.slice(head - BEFORE, head).join('\n')) ?? [];
  if (field) return `; is ${field} meant?`;
  const isIndex = RegExp(`\\bfor \\(\\w+ ${name}\\b`).test(code.join('\n'));
  return isIndex ? '; it ends with its loop: put { and } around what belongs to that' : '';
}
// and as one sentence
function explained(said, chunk, own, odd, lines) {
  const notes = notesIn(said);
  const errors = notes.filter(n => n.severity === 'error');
  const stopped = (message, details) => stops(message, details, notes);
  const first = chunk.head + 1;
  for (const { head, code } of own) {
    const { why, above } = unbalanced(code.join('\n'));
    if (why) return stopped(`it ${why}. nn.nw:${head + 1 + above}`);
  }
  const details = [...odd, errors.length > 1 && listed(errors)].filter(Boolean).join('\n');
  const [, missing] = said.match(/undefined symbol: (\w+)/) ?? [];
  if (missing)
    return stopped(`it calls ${missing}, which isn't here. nn.nw:${lineOf(chunk, missing)}`, details);
  if (!errors.length) return stopped(said.trim().split('\n')[0]);
  const [{ line, message }] = errors;
  const last = Math.max(chunk.head + chunk.code.length, first);
  const at = own.some(({ head, code }) => line > head && line <= head + code.length) ? line : Math.min(line, last);
  return stopped(`${ended(message + meant(message, chunk, lines))} nn.nw:${at}`, details);
}

// what the board printed, with the line that it means
const STUB = /not_begun\(.*?\);|matrix_copy\((Z, X|dX, dZ)\);|\/\*.*?\*\/|\/\/[^\n]*|\s/g;
function verdictOf(printed, chunk, report) {
  const [first, ...numbers] = printed.split('\n');
  let [state, message, word, number] = first.split('\t');
  const code = chunk.code.join('\n');
  if (state === 'not begun' && code.replace(STUB, '')) {
    const [, own] = /not_begun\("(.*?)"\)/.exec(code) ?? [];
    message = own ? sentence('stub', own) : sentence('other stub');
    word = own && 'not_begun';
  }
  if (message) message = `${ended(message)} nn.nw:${lineOf(chunk, word, report)}`;
  return { state, message, number, details: numbers.map(line => line.replace(/^\t/, '')).join('\n').trimEnd() };
}

// what noweb would join, or take for text: a sentence, or undefined
function clashOf(parts, part, codes, clean) {
  const lines = p => (codes[p.name] ?? '').split('\n');
  const own = p => [...chunksOf(lines(p)).keys()];
  const mine = own(part);
  const twice = mine.find(name => clean.has(name)) ?? parts.flatMap(own).find(name => name === title(part));
  if (twice) return `${sentence('twice', `<<${twice}>>`)}.`;
  const end = lines(part).find(line => /^@([ \t]|$)/.test(line));
  if (end?.slice(1).trim()) return sentence('text', `<<${title(part)}>>`);
  const namesake = parts.find(p => p !== part && own(p).some(name => mine.includes(name)));
  return namesake && `it has a chunk of the same name as one of ${namesake.name}; give it another.`;
}

// desk: { lines, parts } of nn.nw as it was handed out; ask: { build, numbers, execute, linesOn, judge },
// which may be workers
export async function judgePart(desk, ask, part, codes) {
  const chunks = chunksOf(withCodes(desk.lines, desk.parts, codes));
  const clean = chunksOf(desk.lines);
  const clash = clashOf(desk.parts, part, codes, clean);
  if (clash) return stops(clash);
  const [chunk] = chunks.get(title(part));
  for (const other of desk.parts) if (other !== part) chunks.set(title(other), clean.get(title(other)));
  const astray = misplaced(part, chunks);
  if (astray) return stops(astray);
  let source;
  try {
    source = tangle(chunks, `[[${part.module}.c]]`);
  } catch (e) {
    return stops(`${e.message} nn.nw:${e.line}`);
  }
  const { said, wasm } = await ask.build(part.module, source);
  const odd = seen(part, chunks).slice(0, FEW).map(e => ({ ...e, told: `nn.nw:${e.line}: ${e.message}` }));
  if (!wasm) return explained(said, chunk, chunksBy(part, chunks), odd.map(e => e.told), desk.lines);
  const numbers = await ask.numbers(part.name);
  const ran = await ask.execute(wasm, part.name, numbers);
  const report = ran.report || (ran.stack ? await ask.linesOn(wasm, ran.stack) : '');
  const [, undefinedThing] = ran.report.match(/runtime error: (.*)/) ?? [];
  const otherwise = undefinedThing ? sentence('undefined', undefinedThing) : '';
  const out = text.decode(await ask.judge(part.name, otherwise, ran.sent));
  const { number, ...verdict } = verdictOf(out, chunk, report);
  const isOfOne = verdict.state === 'wrong' && verdict.details && ran.printed; // case, whose numbers are shown
  const { printed } = isOfOne ? await ask.execute(wasm, part.name, numbers, number) : ran;
  const why = verdict.state === 'done' && ungraded(part, chunks);
  if (why) Object.assign(verdict, { state: 'wrong', message: why });
  const shown = verdict.state === 'wrong' ? odd : [];
  verdict.details = [...shown.map(e => e.told), verdict.details].filter(s => s).join('\n');
  const notes = [...shown.map(e => ({ ...e, severity: 'warning' })), ...notesIn(said)];
  return { ...verdict, printed, where: isOfOne ? 'in this case' : 'in all cases', notes };
}
