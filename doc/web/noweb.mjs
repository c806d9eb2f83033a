// noweb.mjs: reads noweb's markup (markup | index.awk | ccolor.awk | finduses | noidx | uses.awk).  The prose comes
// out as LaTeX with marks for what is HTML already; chunks, and where each name is used and defined, as objects.
export const esc = s =>
  s.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
export const quoted = s => s.replace(/\[\[(.*?)\]\](?!\])/g, '\\verb\x06$1\x06'); // [[code]] in a name
const colours = { nwK: 'k', nwC: 'c', nwS: 's', nwN: 'd', nwP: 'p' };
const coloured = (c, s) => c === 'k' ? `<b>${s}</b>` : `<span class=${c}>${s}</span>`;
// code in a line doesn't break within an arrow
export const codeOf = html => `<code>${html.replaceAll('-&gt;', '<span class=nb>-&gt;</span>')}</code>`;
const NARROW = 45; // columns of code on a telephone

// hold(html or () => html, block) gives a mark; line(n) one that says at which line of nn.nw a paragraph begins
export function readMarkup(markup, hold, line, inline) {
  const chunks = [];
  const index = { chunks: [], identifiers: [] };
  const labelled = {};
  let prose = '';
  let number = 1;
  let chunk = null;
  let quote = null;
  let label = '';
  let target = '';
  let fresh = true;
  // the chunk that a label of noweb's belongs to
  const at = l => labelled[l] ?? { id: 'nowhere', tag: '?' };
  const text = s => {
    const row = quote ?? chunk?.row;
    if (!row) {
      if (fresh && s.trim()) {
        prose += line(number);
        fresh = false;
      }
      prose += s;
      return;
    }
    const to = target;
    target = '';
    const link = to && labelledLater(to, chunk, esc(s));
    const indent = !row.text && !quote ? /^ */.exec(s)[0] : '';
    const rest = esc(s.slice(indent.length)).replace(/ {4,}/g, gap => ` <u>${gap.slice(1)}</u>`);
    row.html.push(link || (indent ? `<i>${indent}</i>` : '') + (quote ? esc(s) : rest));
    row.text += s;
  };
  const labelledLater = (to, here, html) => () =>
    at(to) === here ? html : `<a href=#${at(to).id}>${html}</a>`;
  const endLine = () => {
    chunk.rows.push(chunk.row);
    chunk.row = { html: [], text: '', columns: 0 };
  };
  const tokens = {
    text,
    nl() {
      number++;
      if (chunk) endLine();
      else {
        prose += '\n';
        fresh ||= /\n[ \t]*\n$/.test(prose.slice(-20));
      }
    },
    literal(s) {
      const m = /^\\(nw.|nnfile)\{([^]*)\}$/.exec(s);
      const row = chunk?.row;
      if (m[1] === 'nnfile') {
        chunk.file = m[2].replace(/\\nnand\{\}/, ', ').replace(/\\nnfiles/, ' files');
        return;
      }
      const plain = m[2].replace(/\\([\\{}])/g, '$1');
      (quote ?? row).html.push(coloured(colours[m[1]], esc(plain)));
      (quote ?? row).text += plain;
    },
    quote() {
      quote = { html: [], text: '' };
    },
    endquote() {
      const q = quote;
      quote = null;
      text(hold(() => codeOf(flat(q.html))));
    },
    begin(s) {
      if (s.startsWith('code'))
        chunk = { line: number, rows: [], row: { html: [], text: '' }, uses: [], usedIn: [], file: '',
          gap: 0, tail: 0 };
      fresh = true;
    },
    end(s) {
      if (!s.startsWith('code')) return;
      endLine();
      const done = chunk;
      done.rows.shift(); // what stood behind its name
      done.rows.pop();
      while (done.rows.length && !done.rows.at(-1).text) {
        done.rows.pop();
        done.tail++;
      }
      while (done.rows.length && !done.rows[0].text) {
        done.rows.shift();
        done.gap++;
      }
      chunk = null;
      chunks.push(done);
      prose += '\n\n' + hold(() => chunkHtml(done), true) + '\n\n';
    },
    defn(s) {
      chunk.name = s;
    },
    use(s) {
      const to = label;
      label = '';
      chunk.row.html.push(() =>
        `<a class=use href=#${at(to).id}>⟨${inline(quoted(s))}⟩</a> <a class=tag href=#${at(to).id}>${
          at(to).tag
        }</a>`
      );
      chunk.row.text += `<<${s}>>`;
    },
    xref(kind, l, name) {
      if (kind === 'label' && chunk && !chunk.label) {
        chunk.label = l;
        labelled[l] = chunk;
      } else if (kind === 'ref') label = l;
      else if (kind === 'prevdef' || kind === 'nextdef') chunk[kind] = l;
      else if (kind === 'useitem') chunk.usedIn.push(l);
      else if (kind === 'chunkbegin') index.chunks.push({ to: l, name, defined: [], used: [] });
      else if (kind === 'chunkdefn') index.chunks.at(-1).defined.push(l);
      else if (kind === 'chunkuse') index.chunks.at(-1).used.push(l);
    },
    index(kind, l, name) {
      if (kind === 'nl') number++;
      else if (kind === 'use') {
        target = label;
        label = '';
      } else if (kind === 'isdefined') label = l;
      else if (kind === 'useitem') {
        chunk.uses.push([l, label]);
        label = '';
      } else if (kind === 'entrybegin') index.identifiers.push({ to: l, name, defined: [], used: [] });
      else if (kind === 'entrydefn') index.identifiers.at(-1).defined.push(l);
      else if (kind === 'entryuse') index.identifiers.at(-1).used.push(l);
    },
  };
  for (const token of markup.split('\n')) {
    const [, kind, rest] = /^@(\w+) ?([^]*)/.exec(token) ?? [];
    if (kind === 'xref' || kind === 'index') {
      const [a, b] = rest.split(' ');
      tokens[kind](a, b, rest.slice(a.length + (b ?? '').length + 2));
    } else tokens[kind]?.(rest);
  }

  const flat = html => html.map(h => typeof h === 'function' ? h() : h).join('');
  const link = l => `<a href=#${at(l).id}>${at(l).tag}</a>`;
  // indentation (<i>) and the room before a comment (<u>) are narrower on a telephone; a line that is still too long breaks there, under where it begins; d is its depth in steps of four
  const codeLine = row => {
    const depth = /^ */.exec(row.text)[0].length;
    const html = flat(row.html);
    return row.text.replace(/(?<=\S) {4,}/g, ' ').length - depth / 2 > NARROW
      ? `<span class="w d${Math.round(depth / 4)}">${html}\n</span>`
      : html + '\n';
  };
  const listing = rows =>
    `<pre><code>${rows.map(codeLine).join('').replace(/\n(<\/span>)?$/, '$1')}</code></pre>`;
  const usedIn = {};
  for (const c of chunks) c.usedIn = usedIn[c.name] ??= c.usedIn; // noweb lists the uses at a chunk's first part only
  function chunkHtml(c) {
    const name = inline(quoted(c.name));
    const step = (l, sign, what) =>
      l ? ` <a href=#${at(l).id} aria-label="${what}, ${at(l).tag}">${sign}</a>` : '';
    const where = c.usedIn.length
      ? `<div class=in>→ ${c.file ? `<code>${esc(c.file)}</code> ` : ''}${
        c.usedIn.map(link).join(', ')
      }</div>`
      : '';
    const html =
      `<div class=chunk id=${c.id}${c.gap ? ` data-gap=${c.gap}` : ''}${
        c.tail ? ` data-tail=${c.tail}` : ''
      }>` + where
      + `<div class=head id="${c.anchor}"><span class=name>⟨${name}⟩${
        c.prevdef ? '+' : ''
      }≡</span> <span class=n>${link(c.label)}${step(c.prevdef, '↑', 'the part before')}${
        step(c.nextdef, '↓', 'the next part')
      }</span></div>`
      + `${listing(c.rows)}</div>`;
    // the answer to a challenge is folded
    return c.name.startsWith('answer ')
      ? `<details class=solved><summary>⟨${name}⟩</summary>${html}</details>`
      : html;
  }
  return { prose, chunks, index, at, link };
}
