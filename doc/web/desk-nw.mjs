// desk-nw.mjs: nn.nw as noweb reads it, and the parts of the challenges: what tests/challenges/nw.py is
// natively, and notangle -L.  Lines are counted from 1 where they are said, and a chunk's head is its
// heading's.
import says from '../../tests/challenges/sentences.json' with { type: 'json' };

// the sentence with a value for each {}
export const sentence = (name, ...values) =>
  values.reduce((text, value) => text.replace('{}', () => value), says[name]);

export const rowsOf = table =>
  table.split('\n').filter(line => line && line[0] !== '#').map(line => line.split('\t'));
export const partsOf = table =>
  rowsOf(table).map(([name, module, title, points, minutes]) =>
    ({ name, module, title, points: +points, minutes: +minutes }));
export const title = (part, kind = 'challenge') => `${kind} ${part.name}: ${part.title}`;

// name -> its definitions { head, code, ended }, code without the @ that ends it, if there is one
export function chunksOf(lines) {
  const found = new Map();
  let chunk = null;
  lines.forEach((line, i) => {
    const [, name] = line.match(/^<<(.*)>>=[ \t]*$/) ?? [];
    if (name !== undefined) {
      chunk = { head: i + 1, code: [] };
      found.set(name, [...found.get(name) ?? [], chunk]);
    } else if (/^@([ \t]|$)/.test(line)) {
      if (chunk) chunk.ended = true;
      chunk = null;
    } else chunk?.code.push(line);
  });
  return found;
}
// text, name, text ...; a line with nothing that closes isn't searched from each of its <<
const pieces = line => line.includes('>>') ? line.split(/(?<!@)<<(.*?)(?<!@)>>/) : [line];
const uses = line => pieces(line).filter((_, i) => i % 2);

// the name, and all names that it uses, and they
export function namesIn(name, chunks) {
  const names = new Set([name]);
  for (const known of names) // which grows
    for (const used of (chunks.get(known) ?? []).flatMap(({ code }) => code.flatMap(uses))) names.add(used);
  return [...names];
}
export const definition = (name, code) => ['@', '', `<<${name}>>=`, ...code];

// What a part's editor has in it stands between its heading and its end; chunks of the student's own may
// follow in it.
export function withCodes(lines, parts, codes) {
  const chunks = chunksOf(lines);
  const out = [...lines];
  const filled = parts.filter(p => p.name in codes).map(p => ({ ...chunks.get(title(p))[0], name: p.name }));
  for (const { head, code, name } of filled.sort((a, b) => b.head - a.head))
    out.splice(head, code.length, ...codes[name].split('\n'));
  return out;
}

// The way back: what was written into another copy of nn.nw.  Own chunks go with the part that they follow,
// or else with the one that uses them.
export function codesIn(lines, parts, clean) {
  const mine = chunksOf(lines);
  const known = chunksOf(clean);
  const isOwn = name => !known.has(name) && !/^answer \d\w: /.test(name); // which a teacher's copy has
  const all = [...mine].flatMap(([name, list]) => list.map(chunk => ({ name, ...chunk })));
  all.sort((a, b) => a.head - b.head);
  const codes = {};
  const taken = new Set();
  for (const p of parts) {
    const [c] = mine.get(title(p)) ?? [];
    if (!c) continue;
    let end = c.head + c.code.length;
    for (const { name, head, code } of all.filter(d => d.head > c.head)) {
      if (!isOwn(name)) break;
      taken.add(name);
      end = head + code.length;
    }
    const written = lines.slice(c.head, end);
    for (const name of namesIn(title(p), mine).filter(n => mine.has(n) && isOwn(n) && !taken.has(n))) {
      taken.add(name);
      written.push(...mine.get(name).flatMap(({ code }) => definition(name, code)));
    }
    codes[p.name] = written.join('\n');
  }
  return codes;
}

// C with #line, so that each line is known as nn.nw's; a name that's used and not defined is an Error
export function tangle(chunks, root) {
  const out = [];
  let next = 0;
  function put(text, line) {
    if (line !== next) out.push(`#line ${line} "nn.nw"`);
    out.push(text);
    next = line + 1;
  }
  function expand(name, within, line) {
    const known = chunks.has(name);
    if (!known || within.includes(name)) {
      const what = `<<${name}>> is used here and ${known ? 'uses itself' : 'defined nowhere'}.`;
      throw Object.assign(Error(`${what} If it's C and no chunk, write @<< and @>>.`), { line });
    }
    for (const { head, code } of chunks.get(name))
      code.forEach((text, i) => write(text, head + 1 + i, [...within, name]));
  }
  function write(text, line, within) {
    const all = pieces(text);
    all.forEach((piece, k) => {
      if (k % 2) expand(piece, within, line);
      else if (piece.trim() || all.length === 1) put(piece.replace(/@(<<|>>)/g, '$1'), line);
    });
  }
  expand(root, [], 0);
  return out.join('\n') + '\n';
}

// -- what stops a compiler, said before it

// without comments and strings; what isn't closed ends with the code, or with its line
const bare = code =>
  code.replace(/\/\*.*?(\*\/|$)|\/\/[^\n]*|"(\\.|[^"\\\n])*"?|'(\\.|[^'\\\n])*'?/gs,
    text => ' ' + text.replace(/[^\n]/g, ''));

// which bracket has no other, and how many lines are above it
export function unbalanced(code) {
  const fellow = { ')': '(', ']': '[', '}': '{' };
  const opened = [];
  const lines = bare(code).split('\n');
  const signs = lines.flatMap((line, above) => (line.match(/[()[\]{}]/g) ?? []).map(sign => [sign, above]));
  for (const [sign, above] of signs) {
    if (!fellow[sign]) opened.push([sign, above]);
    else if (opened.at(-1)?.[0] === fellow[sign]) opened.pop();
    else if (opened.some(([open]) => open === fellow[sign])) break;
    else return { why: sentence('closes', sign), above };
  }
  const [sign, above] = opened.at(-1) ?? [];
  return sign ? { why: sentence('opens', sign), above } : { why: '' };
}

// the chunks of a part, and their C but for what it uses
export const chunksBy = (part, chunks) => namesIn(title(part), chunks).flatMap(name => chunks.get(name) ?? []);
const ownCode = ({ code }) => code.map(line => pieces(line).filter((_, i) => i % 2 === 0).join('')).join('\n');

// what is no error in C, but hardly what was meant
export function seen(part, chunks) {
  const found = [];
  for (const chunk of chunksBy(part, chunks)) {
    const code = bare(ownCode(chunk));
    const declared = kind => Array.from(code.matchAll(RegExp(says[kind], 'g')), ([, name]) => name);
    const sizes = ['count', ...declared('sizes')];
    const below = RegExp(sentence('is below', sizes.join('|')));
    const quotient = RegExp(sentence('is quotient', [...sizes, ...declared('integers')].join('|')));
    for (const [i, line] of code.split('\n').entries()) {
      const say = (...what) => found.push({ line: chunk.head + 1 + i, message: sentence(...what) });
      const [, size] = below.exec(line) ?? [];
      const [, half] = quotient.exec(line) ?? [];
      if (line.includes('^')) say('power');
      if (size) say('below', size, size, size);
      if (half) say('quotient', half);
    }
  }
  return found;
}

// why a part is no piece of a function's body, and nothing else, and in which line, or ''
export function ungraded(part, chunks) {
  const all = chunksBy(part, chunks);
  const lines = all.flatMap(({ head, code }) => code.map((_, i) => head + 1 + i));
  const code = all.map(ownCode).join('\n');
  const found = RegExp(says.hidden, 'm').exec(code) ?? RegExp(says.foreign).exec(bare(code));
  if (!found) {
    const { why, above } = unbalanced(code);
    return why && `it ${why}. nn.nw:${lines[above]}`;
  }
  const { 0: word, index, input } = found;
  const why = word.includes('#') ? says.directive : sentence('ungraded', word.trim());
  return `it ${why}. nn.nw:${lines[input.slice(0, index).split('\n').length - 1]}`;
}

export function misplaced(part, chunks) {
  const call = `<<${title(part)}>>`;
  for (const chunk of chunksBy(part, chunks))
    for (const [i, line] of bare(ownCode(chunk)).split('\n').entries())
      if (/[^\0-\x7f\p{L}\p{M}\p{N}]/u.test(line)) return `there is ${says.stray} nn.nw:${chunk.head + 1 + i}`;
  const [{ head, code }] = chunks.get(title(part));
  const callers = [...chunks.values()].flat().filter(c => c.code.some(line => line.includes(call)));
  const around = callers.flatMap(c => c.code).join('\n');
  for (const [i, line] of code.entries()) {
    const where = `nn.nw:${head + 1 + i}`;
    const [, name] = line.match(/^\s*(?:static\s+)?(?:void|bool|double)\s+(\w+)\s*\(/) ?? [];
    if (name && RegExp(`\\b${name}\\b`).test(around)) return `${where}: ${sentence('whole', call, name)}`;
    if (/^\s*#\s*include\b/.test(line)) return `${where}: ${sentence('include', call)}`;
  }
  return '';
}
