// latex.mjs: the LaTeX that nn.nw uses, to HTML.  What isn't known is an error that names the line of nn.nw.
//   const tex = translator({ macros: [text of files with \newcommand], date, figure, minutes });
//   tex.blocks(prose), then tex.settle(html), which fills in what was known last: numbers, links.
import { bold, breakable, math } from './math.mjs';
import { codeOf, esc, listing } from './noweb.mjs';

const signs = {
  '%': '%', _: '_', '#': '#', '{': '{', '}': '}', ' ': ' ', ',': '\u202f', '\\': '<br>',
  ldots: '…', dots: '…', LaTeX: 'LaTeX', TeX: 'TeX', enspace: '\u2002',
};
const ligatures = {
  '---': '—', '--': '–', '``': '“', "''": '”', '`': '‘', "'": '’', '~': '\u00a0', '{': '', '}': '',
};
// commands that change only how a page of paper looks, and how many arguments they have
const nothing = {
  noindent: 0, small: 0, centering: 0, raggedright: 0, frontmatter: 0, smaller: 0, smallskip: 0,
  nopagebreak: 0, selectfont: 0, mbox: 0, needspace: 1, addtocontents: 2, setlength: 2, fontsize: 2,
};
// \mX is X in the name of a place
const slug = title =>
  title.replace(/\$|\\(symbf|mathrm|emph)|\[\[|\]\]/g, '').replace(/\\m([A-Z])/g, '$1')
    .replace(/[^\w.]+/g, '-').replace(/^-|-$/g, '').toLowerCase();

// what gives a macro its name: \newcommand or \providecommand, \expandafter\def\csname, \DeclareMathOperator
const MACRO = new RegExp(
  /\\(?:newcommand|providecommand)\{?\\([A-Za-z]+)\}?(?:\[\d\])?\{/.source
    + /|\\expandafter\\def\\csname ([^\\]+)\\endcsname\{/.source
    + /|\\DeclareMathOperator\\([A-Za-z]+)\{/.source,
  'g',
);
// a piece of text; the parts of it that have names
const TOKEN = new RegExp(
  [
    /\\(?<command>[A-Za-z]+)(?<star>\*?)(?:[ \t]*\n(?![ \t]*\n)|[ \t]+)?/,
    /\\(?<sign>[^])/,
    /(?<paragraph>\n[ \t]*\n\s*)/,
    /(?<comment>%[^\n]*\n?[ \t]*)/,
    /\$(?<formula>(?:\\[^]|[^$\\\n]|\n(?![ \t]*\n))*)\$(?<closing>[),.;:!?’”]*)/,
    /\x01(?<held>\d+)\x02/,
    /\x07(?<line>\d+)\x02/,
    /---?|``|''|[`'~{}<>&"]|[^]/,
  ].map(part => part.source).join('|'),
  'y',
);

export function translator({ macros: texts, date, figure, minutes }) {
  const errors = [];
  const held = [];
  const macros = {};
  const mathMacros = {};
  let line = 1;
  function complain(what, near, at = line) {
    const plain = what.replace(/\s+/g, ' ').replace(/[\x01-\x08]\d*\x02?/g, '').slice(0, 140);
    errors.push({ line: at, what: plain, near });
  }
  // a mark for HTML, or for a function that gives it at the end, and what all marks stand for
  const hold = (html, block) => `\x01${held.push({ html, block }) - 1}\x02`;
  const settle = text =>
    text.replace(/\x01(\d+)\x02/g, (_, k) => {
      const { html } = held[k];
      return settle(typeof html === 'function' ? html() : html);
    });

  // ---- reading
  // where the braced group ends that begins at from
  function group(s, from) {
    let depth = 0;
    for (let i = from; i < s.length; i++) {
      if (s[i] === '\\') i++;
      else if (s[i] === '{') depth++;
      else if (s[i] === '}' && --depth === 0) return i + 1;
    }
    complain('a brace is not closed', s.slice(from, from + 60).split('\n')[0]);
    return s.length;
  }
  // where no brace or environment encloses it
  function split(s, by) {
    const parts = [''];
    let depth = 0;
    for (let i = 0; i < s.length; i++) {
      if (!depth && s.startsWith(by, i)) {
        parts.push('');
        i += by.length - 1;
        continue;
      }
      if (s[i] === '{' || s.startsWith('\\begin', i)) depth++;
      if (s[i] === '}' || s.startsWith('\\end{', i)) depth--;
      parts[parts.length - 1] += s[i] === '\\' ? s[i++] + (s[i] ?? '') : s[i];
    }
    return parts;
  }
  function define(s, into = macros) {
    MACRO.lastIndex = 0;
    for (let found; (found = MACRO.exec(s));) {
      const [, command, csname, operator] = found;
      const end = group(s, MACRO.lastIndex - 1);
      const body = s.slice(MACRO.lastIndex, end - 1);
      into[command ?? csname ?? operator] = operator ? `\\operatorname{${body}}` : body;
      MACRO.lastIndex = end;
    }
  }
  texts.forEach(text => define(text));

  // ---- numbers, places, and what refers to them
  const at = { chapter: 0, section: 0, appendix: false, numbered: false, note: 0, paragraph: 0, count: {} };
  const labels = {};
  const toc = [];
  const terms = {};
  const cited = {};
  const tests = new Map();
  let last = null;
  const chapterNumber = () => at.appendix ? String.fromCharCode(64 + at.chapter) : String(at.chapter);
  function numberOf(what) {
    at.count[what] = (at.count[what] ?? 0) + 1;
    return `${chapterNumber()}.${at.count[what]}`;
  }
  // a place bears the name of its label, or a spare one
  function place(number, spare) {
    last = { number, spare };
    return last;
  }
  const idOf = place => place.id ?? place.spare;
  const idAttribute = place => hold(() => `id="${idOf(place)}"`);
  function name(label) {
    if (labels[label]) complain('a label stands twice', label);
    if (last.id) complain('a place has two labels', label);
    labels[label] = last;
    last.id = label;
  }
  function ref(label, before = '', after = '') {
    const from = line;
    return hold(() => {
      const place = labels[label];
      if (place) return `<a href="#${idOf(place)}">${before}${place.number}${after}</a>`;
      complain(`\\ref{${label}} has no label`, label, from);
      return '?';
    });
  }
  function cite(keys) {
    const from = line;
    const one = key =>
      hold(() => {
        if (cited[key]) return `<a href="#bib-${key}">${cited[key]}</a>`;
        complain(`nothing is cited as ${key}`, key, from);
        return '?';
      });
    return `[${keys.split(',').map(key => one(key.trim())).join(', ')}]`;
  }
  function index(term, bold) {
    const id = 'ix' + Object.values(terms).flat().length;
    (terms[term] ??= []).push({ id, bold, where: toc.length - 1 });
    return `<a id=${id}></a>`;
  }
  function sidenote(text) {
    const number = `<sup class=n>${++at.note}</sup>`;
    return `${number}<span class=note role=note>${number} ${inline(text)}</span>`;
  }
  function testLink(test) {
    if (!tests.has(test)) tests.set(test, line);
    const breakableName = esc(test).replace(/[\/_]/g, '$&<wbr>');
    return `<a class=test href="#test:${test}"><code>${breakableName}</code></a>`;
  }

  // ---- mathematics
  function useMathMacros(s) {
    const mine = {};
    define(s, mine);
    mine.shape = '\\underset{\\class{shape}{#2}}{#1}';
    Object.assign(macros, mine);
    for (const [name, body] of Object.entries(mine)) mathMacros['\\' + name] = bold(body);
  }
  function formula(tex, display) {
    const own = { ...mathMacros };
    for (const [command, name] of tex.matchAll(/\\([A-Za-z]+)/g))
      if (!own[command] && macros[name]) own[command] = macros[name];
    try {
      return math(tex, display, own);
    } catch (e) {
      complain(`$${tex}$: ${e.message}`, tex.trim().split('\n')[0].slice(0, 40));
      return esc(tex);
    }
  }
  const inlineFormula = tex => breakable(tex).map(part => formula(part, false)).join('<wbr>');
  const displayed = formulas => formulas.map(tex => formula(tex, true)).join(' ');

  function row(body, starred) {
    const number = starred || /\\notag/.test(body) ? '' : numberOf('equation');
    const where = number && place(number, 'eq' + number);
    const tex = body.replace(/\\notag/g, '').replace(/\\label\{(.*?)\}/g, (_, label) => {
      name(label);
      return '';
    });
    return { tex, number, where };
  }
  function equation(body, env) {
    const single = env.startsWith('equation');
    const rows = (single ? [body] : split(body, '\\\\')).map(tex => row(tex, env.endsWith('*')));
    const numbered = rows.filter(({ number }) => number);
    const [first] = rows;
    const frame = (html, { number, where } = {}) =>
      `<div class=eq${where ? ` ${idAttribute(where)}` : ''}><div class=scroll>${html}</div>`
      + `${number ? `<span class=n>(${number})</span>` : ''}</div>`;
    if (single) return frame(displayed(split(first.tex.replaceAll('\\qquad', '\\quad'), '\\quad')), first);
    // several formulas in a row: side by side, or below each other
    if (rows.length === 1) {
      const cells = split(first.tex, '&');
      const pairs = cells.flatMap((cell, k) => k % 2 ? [] : [cell + (cells[k + 1] ?? '')]);
      return frame(displayed(pairs), first);
    }
    if (numbered.length === 1) {
      const lines = rows.map(({ tex }) => tex).join('\\\\');
      return frame(formula(`\\begin{aligned}${lines}\\end{aligned}`, true), numbered[0]);
    }
    const lines = rows.map(({ tex, number }) => tex + (number ? `\\tag{${number}}` : '')).join('\\\\');
    return frame(formula(`\\begin{${env}}${lines}\\end{${env}}`, true), { where: numbered[0]?.where });
  }

  // ---- headings, floats, tables
  function heading(level, title, number) {
    const here = place(number, number ? 's' + number : slug(title));
    const html = inline(title);
    if (level < 4) at.paragraph = 0;
    toc.push({ level, number, html, place: here });
    const shown = number ? `<span class=n>${number}</span> ` : '';
    return `<h${level} ${idAttribute(here)}>${shown}${html}</h${level}>`;
  }
  function chapter(title, star) {
    const counted = at.numbered && !star;
    if (counted) Object.assign(at, { chapter: at.chapter + 1, count: {}, section: 0 });
    at.note = 0;
    return heading(2, title, counted ? chapterNumber() : '');
  }
  function section(title, star) {
    const counted = at.numbered && !star;
    return heading(3, title, counted ? `${chapterNumber()}.${++at.section}` : '');
  }
  const caption = (kind, text) =>
    `<figcaption><span class=n>${kind} ${last.number}</span> ${inline(text)}</figcaption>`;
  function table(body) {
    const number = numberOf('Table');
    const here = place(number, 'table' + number);
    const html = blocks(body.replace(/^\[\w*\]/, ''), { floating: true });
    last = here;
    return `<figure class=table ${idAttribute(here)}>${html}</figure>`;
  }
  function plot(file, text, label, alt) {
    const number = numberOf('Figure');
    const here = place(number, 'figure' + number);
    const words = caption('Figure', text);
    last = here;
    name(label);
    const { svg, wide } = figure(file, alt, `Figure ${number}`);
    // what is said to be pale or dark stays so in the dark
    const look = `figure${wide ? ' wide' : ''}${/\b(pale|dark)/i.test(text) ? ' paper' : ''}`;
    return `<figure class="${look}" ${idAttribute(here)}>${words}<div class=picture>${svg}</div></figure>`;
  }

  const withoutGaps = columns => columns.replace(/@\{(?:[^{}]|\{[^}]*\})*\}/g, '');
  function cell(text, tag, columns, column) {
    const many = /^\s*\\multicolumn\{(\d)\}\{([^]*?)\}\{([^]*)\}\s*$/.exec(withoutGaps(text));
    const [, span = 1, look = columns[column], content = text] = many ?? [];
    const html = inline(content.trim());
    const name = html ? tag : 'td';
    const attributes = (span > 1 ? ` colspan=${span}` : '')
      + (look && look[0] !== 'l' ? ` class=${look[0]}` : '');
    return { span: +span, html: `<${name}${attributes}>${html}</${name}>` };
  }
  function tabular(s) {
    const end = group(s, 0);
    const columns = withoutGaps(s.slice(1, end - 1)).replace(/p\{[^}]*\}/g, 'l');
    const rows = { thead: '', tbody: '' };
    let part = /\\midrule/.test(s) ? 'thead' : 'tbody';
    let rule = false;
    for (const source of split(s.slice(end), '\\\\')) {
      if (source.includes('\\midrule')) {
        rule = part === 'tbody';
        part = 'tbody';
      }
      const text = source.replace(/\\(top|mid|bottom)rule/g, '')
        .replace(/\\addlinespace(\[[^\]]*\])?|^\s*\[[^\]]*\]/g, '');
      if (!text.trim()) continue;
      let column = 0;
      let cells = '';
      for (const piece of split(text, '&')) {
        const { span, html } = cell(piece, part === 'thead' ? 'th' : 'td', columns, column);
        column += span;
        cells += html;
      }
      rows[part] += `<tr${rule ? ' class=rule' : ''}>${cells}</tr>`;
      rule = false;
    }
    const head = rows.thead ? `<thead>${rows.thead}</thead>` : '';
    return `<div class=scroll><table>${head}<tbody>${rows.tbody}</tbody></table></div>`;
  }
  function pre(s) {
    const lines = esc(s.replace(/^\n+|\s+$/g, '')).split('\n');
    const broken = text => text.length > 44 ? `<span class=w>${text}\n</span>` : text + '\n';
    return listing(lines.map(broken), 'listing');
  }

  // ---- environments: what is inside; their name; take() gives the next argument, take.rest() what is left
  const run = text => `<span class=run>${text}</span> `;
  const environments = {
    document: body => blocks(body),
    galley: body => blocks(body),
    narrow: body => blocks(body.replace(/^\{\d\}/, '')),
    quote: body => `<blockquote>${blocks(body)}</blockquote>`,
    equation,
    align: equation,
    'align*': equation,
    tabular,
    table,
    verbatim: pre,
    summary: body => `<div class=summary>${blocks(body, { lead: run('In short.') })}</div>`,
    module(_, __, take) {
      const title = heading(4, take(), '');
      return `<section class=module>${title}${blocks(take.rest())}</section>`;
    },
    proved(_, __, take) {
      const names = split(take(), ',').map(test => test.trim());
      const html = blocks(take.rest());
      return `<div class=proved>${html}<p class=by>Checked by ${names.map(testLink).join(' ')}</p></div>`;
    },
    exercise(_, __, take) {
      const time = take(true);
      const label = take();
      const number = numberOf('exercise');
      const here = place(number, 'exercise' + number);
      name(label);
      const link = `<a class=answer href="#answer-${label}">answer</a>`;
      const lead = `${run(`Exercise ${number}`)}<span class=n>(${inline(time)}; ${link})</span> `;
      return `<div class=ex ${idAttribute(here)}>${blocks(take.rest(), { lead })}</div>`;
    },
    answer(_, __, take) {
      const label = take();
      place('', `answer-${label}`);
      const from = line;
      const number = hold(() => {
        if (!labels[label]) complain('an answer without its exercise', label, from);
        return labels[label]?.number ?? '?';
      });
      const back = `<p class=back>${ref(label, 'Back to exercise ')}</p>`;
      return `<details class=ex><summary>Exercise ${number}</summary>`
        + `<div id="answer-${label}">${blocks(take.rest())}${back}</div></details>`;
    },
    challenge(_, __, take) {
      const part = take();
      const title = inline(take());
      const time = minutes(part);
      if (!time) complain('a part without its minutes in tests/challenges/parts.tsv', part);
      place(part, `part-${part}`);
      const lead = `${run(`Part ${part}: ${title}`)}<span class=n>(${time} minutes)</span> `;
      return `<div class=ex id="part-${part}">${blocks(take.rest(), { lead })}</div>`;
    },
    thebibliography(body) {
      const items = body.replace(/^\{\d+\}/, '').split('\\bibitem').slice(1).map((item, i) => {
        const [, key, text] = /^\{(.*?)\}([^]*)/.exec(item);
        cited[key] = i + 1;
        return `<li id="bib-${key}">${inline(text.trim())}</li>`;
      });
      return `<ol class=bib>${items.join('\n')}</ol>`;
    },
  };
  const spans = {
    emph: text => `<em>${inline(text)}</em>`,
    texttt: text => `<code>${inline(text, true)}</code>`,
    test: testLink,
    ref: label => ref(label),
    eqref: label => ref(label, '(', ')'),
    cite,
    index: term => index(term, true),
    nnindex: term => index(term, false),
    sidenote,
  };
  const furniture = { whereweare: 'where', milestone: 'mile' };
  const places = {
    contents: 'contents', maketitlepage: 'title', printindex: 'subjects', nowebchunks: 'chunks',
    nowebindex: 'identifiers',
  };

  const inline = (s, mono) => parse(s, { mono });
  const blocks = (s, how = {}) => parse(s, { block: true, ...how });

  // block: with paragraphs, of which the first begins with lead; floating: in a float, without <p>;
  // mono: without ligatures
  function parse(s, { block, lead = '', floating, mono }) {
    let i = 0;
    let out = '';
    let paragraph = lead;

    function paragraphId() {
      const numbered = chapterNumber() + (at.section ? `.${at.section}` : '');
      return `p${at.numbered ? numbered : `x${toc.length}`}-${++at.paragraph}`;
    }
    function flush() {
      const text = paragraph.trim();
      const empty = !text.replace(/<a id=ix\d+><\/a>/g, '').trim();
      out += empty || floating ? text : `<p id=${paragraphId()}>${text}</p>\n`;
      paragraph = '';
    }
    // the answer to a part of the challenges is folded, derivation and code
    let inAnswer = false;
    function endAnswer() {
      const end = inAnswer ? '</details>' : '';
      inAnswer = false;
      return end;
    }
    function put(html) {
      if (!block) {
        paragraph += html;
        return;
      }
      flush();
      out += html + '\n';
    }

    // what the pattern finds at i, behind which i stands then
    function next(pattern) {
      pattern.lastIndex = i;
      const found = pattern.exec(s);
      i = pattern.lastIndex;
      return found;
    }
    // an argument of a command: {...}, or one sign
    function argument() {
      next(/\s*/y);
      const from = i;
      if (s[from] !== '{') return next(/\\[A-Za-z]+|\\?[^]/y)[0];
      i = group(s, from);
      return s.slice(from + 1, i - 1);
    }
    function taker(body) {
      let end = 0;
      const take = optional => {
        const rest = body.slice(end);
        const found = optional ? /^(?:\[[^\]]*\])?/.exec(rest)[0] : rest.slice(0, group(rest, 0));
        end += found.length;
        return found.slice(1, -1);
      };
      take.rest = () => body.slice(end);
      return take;
    }
    function environment() {
      const env = argument();
      const from = i;
      const edge = new RegExp(`\\\\(begin|end)\\{${env.replace('*', '\\*')}\\}`, 'g');
      edge.lastIndex = i;
      let depth = 1;
      let found;
      while (depth && (found = edge.exec(s))) depth += found[1] === 'begin' ? 1 : -1;
      if (depth) return complain(`\\begin{${env}} is not ended`, `\\begin{${env}}`);
      i = edge.lastIndex;
      if (!environments[env]) return complain(`the environment ${env} is unknown`, `\\begin{${env}}`);
      const body = s.slice(from, found.index);
      put(environments[env](body, env, taker(body)));
    }
    function newcommand() {
      const from = i;
      next(/\{?\\[A-Za-z]+\}?(\[\d\])?/y);
      i = group(s, i);
      useMathMacros('\\newcommand' + s.slice(from, i));
    }
    const commands = {
      begin: environment,
      chapter: star => put(endAnswer() + chapter(argument(), star)),
      section: star => put(endAnswer() + section(argument(), star)),
      subsection: () => put(heading(4, argument(), '')),
      paragraph() {
        const title = argument();
        flush();
        if (/^\d[a-z]: /.test(title)) {
          out += `${endAnswer()}<details class=solved><summary>${inline(title)}</summary>`;
          inAnswer = true;
        } else paragraph = run(inline(title));
      },
      par() {
        if (block) flush();
        else paragraph += ' ';
      },
      label: () => name(argument()),
      lettrine() {
        const initial = inline(argument());
        paragraph += `<span class=drop>${initial}</span><span class=sc>${inline(argument())}</span>`;
      },
      plotfig() {
        next(/(\[[^\]]*\])?/y);
        commands.platefig();
      },
      platefig: () => put(plot(argument(), argument(), argument(), argument())),
      caption: () => put(caption('Table', argument())),
      verb() {
        const end = s.indexOf(s[i], i + 1);
        paragraph += codeOf(esc(s.slice(i + 1, end)));
        i = end + 1;
      },
      char() {
        i++; // a quotation mark
        paragraph += esc(s[i++]);
      },
      hspace() {
        argument();
        paragraph += '\u2003';
      },
      newcommand,
      providecommand: newcommand,
      setcounter() {
        const counter = argument();
        const value = +argument();
        if (counter === 'chapter') at.chapter = value;
      },
      mainmatter() { at.numbered = true; },
      backmatter() { at.numbered = false; },
      appendix: () => Object.assign(at, { appendix: true, chapter: 0 }),
      today() { paragraph += date; },
    };
    function command(word, star) {
      const isIn = table => Object.hasOwn(table, word);
      if (isIn(spans)) paragraph += spans[word](argument());
      else if (isIn(furniture)) put(`<p class=${furniture[word]}>${inline(argument())}</p>`);
      else if (isIn(places)) put(`\x06${places[word]}\x02`);
      else if (isIn(nothing)) { for (let n = nothing[word]; n > 0; n--) argument(); }
      else if (isIn(commands)) commands[word](star);
      else if (isIn(macros)) s = s.slice(0, i) + macros[word] + s.slice(i);
      else if (isIn(signs)) paragraph += signs[word];
      else complain(`the command \\${word} is unknown`, `\\${word}`);
    }
    function display() {
      const end = s.indexOf('\\]', i);
      put(equation(s.slice(i, end), 'equation*'));
      i = end + 2;
    }
    // brackets and stops next to a formula stay with it
    function mathematics(tex, closing) {
      const opening = paragraph.endsWith('(') ? '(' : '';
      if (opening) paragraph = paragraph.slice(0, -1);
      const html = inlineFormula(tex) + (/\\,\s*$/.test(tex) ? signs[','] : ''); // before a unit
      paragraph += opening || closing ? `<span class=nb>${opening}${html}${closing}</span>` : html;
    }
    const letters = text => mono ? esc(text) : ligatures[text] ?? esc(text);
    while (i < s.length) {
      const { 0: text, groups: found } = next(TOKEN);
      if (found.line) line = +found.line;
      else if (found.command) command(found.command, found.star);
      else if (found.sign === '[') display();
      else if (found.sign) command(found.sign);
      else if (found.paragraph) commands.par();
      else if (found.comment) continue;
      else if (found.formula !== undefined) mathematics(found.formula, found.closing);
      else if (text === '$') complain('a $ is not closed', s.slice(i - 1, i + 40).split('\n')[0]);
      else if (found.held && held[found.held].block) put(text);
      else if (found.held) paragraph += text;
      else paragraph += letters(text);
    }
    if (!block) return paragraph;
    flush();
    return out;
  }
  return {
    inline, blocks, hold, settle, useMathMacros, complain, heading, pre, idOf, slug,
    line: n => `\x07${n}\x02`, errors, labels, toc, terms, tests,
  };
}
