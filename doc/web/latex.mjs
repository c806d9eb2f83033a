// latex.mjs: the LaTeX that nn.nw uses, to HTML.  What isn't known is an error that names the line of nn.nw.
//   const tex = translator({ macros: [text of files with \newcommand], date, figure, minutes });
//   tex.blocks(prose), then tex.settle(html), which fills in what was known last: numbers, links.
import { bold, breakable, math } from './math.mjs';
import { codeOf, esc } from './noweb.mjs';

const signs = { '%': '%', '&': '&amp;', _: '_', '#': '#', '{': '{', '}': '}', ' ': ' ', ',': '\u202f',
  '\\': '<br>', '-': '\u00ad', ldots: '…', dots: '…', LaTeX: 'LaTeX', TeX: 'TeX', enspace: '\u2002',
  quad: '\u2003', qquad: '\u2003\u2003' };
const ligatures = { '---': '—', '--': '–', '``': '“', "''": '”', '`': '‘', "'": '’', '~': '\u00a0',
  '{': '', '}': '' };
// commands that change only how a page of paper looks, and how many arguments they have
const nothing = { noindent: 0, small: 0, footnotesize: 0, centering: 0, raggedright: 0, frontmatter: 0,
  smaller: 0, protect: 0, smallskip: 0, nopagebreak: 0, selectfont: 0, mbox: 0, needspace: 1,
  addtocontents: 2, setlength: 2, input: 1, fontsize: 2 };
const slug = s =>
  s.replace(/\$|\\(symbf|mathrm|emph)|\[\[|\]\]/g, '').replace(/\\([md])([A-Z])/g, (_, k, l) =>
    k === 'd' ? 'd' + l : l)
    .replace(/[^\w.]+/g, '-').replace(/^-|-$/g, '').toLowerCase();

export function translator({ macros: texts, date, figure, minutes }) {
  const errors = [];
  const held = [];
  const macros = {};
  const mathMacros = {};
  let line = 1;
  const complain = (what, near, at = line) =>
    errors.push({ line: at,
      what: what.replace(/\s+/g, ' ').replace(/[\x01-\x08]\d*\x02?/g, '').slice(0, 140), near });
  const hold = (html, block) => `\x01${held.push({ html, block }) - 1}\x02`;
  const settle = html =>
    html.replace(/\x01(\d+)\x02/g, (_, k) =>
      settle(typeof held[k].html === 'function' ? held[k].html() : held[k].html));

  // ---- reading
  function group(s, i) { // the braced group at s[i]: its end
    for (let depth = 0, j = i; j < s.length; j++)
      if (s[j] === '\\') j++;
      else if (s[j] === '{') depth++;
      else if (s[j] === '}' && --depth === 0) return j + 1;
    complain('a brace is not closed', s.slice(i, i + 60).split('\n')[0]);
    return s.length;
  }
  function split(s, by) { // where no brace or environment encloses it
    const parts = [''];
    for (let i = 0, depth = 0; i < s.length; i++) {
      if (!depth && s.startsWith(by, i)) {
        parts.push('');
        i += by.length - 1;
        continue;
      }
      if (s.startsWith('\\begin', i)) depth++;
      if (s.startsWith('\\end{', i)) depth--;
      if (s[i] === '{') depth++;
      if (s[i] === '}') depth--;
      parts[parts.length - 1] += s[i] === '\\' ? s[i++] + (s[i] ?? '') : s[i];
    }
    return parts;
  }
  function define(s, into = macros) {
    const head =
      /\\(?:newcommand|providecommand)\{?\\([A-Za-z]+)\}?(?:\[(\d)\])?\{|\\expandafter\\def\\csname ([^\\]+)\\endcsname\{|\\DeclareMathOperator\\([A-Za-z]+)\{/g;
    for (let m; (m = head.exec(s));) {
      const end = group(s, head.lastIndex - 1);
      const body = s.slice(head.lastIndex, end - 1);
      into[m[1] || m[3] || m[4]] = { n: +(m[2] || 0), body: m[4] ? `\\operatorname{${body}}` : body };
      head.lastIndex = end;
    }
  }
  texts.forEach(s => define(s));

  // ---- numbers, places, and what refers to them
  const at = { chapter: 0, section: 0, subsection: 0, appendix: false, numbered: false, note: 0,
    paragraph: 0, count: {} };
  const labels = {};
  const toc = [];
  const terms = {};
  const cited = {};
  const tests = new Map();
  let last = null;
  let bibs = 0;
  const chapterNumber = () => at.appendix ? String.fromCharCode(64 + at.chapter) : String(at.chapter);
  const numberOf = what => chapterNumber() + '.' + (at.count[what] = (at.count[what] || 0) + 1);
  // a place bears the name of its first label, or a spare one
  const place = (number, spare) => {
    last = { number, spare };
    return last;
  };
  const idOf = p => p.id ?? p.spare;
  const idAttribute = p => hold(() => `id="${idOf(p)}"`);
  const name = label => {
    if (labels[label]) complain('a label stands twice', label);
    if (last.id) complain('a place has two labels', label);
    labels[label] = last;
    last.id = label;
  };
  const ref = (label, before = '', after = '', from = line) =>
    hold(() => {
      if (!labels[label]) {
        complain(`\\ref{${label}} has no label`, label, from);
        return '?';
      }
      return `<a href="#${idOf(labels[label])}">${before}${labels[label].number}${after}</a>`;
    });

  // ---- mathematics
  const mathMacro = tex => ({ body: bold(tex) });
  function useMathMacros(s) {
    const mine = {};
    define(s, mine);
    mine.shape = { n: 2, body: '\\underset{\\class{shape}{#2}}{#1}' };
    for (const k in mine) {
      macros[k] = mine[k];
      mathMacros['\\' + k] = mathMacro(mine[k].body).body;
    }
  }
  const formula = (tex, display) => {
    const numbers = Object.fromEntries(
      [...tex.matchAll(/\\([A-Za-z]+)/g)].filter(([c, k]) => !mathMacros[c] && macros[k]).map((
        [c, k],
      ) => [c, macros[k].body]),
    );
    try {
      return math(tex, display, { ...mathMacros, ...numbers });
    } catch (e) {
      complain(`$${tex}$: ${e.message}`, tex.trim().split('\n')[0].slice(0, 40));
      return esc(tex);
    }
  };
  const inlineFormula = tex => breakable(tex).map(part => formula(part, false)).join('<wbr>');
  const display = (html, number, p) =>
    `<div class=eq${p ? ` ${idAttribute(p)}` : ''}><div class=scroll>${html}</div>${
      number ? `<span class=n>(${number})</span>` : ''
    }</div>`;
  function equation(body, env) {
    const starred = env.endsWith('*');
    const row = tex => {
      const number = starred || /\\notag/.test(tex) ? '' : numberOf('equation');
      const p = number && place(number, 'eq' + number);
      return { tex: tex.replace(/\\notag/g, '').replace(/\\label\{(.*?)\}/g, (_, l) => {
        name(l);
        return '';
      }), number, p };
    };
    const rows = env.startsWith('equation') ? [row(body)] : split(body, '\\\\').map(row);
    const numbered = rows.filter(r => r.number);
    if (env.startsWith('equation'))
      return display(
        split(rows[0].tex.replaceAll('\\qquad', '\\quad'), '\\quad').map(t => formula(t, true)).join(
          ' ',
        ),
        rows[0].number,
        rows[0].p,
      );
    if (rows.length === 1) { // several formulas in a row: side by side, or below each other
      const cells = split(rows[0].tex, '&');
      const pairs = cells.flatMap((c, k) => k % 2 ? [] : [c + (cells[k + 1] ?? '')]);
      return display(pairs.map(t => formula(t, true)).join(' '), rows[0].number, rows[0].p);
    }
    const tex = numbered.length === 1
      ? `\\begin{aligned}${rows.map(r => r.tex).join('\\\\')}\\end{aligned}`
      : `\\begin{${env}}${
        rows.map(r => r.tex + (r.number ? `\\tag{${r.number}}` : '')).join('\\\\')
      }\\end{${env}}`;
    return display(formula(tex, true), numbered.length === 1 && numbered[0].number, numbered[0]?.p);
  }

  // ---- headings, floats, tables
  function heading(level, title, number) {
    const p = place(number, number ? 's' + number : slug(title));
    const html = inline(title);
    if (level < 4) at.paragraph = 0;
    toc.push({ level, number, html, place: p });
    return `<h${level} ${idAttribute(p)}>${
      number ? `<span class=n>${number}</span> ` : ''
    }${html}</h${level}>`;
  }
  function chapter(title, star) {
    const counted = at.numbered && !star;
    if (counted) Object.assign(at, { chapter: at.chapter + 1, count: {}, section: 0 });
    at.note = 0;
    return heading(2, title, counted ? chapterNumber() : '');
  }
  const caption = (kind, text) =>
    `<figcaption><span class=n>${kind} ${last.number}</span> ${inline(text)}</figcaption>`;
  function floatingTable(b) {
    const n = numberOf('Table');
    const p = place(n, 'table' + n);
    const html = blocks(b.replace(/^\[\w*\]/, ''), { floating: true });
    last = p;
    return `<figure class=table ${idAttribute(p)}>${html}</figure>`;
  }
  function plot(file, text, label, alt) {
    const n = numberOf('Figure');
    const p = place(n, 'figure' + n);
    const words = caption('Figure', text);
    last = p;
    name(label);
    const { svg, wide } = figure(file, alt, `Figure ${n}`);
    // what is said to be pale or dark stays so in the dark
    return `<figure class="figure${wide ? ' wide' : ''}${
      /\b(pale|dark)/i.test(text) ? ' paper' : ''
    }" ${idAttribute(p)}>${words}<div class=picture>${svg}</div></figure>`;
  }
  function tabular(s) {
    const end = group(s, 0);
    const columns = s.slice(1, end - 1).replace(/@\{(?:[^{}]|\{[^}]*\})*\}/g, '').replace(/p\{[^}]*\}/g,
      'l');
    const cells = { thead: '', tbody: '' };
    let part = /\\midrule/.test(s) ? 'thead' : 'tbody';
    let rule = false;
    for (let row of split(s.slice(end), '\\\\')) {
      if (row.includes('\\midrule')) {
        rule = part === 'tbody';
        part = 'tbody';
      }
      row = row.replace(/\\(top|mid|bottom)rule/g, '').replace(
        /\\addlinespace(\[[^\]]*\])?|^\s*\[[^\]]*\]/g,
        '',
      );
      if (!row.trim()) continue;
      let column = 0;
      const tag = part === 'thead' ? 'th' : 'td';
      cells[part] += `<tr${rule ? ' class=rule' : ''}>` + split(row, '&').map(cell => {
        const m = /^\s*\\multicolumn\{(\d)\}\{([^]*?)\}\{([^]*)\}\s*$/.exec(
          cell.replace(/@\{(?:[^{}]|\{[^}]*\})*\}/g, ''),
        );
        const n = m ? +m[1] : 1;
        const a = m ? m[2] : columns[column];
        column += n;
        const html = inline((m ? m[3] : cell).trim());
        return `<${html || tag === 'td' ? tag : 'td'}${n > 1 ? ` colspan=${n}` : ''}${
          a && a[0] !== 'l' ? ` class=${a[0]}` : ''
        }>${html}</${html || tag === 'td' ? tag : 'td'}>`;
      }).join('') + '</tr>';
      rule = false;
    }
    return `<div class=scroll><table>${
      cells.thead ? `<thead>${cells.thead}</thead>` : ''
    }<tbody>${cells.tbody}</tbody></table></div>`;
  }
  const testLink = t => {
    if (!tests.has(t)) tests.set(t, line);
    return `<a class=test href="#test:${t}"><code>${esc(t).replace(/[\/_]/g, '$&<wbr>')}</code></a>`;
  };
  const pre = s =>
    `<pre class=listing><code>${
      esc(s.replace(/^\n+|\s+$/g, '')).split('\n').map(l =>
        l.length > 44 ? `<span class="w d0">${l}\n</span>` : l + '\n'
      ).join('').replace(/\n(<\/span>)?$/, '$1')
    }</code></pre>`;

  const environments = {
    document: b => blocks(b),
    galley: b => blocks(b),
    narrow: b => blocks(b.replace(/^\{\d\}/, '')),
    quote: b => `<blockquote>${blocks(b)}</blockquote>`,
    equation,
    'equation*': equation,
    align: equation,
    'align*': equation,
    tabular,
    table: floatingTable,
    verbatim: pre,
    summary: b =>
      `<div class=summary>${blocks(b, { lead: '<span class=run>In short.</span> ' })}</div>`,
    module(b, _, arg) {
      const title = arg();
      return `<section class=module>${heading(4, title, '')}${blocks(b.slice(arg.end))}</section>`;
    },
    proved(b, _, arg) {
      const names = split(arg(), ',').map(t => t.trim());
      return `<div class=proved>${blocks(b.slice(arg.end))}<p class=by>Proved by ${
        names.map(testLink).join(' ')
      }</p></div>`;
    },
    exercise(b, _, arg) {
      const time = arg(true);
      const label = arg();
      const n = numberOf('exercise');
      const p = place(n, 'exercise' + n);
      name(label);
      return `<div class=ex ${idAttribute(p)}>${
        blocks(b.slice(arg.end), {
          lead: `<span class=run>Exercise ${n}</span> <span class=n>(${
            inline(time)
          }; <a class=answer href="#answer-${label}">answer</a>)</span> `,
        })
      }</div>`;
    },
    answer(b, _, arg) {
      const label = arg();
      place('', `answer-${label}`);
      return `<details class=ex><summary>Exercise ${
        hold(() => labels[label]?.number ?? complain('an answer without its exercise', label) ?? '?')
      }</summary><div id="answer-${label}">${blocks(b.slice(arg.end))}<p class=back>${
        ref(label, 'Back to exercise ')
      }</p></div></details>`;
    },
    challenge(b, _, arg) {
      const part = arg();
      const title = inline(arg());
      const time = minutes(part);
      if (!time) complain('a part without its minutes in tests/challenges/parts.tsv', part);
      place(part, `part-${part}`);
      const lead =
        `<span class=run>Part ${part}: ${title}</span> <span class=n>(${time} minutes)</span> `;
      return `<div class=ex id="part-${part}">${blocks(b.slice(arg.end), { lead })}</div>`;
    },
    thebibliography: b =>
      `<ol class=bib>${
        b.replace(/^\{\d+\}/, '').split('\\bibitem').slice(1).map(item => {
          const m = /^\{(.*?)\}([^]*)/.exec(item);
          cited[m[1]] = ++bibs;
          return `<li id="bib-${m[1]}">${inline(m[2].trim())}</li>`;
        }).join('\n')
      }</ol>`,
  };
  const spans = { emph: s => `<em>${inline(s)}</em>`, texttt: s => `<code>${inline(s, true)}</code>`,
    test: testLink, ref: l => ref(l), eqref: l => ref(l, '(', ')'),
    cite: (keys, from = line) =>
      `[${
        keys.split(',').map(k =>
          hold(() =>
            cited[k.trim()]
              ? `<a href="#bib-${k.trim()}">${cited[k.trim()]}</a>`
              : complain(`nothing is cited as ${k}`, k, from) ?? '?'
          )
        ).join(', ')
      }]`, index: (t, bold = true) => {
      const id = 'ix' + Object.values(terms).flat().length;
      (terms[t] ??= []).push({ id, bold, where: toc.length - 1 });
      return `<a id=${id}></a>`;
    }, nnindex: t => spans.index(t, false), sidenote: s => {
      const n = ++at.note;
      return `<sup class=n>${n}</sup><span class=note role=note><sup class=n>${n}</sup> ${
        inline(s)
      }</span>`;
    } };
  const furniture = { whereweare: 'where', milestone: 'mile' };
  const places = { contents: 'contents', maketitlepage: 'title', printindex: 'subjects',
    nowebchunks: 'chunks', nowebindex: 'identifiers' };

  const inline = (s, mono) => parse(s, { mono });
  const blocks = (s, how = {}) => parse(s, { block: true, ...how });
  function parse(s, { block, lead = '', floating, mono }) {
    let i = 0;
    let out = '';
    let p = lead;
    let body = '';
    const paragraphId = () =>
      `${
        at.numbered ? chapterNumber() + (at.section ? '.' + at.section : '') : 'x' + (toc.length || 0)
      }-${++at.paragraph}`;
    const flush = () => {
      if (p.replace(/<a id=ix\d+><\/a>/g, '').trim())
        out += floating
          ? p.trim()
          : `<p id=p${paragraphId()}>${p.trim()}</p>\n`;
      else out += p.trim();
      p = '';
    };
    const put = html => {
      if (!block) {
        p += html;
        return;
      }
      flush();
      out += html + '\n';
    };
    const argument = optional => {
      const space = /\s*/y;
      space.lastIndex = i;
      space.exec(s);
      const j = space.lastIndex;
      if (optional) {
        if (s[j] !== '[') return '';
        i = s.indexOf(']', j) + 1;
        return s.slice(j + 1, i - 1);
      }
      if (s[j] !== '{') {
        const m = /\\[A-Za-z]+|\\?[^]/y;
        m.lastIndex = j;
        i = j + m.exec(s)[0].length;
        return s.slice(j, i);
      }
      i = group(s, j);
      return s.slice(j + 1, i - 1);
    };
    const environment = () => {
      const env = argument();
      const open = i;
      const edge = new RegExp(`\\\\(begin|end)\\{${env.replace('*', '\\*')}\\}`, 'g');
      let depth = 1;
      let m;
      edge.lastIndex = i;
      while (depth && (m = edge.exec(s))) depth += m[1] === 'begin' ? 1 : -1;
      if (depth) return complain(`\\begin{${env}} is not ended`, `\\begin{${env}}`);
      i = edge.lastIndex;
      body = s.slice(open, m.index);
      if (!environments[env]) return complain(`the environment ${env} is unknown`, `\\begin{${env}}`);
      const inside = body;
      const arg = optional => {
        const sub = inside.slice(arg.end);
        const o = optional ? /^\[([^\]]*)\]/.exec(sub) : null;
        if (optional) {
          arg.end += o ? o[0].length : 0;
          return o ? o[1] : '';
        }
        const e = group(sub, 0);
        arg.end += e;
        return sub.slice(1, e - 1);
      };
      arg.end = 0;
      put(environments[env](inside, env, arg));
    };
    const commands = {
      begin: environment,
      chapter: star => put(chapter(argument(), star)),
      section: star =>
        put(heading(3, argument(), star || !at.numbered ? '' : chapterNumber() + '.' + ++at.section)),
      subsection: () => put(heading(4, argument(), '')),
      paragraph: () => {
        const title = argument();
        flush();
        p = `<span class=run>${inline(title)}</span> `;
      },
      par: () => block ? flush() : p += ' ',
      label: () => name(argument()),
      lettrine: () => {
        const a = argument();
        const b = argument();
        p += `<span class=drop>${inline(a)}</span><span class=sc>${inline(b)}</span>`;
      },
      plotfig: () => {
        argument(true);
        put(plot(argument(), argument(), argument(), argument()));
      },
      platefig: () => put(plot(argument(), argument(), argument(), argument())),
      caption: () => put(caption('Table', argument())),
      verb: () => {
        const e = s.indexOf(s[i], i + 1);
        p += codeOf(esc(s.slice(i + 1, e)));
        i = e + 1;
      },
      char: () => {
        i++;
        if (s[i] === '\\') i++;
        p += esc(s[i++]);
      },
      hspace: () => {
        argument();
        p += '\u2003';
      },
      newcommand: () => {
        const head = /\{?\\[A-Za-z]+\}?(\[\d\])?/y;
        const from = i;
        head.lastIndex = i;
        head.exec(s);
        i = group(s, head.lastIndex);
        useMathMacros('\\newcommand' + s.slice(from, i));
      },
      providecommand: () => commands.newcommand(),
      setcounter: () => {
        const k = argument();
        const v = +argument();
        if (k === 'chapter') at.chapter = v;
      },
      mainmatter: () => {
        at.numbered = true;
      },
      backmatter: () => {
        at.numbered = false;
      },
      appendix: () => Object.assign(at, { appendix: true, chapter: 0 }),
      today: () => {
        p += date;
      },
    };
    const command = (c, star) => {
      if (Object.hasOwn(spans, c)) p += spans[c](argument());
      else if (Object.hasOwn(furniture, c)) put(`<p class=${furniture[c]}>${inline(argument())}</p>`);
      else if (Object.hasOwn(places, c)) put(`\x06${places[c]}\x02`);
      else if (Object.hasOwn(nothing, c)) { for (let n = nothing[c]; n-- > 0;) argument(); }
      else if (Object.hasOwn(commands, c)) commands[c](star);
      else if (Object.hasOwn(macros, c)) {
        let text = macros[c].body;
        for (let n = 1; n <= macros[c].n; n++) text = text.replaceAll('#' + n, argument());
        s = s.slice(0, i) + text + s.slice(i);
      } else if (Object.hasOwn(signs, c)) p += signs[c];
      else complain(`the command \\${c} is unknown`, `\\${c}`);
    };
    const token =
      /\\([A-Za-z]+)(\*?)(?:[ \t]*\n(?![ \t]*\n)|[ \t]+)?|\\([^])|\n[ \t]*\n\s*|%[^\n]*\n?[ \t]*|\$((?:\\[^]|[^$\\\n]|\n(?![ \t]*\n))*)\$([),.;:!?’”]*)|\x01(\d+)\x02|\x07(\d+)\x02|---?|``|''|[`'~{}<>&"]|[^]/y;
    while (i < s.length) {
      token.lastIndex = i;
      const m = token.exec(s);
      const t = m[0];
      i = token.lastIndex;
      if (m[7]) line = +m[7];
      else if (m[1]) command(m[1], m[2]);
      else if (m[3] === '[') {
        const e = s.indexOf('\\]', i);
        put(equation(s.slice(i, e), 'equation*'));
        i = e + 2;
      } else if (m[3]) command(m[3]);
      else if (t[0] === '\n' && t.length > 1) {
        if (block) flush();
        else p += ' ';
      } else if (t[0] === '%') continue;
      else if (m[4] !== undefined) {
        const opening = p.endsWith('(') ? '(' : '';
        const html = inlineFormula(m[4]);
        if (opening) p = p.slice(0, -1);
        p += opening || m[5] ? `<span class=nb>${opening}${html}${m[5]}</span>` : html;
      } else if (t === '$') complain('a $ is not closed', s.slice(i - 1, i + 40).split('\n')[0]);
      else if (m[6]) {
        if (held[m[6]].block) put(t);
        else p += t;
      } else if (mono) p += t === '~' ? '\u00a0' : t === '{' || t === '}' ? '' : esc(t);
      else p += ligatures[t] ?? esc(t);
    }
    if (!block) return p;
    flush();
    return out;
  }
  return { inline, blocks, hold, settle, useMathMacros, complain, heading, testLink, pre, idOf, slug,
    line: n => `\x07${n}\x02`, errors, labels, toc, terms, tests };
}
