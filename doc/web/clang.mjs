// clang.mjs: C to WebAssembly by @yowasp/clang, in node and in a page's worker.
// A fault is an Error whose message is what the compiler or the linker said.
import { runLLVM } from '@yowasp/clang';

export const FLAGS = ['-std=c11', '-D_XOPEN_SOURCE=700', '-O3', '-ffp-contract=off', '-Wall', '-Wextra',
  '-Wconversion', '-Werror'];
const LIBRARY = ['-L/usr/lib/wasm32-wasip1', '-lc',
  '/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a'];

// Runs one of LLVM's tools on files of its own: did it end well, what files are there, and what did it say?
export async function tool(args, files, fetchProgress = () => {}) {
  const text = new TextDecoder();
  let said = '';
  const hear = bytes => {
    if (bytes) said += text.decode(bytes, { stream: true });
  };
  try {
    return { ok: true,
      files: await runLLVM(args, files, { stdin: null, stdout: hear, stderr: hear, decodeASCII: false,
        fetchProgress }), said };
  } catch (e) {
    if (e?.code === undefined) throw e; // not the tool's own end, but a trap
    return { ok: false, files: e.files ?? {}, said };
  }
}

// The compiler proper's arguments, as the driver would give them, for file.c and file.o; asked for once.
// <signal.h> has types only; nothing sends a signal.
const known = new Map();
export async function argumentsOf(flags) {
  const key = flags.join('\0');
  if (!known.has(key)) {
    const { said } = await tool(['clang', '-###', '-D_WASI_EMULATED_SIGNAL', ...flags, '-c', 'file.c',
      '-o', 'file.o'], { 'file.c': '' });
    const line = said.split('\n').find(l => l.includes('"-cc1"'));
    if (!line) throw Error(said);
    known.set(key, [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(m => m[1]).filter(Boolean));
  }
  return known.get(key);
}

// One file, name.c, to name.o; files has it and what it includes
export async function compile(name, files, flags = FLAGS) {
  const args = (await argumentsOf(flags)).map(a => a.replace(/^file\.([co])$/, `${name}.$1`));
  const result = await tool(args, files);
  if (!result.ok) throw Error(result.said.trim() || `clang: ${name}.c isn't compiled`);
  return result.files[`${name}.o`];
}

// start: crt1-command.o for a program, crt1-reactor.o for functions
export const library = start => [`/usr/lib/wasm32-wasip1/${start}`, ...LIBRARY];

export async function link(objects, args) {
  const result = await tool(['wasm-ld', '-m', 'wasm32', ...Object.keys(objects), ...args, '-o',
    'out.wasm'], objects);
  if (!result.ok) throw Error(result.said.trim() || "wasm-ld: isn't linked");
  return result.files['out.wasm'];
}
