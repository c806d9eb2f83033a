// noweb.mjs: reads noweb's markup (markup | index.awk | ccolor.awk | finduses | noidx | uses.awk).  The prose
// comes out as LaTeX with marks for what is HTML already; chunks, and where each name is used and defined,
// as objects.
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const esc = text => text.replace(/[&<>"]/g, sign => entities[sign]);
export const unesc = html =>
  html.replace(/&(?:amp|lt|gt|quot);/g, found => Object.keys(entities).find(sign => entities[sign] === found));
// [[code]] in a name
export const quoted = name => name.replace(/\[\[(.*?)\]\](?!\])/g, '\\verb\x06$1\x06');
export const codeOf = html => `<code>${html}</code>`;
// the last line's end would be an empty line
export function listing(lines, name) {
  const html = lines.join('').replace(/\n(<\/span>)?$/, '$1');
  return `<pre${name ? ` class=${name}` : ''}><code>${html}</code></pre>`;
}

const colours = { nwK: 'k', nwC: 'c', nwS: 's', nwN: 'd', nwP: 'p' };
const coloured = (colour, html) => colour === 'k' ? `<b>${html}</b>` : `<span class=${colour}>${html}</span>`;
const flat = html => html.map(piece => typeof piece === 'function' ? piece() : piece).join('');
const emptyRow = () => ({ html: [], text: '' });
const NARROW = 45; // columns of code on a telephone

// Indentation (<i>) and the room before a comment (<u>) are narrower on a telephone; a line that is still too
// long breaks there, under where it begins: d is its depth in steps of four.
function codeLine({ text, html }) {
  const depth = /^ */.exec(text)[0].length;
  const columns = text.replace(/(?<=\S) {4,}/g, ' ').length - depth / 2;
  if (columns <= NARROW) return flat(html) + '\n';
  const steps = Math.round(depth / 4);
  return `<span class="w${steps ? ` d${steps}` : ''}">${flat(html)}\n</span>`;
}
function trim(chunk) {
  const { rows } = chunk;
  rows.shift(); // what stood behind its name
  rows.pop();
  for (; rows.length && !rows[0].text; chunk.gap++) rows.shift();
}

// hold(html or () => html, block) gives a mark; line(n) one that says where in nn.nw a paragraph begins
export function readMarkup(markup, hold, line, inline) {
  const chunks = [];
  const index = { chunks: [], identifiers: [] };
  const labelled = {};
  let prose = '';
  let number = 1;
  let chunk = null;
  let quote = null;
  let ahead = ''; // the label that stands before a use
  let target = '';
  let fresh = true;

  // the chunk that a label of noweb's belongs to
  const at = label => labelled[label] ?? { id: 'nowhere', tag: '?' };
  const link = label => `<a href=#${at(label).id}>${at(label).tag}</a>`;
  // what hasn't been read yet may be linked, too
  const linkLater = (label, here, html) => () =>
    at(label) === here ? html : `<a href=#${at(label).id}>${html}</a>`;

  function write(text) {
    if (fresh && text.trim()) {
      prose += line(number);
      fresh = false;
    }
    prose += text;
  }
  function put(row, html, text) {
    row.html.push(html);
    row.text += text;
  }
  function code(text) {
    const row = quote ?? chunk.row;
    const to = target;
    target = '';
    if (to) chunk?.linked.add(text);
    if (to) return put(row, linkLater(to, chunk, esc(text)), text);
    if (quote) return put(row, esc(text), text);
    const indent = row.text ? '' : /^ */.exec(text)[0];
    const rest = esc(text.slice(indent.length)).replace(/ {4,}/g, gap => ` <u>${gap.slice(1)}</u>`);
    put(row, (indent && `<i>${indent}</i>`) + rest, text);
  }
  function endRow() {
    chunk.rows.push(chunk.row);
    chunk.row = emptyRow();
  }

  const tokens = {
    text(text) {
      if (quote ?? chunk) code(text);
      else write(text);
    },
    nl() {
      number++;
      if (chunk) return endRow();
      prose += '\n';
      fresh ||= /\n[ \t]*\n$/.test(prose.slice(-20));
    },
    literal(text) {
      const [, command, argument] = /^\\(nw.|nnfile)\{([^]*)\}$/.exec(text);
      if (command === 'nnfile') {
        chunk.file = argument.replace(/\\nnand\{\}/, ', ').replace(/\\nnfiles/, ' files');
        return;
      }
      const plain = argument.replace(/\\([\\{}])/g, '$1');
      put(quote ?? chunk.row, coloured(colours[command], esc(plain)), plain);
    },
    quote() { quote = emptyRow(); },
    endquote() {
      const { html } = quote;
      quote = null;
      tokens.text(hold(() => codeOf(flat(html))));
    },
    begin(what) {
      fresh = true;
      if (!what.startsWith('code')) return;
      chunk = { line: number, rows: [], row: emptyRow(), usedIn: [], file: '', gap: 0, linked: new Set() };
    },
    end(what) {
      if (!what.startsWith('code')) return;
      endRow();
      const done = chunk;
      chunk = null;
      trim(done);
      chunks.push(done);
      prose += '\n\n' + hold(() => chunkHtml(done), true) + '\n\n';
    },
    defn(name) { chunk.name = name; },
    use(name) {
      const to = ahead;
      ahead = '';
      const html = () => {
        const { id, tag } = at(to);
        const shown = inline(quoted(name));
        const written = shown === esc(name) ? '' : ` data-name="${esc(name)}"`; // for what is copied
        return `<a class=use href=#${id}${written}>⟨${shown}⟩</a> <a class=tag href=#${id}>${tag}</a>`;
      };
      put(chunk.row, html, `<<${name}>>`);
    },
    xref(kind, label, name) {
      if (kind === 'ref') ahead = label;
      else if (kind === 'prevdef' || kind === 'nextdef') chunk[kind] = label;
      else if (kind === 'useitem') chunk.usedIn.push(label);
      else if (kind === 'chunkbegin') index.chunks.push({ to: label, name, defined: [], used: [] });
      else if (kind === 'chunkdefn') index.chunks.at(-1).defined.push(label);
      else if (kind === 'chunkuse') index.chunks.at(-1).used.push(label);
      else if (kind === 'label' && chunk && !chunk.label) {
        chunk.label = label;
        labelled[label] = chunk;
      }
    },
    index(kind, label, name) {
      if (kind === 'nl') number++;
      else if (kind === 'entrybegin') index.identifiers.push({ name, defined: [], used: [] });
      else if (kind === 'entrydefn') index.identifiers.at(-1).defined.push(label);
      else if (kind === 'entryuse') index.identifiers.at(-1).used.push(label);
      else if (kind === 'use') {
        target = ahead;
        ahead = '';
      }
    },
  };
  for (const token of markup.split('\n')) {
    const [, kind, rest] = /^@(\w+) ?([^]*)/.exec(token) ?? [];
    if (kind === 'xref' || kind === 'index') tokens[kind](.../^(\S*) ?(\S*) ?([^]*)/.exec(rest).slice(1));
    else tokens[kind]?.(rest);
  }

  // noweb lists the uses at a chunk's first part only
  const usedIn = {};
  for (const chunk of chunks) chunk.usedIn = usedIn[chunk.name] ??= chunk.usedIn;

  function head({ anchor, label, prevdef, nextdef }, name) {
    const step = (label, sign, what) =>
      label ? ` <a href=#${at(label).id} aria-label="${what}, ${at(label).tag}">${sign}</a>` : '';
    const steps = step(prevdef, '↑', 'the part before') + step(nextdef, '↓', 'the next part');
    return `<div class=head id="${anchor}"><span class=name>⟨${name}⟩${prevdef ? '+' : ''}≡</span> `
      + `<span class=n>${link(label)}${steps}</span></div>`;
  }
  function chunkHtml(chunk) {
    const { id, gap, usedIn, file, rows } = chunk;
    const name = inline(quoted(chunk.name));
    const lost = gap ? ` data-gap=${gap}` : '';
    const files = file ? `<code>${esc(file)}</code> ` : '';
    const where = usedIn.length ? `<div class=in>→ ${files}${usedIn.map(link).join(', ')}</div>` : '';
    const inside = where + head(chunk, name) + listing(rows.map(codeLine));
    return `<div class=chunk id=${id}${lost}>${inside}</div>`;
  }
  return { prose, chunks, index, at, link };
}
