// desk-nw.mjs: nn.nw as noweb reads it, and the parts of the challenges: what tests/challenges/nw.py is natively, and
// notangle -L.  Lines are counted from 1 where they are said, and a chunk's head is its heading's.
import says from '../../tests/challenges/sentences.json' with { type: 'json' };

// the sentence with a value for each {}
export const sentence = (name, ...values) =>
  values.reduce((s, v) => s.replace('{}', () => v), says[name]);

export const partsOf = table =>
  table.split('\n').filter(l => l && l[0] !== '#').map(l => l.split('\t'))
    .map(([name, module, title, points, minutes]) => ({ name, module, title, points: +points,
      minutes: +minutes })
    );
export const title = (part, kind = 'challenge') => `${kind} ${part.name}: ${part.title}`;

// name -> its definitions { head, code }, code without the @ that ends it
export function chunksOf(lines) {
  const found = new Map();
  let chunk = null;
  lines.forEach((line, i) => {
    const heading = line.match(/^<<(.*)>>=[ \t]*$/);
    if (heading) {
      chunk = { head: i + 1, code: [] };
      found.set(heading[1], [...found.get(heading[1]) ?? [], chunk]);
    } else if (/^@([ \t]|$)/.test(line)) chunk = null;
    else chunk?.code.push(line);
  });
  return found;
}
// text, name, text ...; a line with nothing that closes isn't searched from each of its <<
const pieces = line => line.includes('>>') ? line.split(/(?<!@)<<(.*?)(?<!@)>>/) : [line];

export function namesIn(name, chunks) {
  const names = [name];
  for (const n of names)
    for (const c of chunks.get(n) ?? [])
      for (const used of c.code.flatMap(line => pieces(line).filter((_, i) => i % 2)))
        if (!names.includes(used)) names.push(used);
  return names;
}

// What a part's editor has in it stands between its heading and its end; chunks of the student's own may follow in it.
export function withCodes(lines, parts, codes) {
  const chunks = chunksOf(lines);
  const out = [...lines];
  const heads = parts.filter(p => p.name in codes).map(p => [chunks.get(title(p))[0], codes[p.name]]);
  for (const [c, code] of heads.sort(([a], [b]) => b.head - a.head))
    out.splice(c.head, c.code.length, ...code.split('\n'));
  return out;
}

// The way back: what was written into another copy of nn.nw.  Own chunks go with the part that they follow, or else with
// the one that uses them.
export function codesIn(lines, parts, clean) {
  const mine = chunksOf(lines);
  const known = chunksOf(clean);
  const codes = {};
  const taken = new Set();
  const own = [...mine.keys()].filter(n => !known.has(n) && !n.startsWith('answer ')); // a teacher's copy has answers
  for (const p of parts) {
    const c = mine.get(title(p))?.[0];
    if (!c) continue;
    const heads = [...mine].flatMap(([name, list]) => list.map(d => ({ name, ...d }))).sort((a, b) =>
      a.head - b.head
    );
    let end = c.head + c.code.length;
    for (const d of heads.filter(d => d.head > c.head)) {
      if (!own.includes(d.name)) break;
      taken.add(d.name);
      end = d.head + d.code.length;
    }
    codes[p.name] = lines.slice(c.head, end);
    for (const name of namesIn(title(p), mine).filter(n => own.includes(n) && !taken.has(n))) {
      taken.add(name);
      codes[p.name].push(...mine.get(name).flatMap(d => ['@', '', `<<${name}>>=`, ...d.code]));
    }
    codes[p.name] = codes[p.name].join('\n');
  }
  return codes;
}

// C with #line, so that each line is known as nn.nw's; a name that's used and not defined is an Error
export function tangle(chunks, root) {
  const out = [];
  let next = 0;
  const put = (text, line) => {
    if (line !== next) out.push(`#line ${line} "nn.nw"`);
    out.push(text);
    next = line + 1;
  };
  const expand = (name, within, at) => {
    if (!chunks.has(name) || within.includes(name))
      throw Object.assign(
        Error(
          `<<${name}>> is used here and ${
            chunks.has(name) ? 'uses itself' : 'defined nowhere'
          }. If it's C and no chunk, write @<< and @>>.`,
        ),
        { line: at },
      );
    for (const c of chunks.get(name))
      c.code.forEach((line, i) => {
        const at = c.head + 1 + i;
        const all = pieces(line);
        all.forEach((piece, k) => {
          if (k % 2) expand(piece, [...within, name], at);
          else if (piece.trim() || all.length === 1) put(piece.replace(/@(<<|>>)/g, '$1'), at);
        });
      });
  };
  expand(root, [], 0);
  return out.join('\n') + '\n';
}

// -- what stops a compiler, said before it
const bare = code => code.replace(/\/\*.*?\*\/|\/\/[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'/gs, ' ');

export function unbalanced(code) {
  const pairs = '(){}[]';
  const opened = [];
  for (const c of bare(code)) {
    const k = pairs.indexOf(c);
    if (k >= 0 && k % 2 === 0) opened.push(c);
    else if (k > 0 && opened.pop() !== pairs[k - 1]) return sentence('closes', c);
  }
  return opened.length ? sentence('opens', opened.at(-1)) : '';
}

export function misplaced(part, chunks) {
  const call = `<<${title(part)}>>`;
  const c = chunks.get(title(part))[0];
  const around = [...chunks.values()].flat().filter(d => d.code.some(l => l.includes(call))).flatMap(
    d => d.code
  ).join('\n');
  for (const [i, l] of c.code.entries()) {
    const f = l.match(/^\s*(?:static\s+)?(?:void|bool|double)\s+(\w+)\s*\(/);
    if (f && new RegExp(`\\b${f[1]}\\b`).test(around))
      return `nn.nw:${c.head + 1 + i}: ${sentence('whole', call, f[1])}`;
    if (/^\s*#\s*include\b/.test(l)) return `nn.nw:${c.head + 1 + i}: ${sentence('include', call)}`;
  }
  return '';
}
