// test-desk.mjs: the workbench of the challenges: node test-desk.mjs SITE [native FILE]
import fs from 'node:fs';
import { desk } from './desk-node.mjs';
import { chunksOf, namesIn, title } from './desk-nw.mjs';

const [site, ...words] = process.argv.slice(2), top = new URL('../../', import.meta.url).pathname;
const rows = file => fs.readFileSync(top + file, 'utf8').split('\n').filter(l => l && l[0] !== '#').map(l => l.split('\t'));

// -- as tests/teacher/check.py makes them: an answer with a fault in it
function mutated({ lines, parts }, [, name, find, replace]) {
  const part = parts.find(p => p.name === name), chunks = chunksOf(lines), answer = title(part, 'answer');
  const at = namesIn(answer, chunks).flatMap(n => chunks.get(n) ?? []).flatMap(c => c.code.map((l, i) => l.includes(find) ? c.head + i : -1)).filter(i => i >= 0);
  const changed = lines.map((l, i) => i === at[0] ? l.replace(find, () => replace) : l);
  return { part, lines: changed, codes: { [name]: chunksOf(changed).get(answer)[0].code.join('\n') } };
}

// file: what make wrong-answers printed
async function sameAsNatively(d, file, every) {
  const native = [...fs.readFileSync(file, 'utf8').matchAll(/^(\d[a-z]) (.*), [\w-]+\n   \1 -> wrong: (.*)$/gm)].map(m => m[3]);
  const wrong = rows('tests/teacher/wrong.tsv');
  let same = 0, tried = 0;
  if (native.length !== wrong.length) throw Error(`${native.length} sentences in ${file}, ${wrong.length} wrong answers`);
  for (const [i, row] of wrong.entries()) {
    if (i % every) continue;
    const { part, lines, codes } = mutated(d, row), v = await d.judge(part, codes, lines);
    tried++;
    if (v.message === native[i]) same++;
    else console.log(`${part.name} ${row[0]}\n  here     ${v.state}: ${v.message}\n  natively ${native[i]}`);
  }
  console.log(`${same} of ${tried} sentences are as natively, with their lines`);
  return same === tried;
}

const d = desk(site);
await sameAsNatively(d, words[0], +(words[1] ?? 1)) || process.exit(1);
