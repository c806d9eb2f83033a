// desk-worker.mjs: does what it's asked: one such worker has the compiler, another runs the student's code
import { provide } from './desk-fetch.mjs';
import { tool } from './clang.mjs';
import * as core from './desk-board.mjs';

let tables, objects, board;
const compiler = (args, files) => tool(args, files, s => postMessage({ loaded: s.doneLength }));
const work = {
  start(given, all, judge, files) {
    tables = given;
    objects = core.objectsIn(tables, all);
    board = judge && new WebAssembly.Module(judge);
    provide(files);
  },
  build: (module, source) => core.build(compiler, tables, objects, module, source),
  // for the book's figures; given: what is linked with it
  live: (module, source, given) => core.build(compiler, { ...tables, ...tables.live }, core.objectsIn(tables.live, given), module, source),
  linesOn: (wasm, stack) => core.linesOn(compiler, wasm, stack),
  numbers: part => core.board(board, ['numbers', part]),
  execute: (wasm, part, numbers) => core.execute(new WebAssembly.Module(wasm), part, numbers),
  judge: (part, otherwise, sent) => core.board(board, ['judge', part, '', otherwise], sent),
};
onmessage = async ({ data: { id, name, args } }) => {
  try { postMessage({ id, result: await work[name](...args) }); } catch (e) { postMessage({ id, error: `${e.message ?? e}` }); }
};
