// desk-node.mjs: the workbench without a page, for tests: judge(part, codes, lines)
import fs from 'node:fs';
import { tool } from './clang.mjs';
import { judgePart, works } from './desk-board.mjs';

export function desk(site) {
  const read = file => fs.readFileSync(`${site}/${file}`), tables = JSON.parse(read('tables.json')), work = works(tool);
  const lines = `${read('nn.nw')}`.split('\n'), { parts } = tables;
  work.start(tables, read('objects.bin'), read('board.wasm'));
  return { lines, parts, judge: (part, codes, of = lines) => judgePart({ lines: of, parts }, work, part, codes) };
}
