// clang.mjs: C to WebAssembly by @yowasp/clang, in node and in a page's worker.
// A fault is an Error whose message is what the compiler or the linker said.
import { runLLVM } from '@yowasp/clang';

export const FLAGS = ['-std=c11', '-D_XOPEN_SOURCE=700', '-O3', '-ffp-contract=off', '-Wall', '-Wextra',
  '-Wconversion', '-Werror'];
const LIBRARY = ['-L/usr/lib/wasm32-wasip1', '-lc',
  '/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a'];

// Runs one of LLVM's tools on files of its own: did it end well, what did it write, and what did it say?
// What it makes it writes to its standard output: a file would be copied again for each 4 KB of it.
export async function tool(args, files, fetchProgress = () => {}) {
  const out = [];
  const said = [];
  const into = list => bytes => void (bytes && list.push(bytes));
  const ended = async ok => {
    const bytes = await new Blob(out).arrayBuffer();
    return { ok, out: new Uint8Array(bytes), said: await new Blob(said).text() };
  };
  try {
    await runLLVM(args, files, { stdin: null, stdout: into(out), stderr: into(said), fetchProgress });
    return ended(true);
  } catch (e) {
    if (e?.code === undefined) throw e; // not the tool's own end, but a trap
    return ended(false);
  }
}

// The compiler proper's arguments, as the driver would give them, for file.c; asked for once.
// <signal.h> has types only; nothing sends a signal.
const known = new Map();
export async function argumentsOf(flags) {
  const key = flags.join('\0');
  if (!known.has(key)) {
    const { said } = await tool(['clang', '-###', '-D_WASI_EMULATED_SIGNAL', ...flags, '-c', 'file.c',
      '-o', '-'], { 'file.c': '' });
    const line = said.split('\n').find(l => l.includes('"-cc1"'));
    if (!line) throw Error(said);
    known.set(key, [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(m => m[1]).filter(Boolean));
  }
  return known.get(key);
}

// One file, name.c, to an object; files has it and what it includes
export async function compile(name, files, flags = FLAGS) {
  const args = (await argumentsOf(flags)).map(a => a.replace(/^file\.c$/, `${name}.c`));
  const result = await tool(args, files);
  if (!result.ok) throw Error(result.said.trim() || `clang: ${name}.c isn't compiled`);
  return result.out;
}

// start: crt1-command.o for a program, crt1-reactor.o for functions
export const library = start => [`/usr/lib/wasm32-wasip1/${start}`, ...LIBRARY];

export async function link(objects, args) {
  const result = await tool(['wasm-ld', '-m', 'wasm32', ...Object.keys(objects), ...args, '-o', '-'],
    objects);
  if (!result.ok) throw Error(result.said.trim() || "wasm-ld: isn't linked");
  return result.out;
}
