// desk-node.mjs: the workbench without a page, for tests: judge(part, codes, lines)
import fs from 'node:fs';
import { tool } from './clang.mjs';
import * as core from './desk-board.mjs';

export function desk(site) {
  const tables = JSON.parse(fs.readFileSync(`${site}/tables.json`)), all = fs.readFileSync(`${site}/objects.bin`), module = new WebAssembly.Module(fs.readFileSync(`${site}/board.wasm`));
  const objects = core.objectsIn(tables, all), lines = fs.readFileSync(`${site}/nn.nw`, 'utf8').split('\n'), { parts } = tables;
  const ask = {
    build: (name, source) => core.build(tool, tables, objects, name, source),
    linesOn: (wasm, stack) => core.linesOn(tool, wasm, stack),
    numbers: part => core.board(module, ['numbers', part]),
    execute: (wasm, part, numbers) => core.execute(new WebAssembly.Module(wasm), part, numbers),
    judge: (part, otherwise, sent) => core.board(module, ['judge', part, '', otherwise], sent),
  };
  return { lines, parts, judge: (part, codes, of = lines) => core.judgePart({ lines: of, parts }, ask, part, codes) };
}
