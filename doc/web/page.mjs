// page.mjs: what paper can't do.  The book reads without it; nothing here is needed to see anything.
import { fit, make } from './dom.mjs';

const $ = (s, e = document) => e.querySelector(s);
const $$ = (s, e = document) => [...e.querySelectorAll(s)];
const target = a => document.getElementById(decodeURIComponent(a.hash.slice(1)));
document.documentElement.classList.add('js');

// ---- a link to each heading and each paragraph
for (const e of $$('main :is(h2, h3, h4, p)[id]')) {
  const link = make('a', { className: 'link', href: '#' + e.id, textContent: '¶',
    tabIndex: /^H/.test(e.tagName) ? 0 : -1 });
  link.setAttribute('aria-label', 'Link to this ' + (/^H/.test(e.tagName) ? 'section' : 'paragraph'));
  e.prepend(link);
}
// ---- where the site has a desk beside the book: links to it in the contents, at each part and at its stub
const desk = $('meta[name=desk]')?.content;
if (desk) {
  const link = (text, part = '') =>
    make('a', { className: 'desk', href: desk + part, textContent: text });
  document.getElementById('ch:challenges').after(
    make('p', { className: 'desk' }, link('The desk: write, run and be judged in the page')),
  );
  $('#toc a[href="#ch:challenges"] + ol').prepend(make('li', {}, link('The desk')));
  for (const box of $$('.ex[id^=part-]'))
    box.append(make('p', { className: 'desk' }, link('Solve it at the desk', `#${box.id.slice(5)}`)));
  for (const head of $$('.head[id^="chunk:challenge-"]'))
    $('.n', head).before(link('write it at the desk', `#${head.id.split('-')[1]}`));
}
// ---- where the reader is
const headings = $$('main :is(h2, h3)');
const entry = new Map($$('#toc a').map(a => [a.hash.slice(1), a]));
const words = e =>
  [...e.childNodes].filter(n => n.className !== 'link').map(n => n.textContent).join('').trim();
let here = null;
function follow() {
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const mid = low + high >> 1;
    if (headings[mid].getBoundingClientRect().top < innerHeight * .3) low = mid + 1;
    else high = mid;
  }
  const page = document.documentElement;
  $('#progress').value = page.scrollTop / (page.scrollHeight - innerHeight);
  const now = headings[low - 1];
  if (now === here) return;
  here = now;
  $$('#toc .here, #toc .open').forEach(e => e.classList.remove('here', 'open'));
  $$('#toc [aria-current]').forEach(e => e.removeAttribute('aria-current'));
  $('#here').textContent = now ? words(now) : '';
  const a = now && entry.get(now.id);
  if (!a) return;
  a.setAttribute('aria-current', 'location');
  for (let li = a.closest('li'); li; li = li.parentElement.closest('li'))
    li.classList.add('here', 'open');
  if (innerWidth >= 1244) {
    const box = $('#contents');
    const r = a.getBoundingClientRect();
    if (r.top < 60 || r.bottom > innerHeight - 40) box.scrollTop += r.top - innerHeight / 3;
  }
}
let waiting = false;
addEventListener('scroll', () => {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
      hide();
    });
  }
}, { passive: true });
$('#contents').addEventListener('click', e => {
  if (e.target.closest('a') && $('#contents').matches(':popover-open')) $('#contents').hidePopover();
});

// ---- search: sections, terms, identifiers, chunks
const things = [['section', '#toc a'], ['term', '#all-subjects li'], ['name', '#all-identifiers li'], [
  'chunk',
  '#all-chunks li',
]]
  .flatMap(([kind, s]) =>
    $$(s).map(e => {
      const a = e.matches('a') ? e : $('a.n, .n a, a', e);
      return { kind: a.hash ? kind : 'page', href: a.getAttribute('href'), text: kind === 'term'
        ? e.firstChild.textContent.trim() || words(e)
        : kind === 'section'
        ? words(e)
        : $('code, a', e).textContent };
    })
  );
const search = $('#search');
const found = $('#found');
search.addEventListener('input', () => {
  const q = search.value.trim().toLowerCase();
  const rank = t => /^.?answer /.test(t.text) ? 2 : t.text.toLowerCase().startsWith(q) ? 0 : 1;
  const hits = q
    ? things.filter(t => t.text.toLowerCase().includes(q)).sort((a, b) => rank(a) - rank(b)).slice(0,
      12)
    : [];
  found.hidden = !q;
  found.replaceChildren(
    ...hits.map(t =>
      make('li', {}, make('a', { href: t.href }, t.text + ' ', make('small', { textContent: t.kind })))
    ),
    ...(q && !hits.length ? [make('li', { textContent: 'Nothing of that name.' })] : []),
  );
});
search.addEventListener('keydown', e => {
  if (e.key === 'Enter') $('a', found)?.click();
  if (e.key === 'Escape') {
    search.value = '';
    found.hidden = true;
  }
});
addEventListener('keydown', e => {
  if (e.key === 'Escape') hide();
  if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey
    || e.target.closest('input, textarea, [contenteditable]')) return;
  e.preventDefault();
  if (innerWidth < 1244) $('#contents').showPopover();
  search.focus();
});

// ---- chunks: their text as in nn.nw, with what they use, and unfolded in place
const chunkOf = a => target(a)?.closest('.chunk');
const parts = chunk => {
  const all = [];
  const stem = $('.head', chunk).id;
  for (let h = $('.head', chunk), n = 2; h; h = document.getElementById(`${stem}:${n++}`))
    all.push(h.closest('.chunk'));
  return all;
};
const foldAll = root =>
  $$('.unfolded', root).forEach(e => e.replaceWith('line' in e.dataset ? '\n' : ''));
function source(chunk, use) { // use(a): what stands for the use of another chunk
  const copy = $('pre', chunk).cloneNode(true);
  foldAll(copy);
  $$('a.tag', copy).forEach(a => {
    a.previousSibling.remove();
    a.remove();
  });
  const uses = $$('a.use', copy);
  uses.forEach((a, k) => a.replaceWith(`\u0001${k}\u0001`));
  return ('\n'.repeat(chunk.dataset.gap ?? 0) + copy.textContent.replace(/\n+$/, '')
    + '\n'.repeat(chunk.dataset.tail ?? 0)).split('\n').map(l =>
      l.replace(/\u0001(\d+)\u0001/g, (_, k, at) => use(uses[k], at))
    ).join('\n');
}
const nameOf = a => a.textContent.slice(1, -1);
const woven = chunk => source(chunk, a => `<<${nameOf(a)}>>`);
const whole = chunk =>
  parts(chunk).map(p =>
    source(p, (a, column) =>
      whole(chunkOf(a)).split('\n').map((l, k) =>
        k && l ? ' '.repeat(column) + l : l
      ).join('\n'))
  ).join('\n');
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'copied';
  } catch {
    button.textContent = 'cannot copy here';
  }
  setTimeout(() => {
    button.textContent = 'copy';
  }, 1500);
}
for (const head of $$('.chunk > .head')) {
  const chunk = Object.assign(head.parentElement, { role: 'group',
    ariaLabel: $('.name', head).textContent });
  const file = head.id.startsWith('file:') && !/:.*:/.test(head.id);
  const button = make('button', { type: 'button', textContent: 'copy' });
  button.onclick = () => copy(button, $('.assembled', chunk)?.textContent ?? woven(chunk));
  $('.n', head).before(button);
  if (file) {
    const all = make('button', { type: 'button', textContent: 'whole file' });
    all.setAttribute('aria-expanded', 'false');
    all.onclick = () => {
      const shown = $('.assembled', chunk);
      const pre = $('pre', chunk);
      if (shown) shown.remove();
      else chunk.append(
          make('pre', { className: 'assembled', tabIndex: 0, textContent: whole(chunk) + '\n' }),
        );
      pre.hidden = !shown;
      all.textContent = shown ? 'whole file' : 'as chunks';
      all.setAttribute('aria-expanded', String(!shown));
    };
    button.before(all);
  }
}
const arm = root =>
  $$('a.use', root).forEach(a => {
    a.setAttribute('role', 'button');
    a.setAttribute('aria-expanded', 'false');
  });
arm(document);
function unfold(a) {
  const open = a.getAttribute('aria-expanded') === 'true';
  const tag = a.nextElementSibling;
  a.setAttribute('aria-expanded', String(!open));
  if (open) {
    if (a.unfolded.rest) a.unfolded.rest.data = '\n' + a.unfolded.rest.data;
    a.unfolded.remove();
    return;
  }
  const box = make('span', { className: 'unfolded' });
  for (const p of parts(chunkOf(a))) {
    const code = $('code', $('pre', p)).cloneNode(true);
    foldAll(code);
    box.append(...code.childNodes, box.textContent.endsWith('\n') ? '' : '\n');
  }
  arm(box);
  const line = a.closest('code, .unfolded');
  const indent = a.previousSibling?.tagName === 'I'
    ? a.previousSibling.getBoundingClientRect().width
    : 0;
  box.style.setProperty('--indent', `${indent}px`);
  a.unfolded = box;
  (line && tag?.classList.contains('tag') ? tag : a).after(box);
  const after = box.nextSibling; // the line ends before the box, not behind it
  if (after?.nodeType === 3 && after.data.startsWith('\n')) {
    after.data = after.data.slice(1);
    box.rest = after;
    box.dataset.line = '';
  }
}
document.addEventListener('keydown', e => {
  if (e.key === ' ' && e.target.matches?.('a.use')) {
    e.preventDefault();
    unfold(e.target);
  }
});

// ---- answers and tests, where they are asked for
function inPlace(a, what) {
  const host = a.closest('.ex, .proved') ?? a.closest('p');
  const old = host.peeked;
  if (old) {
    old.remove();
    host.peeked = null;
    $$('[aria-expanded]', host).forEach(e => e.setAttribute('aria-expanded', 'false'));
    if (old.of === what) return;
  }
  const box = make('div', { className: 'peeked' });
  box.of = what;
  box.append(...what.cloneNode(true).childNodes);
  $$('[id]', box).forEach(e => e.removeAttribute('id'));
  $$('.link, .back a', box).forEach(e => e.remove());
  a.setAttribute('aria-expanded', 'true');
  host.peeked = box;
  if (host.tagName === 'P') host.after(box);
  else host.append(box);
}
$$('a.answer, a.test').forEach(a => {
  a.setAttribute('role', 'button');
  a.setAttribute('aria-expanded', 'false');
});
document.addEventListener('click', e => {
  const a = e.target.closest?.('a');
  if (!a || e.ctrlKey || e.metaKey || e.shiftKey || !a.hash) return;
  if (a.matches('a.use')) {
    e.preventDefault();
    unfold(a);
  } else if (a.matches('a.answer, a.test')) {
    e.preventDefault();
    inPlace(a, target(a));
  } else if (a.matches('code a:not([class])') && matchMedia('(hover: none)').matches && peek.of !== a) {
    e.preventDefault();
    show(a);
  } else open(target(a));
});
const open = e => {
  for (let d = e?.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
};
addEventListener('hashchange', () => open(target(location)));
addEventListener('beforeprint', () =>
  $$('main details').forEach(d => {
    d.open = true;
  }));

// ---- an identifier shows its definition
const peek = make('div', { id: 'peek', hidden: true });
peek.setAttribute('role', 'status');
document.body.append(peek);
function definition(chunk, name) {
  const lines = woven(chunk).split('\n');
  const word = new RegExp(`\\b${name}\\b`);
  let from = lines.findIndex(l =>
    new RegExp(`^[^ ].*\\b${name}\\(|^\\}.*\\b${name};|(define|enum|typedef|struct)\\b.*\\b${name}\\b`)
      .test(l)
  );
  if (from < 0) from = lines.findIndex(l => word.test(l));
  if (from < 0) return '';
  let to = from;
  if (lines[from].startsWith('}')) { while (from > 0 && /^[ }]/.test(lines[from])) from--; }
  else while (to + 1 < lines.length && !/[;{]\s*(\/\*.*)?$/.test(lines[to])) to++;
  while (from > 0 && /^(\/\*|   | \*)/.test(lines[from - 1]) && !/^\S/.test(lines[from])) from--;
  for (let k = from; k > 0 && /\*\/\s*$/.test(lines[k - 1]) && !/^.*;/.test(lines[k - 1]); k--)
    from = k - 1;
  return lines.slice(from, Math.min(to + 1, from + 14)).join('\n').replace(/\s*\{$/, '').replace(
    /(\S) {3,}/g,
    '$1  ',
  );
}
function show(a) {
  const chunk = chunkOf(a);
  const text = chunk && definition(chunk, a.textContent);
  if (!text) return;
  peek.of = a;
  peek.replaceChildren(make('p', {}, 'defined in ', make('a', { href: a.hash, textContent: chunk.id })),
    make('pre', { textContent: text }));
  peek.hidden = false;
  if (innerWidth >= 1244) peek.style.top = `${a.getBoundingClientRect().top + scrollY - 30}px`;
}
function hide() {
  if (!peek.hidden && !peek.matches(':hover')) {
    peek.hidden = true;
    peek.of = null;
  }
}
let soon;
document.addEventListener('pointerover', e => {
  if (e.pointerType === 'touch') return;
  const a = e.target.closest?.('code a:not([class])');
  clearTimeout(soon);
  soon = setTimeout(() => {
    if (a && !peek.contains(a)) show(a);
    else if (!peek.contains(e.target)) hide();
  }, a ? 120 : 300);
});
document.addEventListener('focusin', e => {
  if (e.target.matches('code a:not([class])') && e.target.matches(':focus-visible')) show(e.target);
  else if (!peek.contains(e.target)) hide();
});

// ---- what is too wide: formulas a little smaller, the rest is scrolled, by keyboard, too
function fitAll() {
  fit();
  const scrolled = $$('.scroll, pre, blockquote').map(e => [e, e.scrollWidth > e.clientWidth + 1]);
  for (const [e, over] of scrolled)
    if (over) e.tabIndex = 0;
    else if (!e.matches('.assembled')) e.removeAttribute('tabindex');
}
for (const f of $$('figure.figure')) {
  const b = make('button', { type: 'button', className: 'zoom', textContent: 'larger' });
  b.onclick = () => {
    b.textContent = f.classList.toggle('large') ? 'smaller' : 'larger';
    $('.picture', f).tabIndex = f.matches('.large') ? 0 : -1;
  };
  f.append(b);
}
let width = 0;
new ResizeObserver(() => {
  if (innerWidth !== width) {
    width = innerWidth;
    fitAll();
  }
}).observe(document.documentElement);
document.fonts.ready.then(fitAll);
open(target(location));
follow();
