// figure.mjs: a figure of the PDF as SVG: mutool's, made small, its text put back into words, with title and description.
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { esc } from './noweb.mjs';

const short = n => String(+(+n).toFixed(2)).replace(/^(-?)0\./, '$1.').replace(/^-0$/, '0');
const run = (command, args, input) => execFileSync(command, args, { input, maxBuffer: 1e8, stdio: ['pipe', 'pipe', 'ignore'] });

// what mutool makes of a PDF: the SVG, and how wide each glyph of each face is; kept in folder for the next time
function convert(pdf, folder, name) {
  const svg = `${folder}/${name}.svg`, advances = `${folder}/${name}.advances`;
  if (!fs.existsSync(advances) || fs.statSync(advances).mtimeMs < fs.statSync(pdf).mtimeMs) {
    run('mutool', ['convert', '-F', 'svg', '-O', 'text=text', '-o', svg, pdf]);
    fs.renameSync(`${folder}/${name}1.svg`, svg);
    const widths = {};
    let face = '';
    for (const l of run('mutool', ['trace', pdf]).toString().split('\n')) {
      const font = /<span font="[A-Z]*\+?([A-Za-z]*)-([A-Z][a-z]*)"/.exec(l), glyph = /<g unicode="(.+?)".* adv="(.*?)"/.exec(l);
      if (font) face = font[1] + font[2].replace(/^(Regul|Itali|Bold).*/, '$1');
      if (glyph) { const seen = widths[face + glyph[1]] ??= {}; seen[glyph[2]] = (seen[glyph[2]] ?? 0) + 1; }
    }
    // a ligature goes by its first letter: what a letter is mostly is its own width
    for (const k in widths) widths[k] = +Object.entries(widths[k]).sort((a, b) => b[1] - a[1])[0][0];
    fs.writeFileSync(advances, JSON.stringify(widths));
  }
  return [fs.readFileSync(svg, 'utf8'), JSON.parse(fs.readFileSync(advances, 'utf8'))];
}
// absolute M L H V C Z to relative ones with two digits
function path(d) {
  let x = 0, y = 0, sx = 0, sy = 0, out = '', cmd = '';
  const r = v => Math.round(v * 100) / 100;
  const put = (c, ...ns) => {
    out += (c !== cmd ? c : ns[0] >= 0 ? ' ' : '') + ns.map((n, i) => (i && n >= 0 ? ' ' : '') + short(n)).join('');
    cmd = c;
  };
  for (const [, c, rest] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const n = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) || []).map(Number);
    if (c === 'Z') { out += 'z'; cmd = 'z'; x = sx; y = sy; }
    else if (c === 'M' || c === 'L') for (let i = 0; i < n.length; i += 2) {
      const X = r(n[i]), Y = r(n[i + 1]);
      if (c === 'M' && !i) { cmd = ''; put('M', X, Y); sx = X; sy = Y; } else put('l', r(X - x), r(Y - y));
      x = X; y = Y;
    }
    else if (c === 'H') for (const v of n) { put('h', r(r(v) - x)); x = r(v); }
    else if (c === 'V') for (const v of n) { put('v', r(r(v) - y)); y = r(v); }
    else if (c === 'C') for (let i = 0; i < n.length; i += 6) { put('c', ...n.slice(i, i + 6).map((v, j) => r(r(v) - (j % 2 ? y : x)))); x = r(n[i + 4]); y = r(n[i + 5]); }
    else return d;
  }
  return out;
}
// glyphs with places become words; a gap is a space, since a PDF has none
function words(svg, advances) {
  const names = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return svg.replace(/<text([^>]*) font-family="(\w+)"([^>]*)>(.*?)<\/text>/g, (_, a, font, b, spans) => {
    const all = a + b, size = +/font-size="([^"]*)"/.exec(all)[1], face = font + (/italic/.test(all) ? 'Itali' : /bold/.test(all) ? 'Bold' : 'Regul');
    return `<text${a} font-family="${font}"${b}>` + spans.replace(/<tspan y="([^"]*)" x="([^"]*)">(.*?)<\/tspan>/g, (_, y, x, t) => {
      const xs = x.split(' ').map(Number), cs = [...t.replace(/&#x([0-9a-f]+);|&(lt|gt|amp|quot);/g, (_, hex, n) => hex ? String.fromCodePoint(parseInt(hex, 16)) : names[n])];
      let out = '', at = '';
      cs.forEach((c, i) => {
        const gap = i && (xs[i] - xs[i - 1]) / size - (advances[face + cs[i - 1]] ?? NaN), space = gap > (font.includes('Math') ? .16 : .12) && cs[i - 1] !== ' ' && c !== ' ';
        // mathematics keeps every place: TeX's glyphs for scripts are wider than those a browser takes
        if (font.includes('Math')) { at += `${i ? ' ' : ''}${space ? short(xs[i] - 1) + ' ' : ''}${short(xs[i])}`; out += space ? ' ' : ''; }
        else if (i && Math.abs(gap) > .12) out += `${space ? ' ' : ''}</tspan><tspan x="${short(xs[i])}">`;
        else if (!i) at = short(xs[0]);
        out += esc(c);
      });
      return `<tspan y="${short(y)}" x="${at}">${out}</tspan>`;
    }) + '</text>';
  });
}
// a mark is a fill and a stroke of the same path: one.  Many of the same kind: a line of which only the markers show
function marks(svg, name) {
  svg = svg.replace(/<path (transform="[^"]*") d="([^"]*)" (fill="[^"]*")\/><path \1 (stroke-width="[^"]*") fill="none" (stroke="[^"]*") d="\2"\/>/g, '<path $1 $3 $4 $5 d="$2"/>');
  const ids = {}, mark = /<path transform="matrix\(1 0 0 -1 (\S+) (\S+)\)" ([^>]*)\/>/y;
  let defs = '', out = '', i = 0;
  const next = () => { mark.lastIndex = i; const m = mark.exec(svg); if (m) i = mark.lastIndex; return m; };
  for (let from; i < svg.length;) {
    const m = svg.startsWith('<path', i) && next();
    if (!m) { const to = svg.indexOf('<path', i + 1); out += svg.slice(i, to < 0 ? svg.length : to); i = to < 0 ? svg.length : to; continue; }
    const points = [];
    let text = m[0], n = m;
    for (; n && n[3] === m[3]; n = next()) { points.push([+n[1], +n[2]]); text += points.length > 1 ? n[0] : ''; from = i; }
    i = from;
    if (points.length < 6) { out += text; continue; }
    if (!ids[m[3]]) {
      ids[m[3]] = `${name}-m${Object.keys(ids).length}`;
      defs += `<marker id="${ids[m[3]]}" overflow="visible" markerUnits="userSpaceOnUse"><path transform="scale(1 -1)" ${m[3]}/></marker>`;
    }
    const url = `url(#${ids[m[3]]})`;
    out += `<path marker-start="${url}" marker-mid="${url}" marker-end="${url}" fill="none" d="${path('M' + points.map(p => p.join(' ')).join('L'))}"/>`;
  }
  return out.replace(/(<svg [^>]*>)/, `$1<defs>${defs}</defs>`);
}
// hundreds of hairlines, one after the other: those of the same look are one path
function hairlines(svg) {
  return svg.replace(/(?:<path transform="[^"]*"(?: stroke-[a-z]+="[^"]*")+ fill="none" stroke="[^"]*" d="[^"]*"\/>){100,}/g, run => {
    const looks = {};
    for (const [, look, d] of run.matchAll(/<path (.*?) d="([^"]*)"\/>/g)) {
      const k = look.replace(/ stroke-dashoffset="[^"]*"| transform="[^"]*"|transform="[^"]*" | fill="none"/g, '')
        .replace(/#\w+/, c => '#' + c.slice(1).match(/../g).map(v => (parseInt(v, 16) / 17 + .5 | 0).toString(16)).join('')).replace(/(?<=width=")[\d.]+/, w => short(Math.round(w * 20) / 20));
      looks[k] = (looks[k] ?? '') + d;
    }
    // half a point is exact enough for each of them: whole numbers in half the scale
    const twice = v => v.replace(/-?[\d.]+/g, n => String(Math.round(2 * n)));
    return `<g ${/transform="[^"]*"/.exec(run)[0]} fill="none"><g transform="scale(.5)">${Object.entries(looks).map(([look, d]) =>
      `<path ${look.replace(/(stroke-(?:width|dasharray)=")([^"]*)/g, (_, k, v) => k + v.replace(/[\d.]+/g, n => short(2 * n)))} d="${twice(d).replace(/ -/g, '-')}"/>`).join('')}</g></g>`;
  });
}
// a contour that was drawn as hundreds of short pieces: its pieces joined, and points left out that lie on the line
function contours(d) {
  const pieces = d.split('M').slice(1).map(p => /^([\d.-]+) ([\d.-]+)(?:[L ]([\d.-]+) ([\d.-]+)|H([\d.-]+)|V([\d.-]+))?$/.exec(p))
    .map(m => m && [+m[1], +m[2], +(m[3] ?? m[5] ?? m[1]), +(m[4] ?? m[6] ?? m[2])]);
  if (pieces.length < 40 || pieces.includes(null)) return d;
  const at = new Map(), key = (x, y) => x.toFixed(2) + ' ' + y.toFixed(2), used = new Set();
  pieces.forEach((p, k) => [0, 2].forEach(e => { const q = key(p[e], p[e + 1]); at.set(q, [...at.get(q) ?? [], k]); }));
  const follow = (line, k) => {                            // from the end of line on
    for (; k !== undefined; k = (at.get(key(...line.at(-1))) ?? []).find(j => !used.has(j))) {
      const [a, b, c, e] = pieces[k], here = key(...line.at(-1));
      used.add(k);
      line.push(key(a, b) === here ? [c, e] : [a, b]);
    }
    return line;
  };
  const sparse = line => {                                 // Douglas and Peucker
    const [p, q] = [line[0], line.at(-1)], dx = q[0] - p[0], dy = q[1] - p[1], length = Math.hypot(dx, dy);
    let far = 0, worst = 0;
    line.forEach(([x, y], k) => { const e = length ? Math.abs(dx * (y - p[1]) - dy * (x - p[0])) / length : Math.hypot(x - p[0], y - p[1]); if (e > worst) { worst = e; far = k; } });
    return worst < .04 ? [p, q] : [...sparse(line.slice(0, far + 1)).slice(0, -1), ...sparse(line.slice(far))];
  };
  return pieces.map((p, k) => {
    if (used.has(k)) return '';
    const line = follow([[p[0], p[1]]], k).reverse();
    return 'M' + sparse(follow(line, (at.get(key(...line.at(-1))) ?? []).find(j => !used.has(j)))).map(q => q.join(' ')).join('L');
  }).join('');
}
// what mutool says at length: where each text begins, what holds a small picture and cuts it to its own edges
function shorter(svg) {
  const move = (list, by) => list.split(' ').map(v => short(+v + +by)).join(' ');
  svg = svg.replace(/<text([^>]*?) ?transform="matrix\(1 0 0 1 (\S+) (\S+)\)"([^>]*)>(.*?)<\/text>/g, (_, a, x, y, b, inside) => {
    const spans = inside.replace(/ y="([^"]*)"/g, (_, v) => ` y="${move(v, y)}"`).replace(/ x="([^"]*)"/g, (_, v) => ` x="${move(v, x)}"`);
    const one = /^<tspan( y="[^"]*" x="[^"]*")>([^<]*)<\/tspan>$/.exec(spans);
    return `<text${a}${b}${one ? one[1] : ''}>${one ? one[2] : spans}</text>`;
  });
  svg = svg.replace(/<g clip-path="url\(#[^)]*\)"><g (transform="[^"]*")><image id="[^"]*"( width="\d\d"[^>]*)\/><\/g><\/g>/g, '<image $1$2/>');
  const used = new Set([...svg.matchAll(/url\(#([^)]*)\)/g)].map(m => m[1]));
  svg = svg.replace(/<clipPath id="([^"]*)">.*?<\/clipPath>/g, (all, id) => used.has(id) ? all : '').replace('<defs></defs>', '');
  svg = svg.replace(/(?:<path (transform="[^"]*")[^>]*\/>)(?:<path \1[^>]*\/>)+/g, (run, t) => `<g ${t}>${run.replaceAll(` ${t}`, '')}</g>`);
  return svg.replace(/ font-family="TeXGyrePagellaMath"/g, ' class="f"').replace(/ font-family="TeXGyrePagella"/g, '').replace(/ ([a-z-]+)="([\w.#-]+)"(?=[ >])/g, ' $1=$2');
}
// alt: what a reader who doesn't see it is told.  wide: it takes the margin, too
export function figure(pdf, folder, name, alt, title) {
  let [svg, advances] = convert(pdf, folder, name);
  svg = svg.replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, '').replace(/\n/g, '')
    .replace(/ (stroke-linecap="butt"|stroke-miterlimit="10"|stroke-linejoin="miter"|xml:space="preserve"|version="1.1"|xmlns(:xlink)?="[^"]*")/g, '')
    .replace(/xlink:href/g, 'href')
    .replace(/ d="([^"]*)"/g, (_, d) => ` d="${path(contours(d))}"`)
    .replace(/(id="|url\(#|href="#)/g, `$1${name}-`)
    .replace(/<path[^>]* d=""[^>]*\/>/g, '')
    .replace(/(transform="matrix\()([^)]*)/g, (_, head, m) => head + m.split(/[ ,]+/).map((v, i) => i < 4 ? String(+(+v).toFixed(5)).replace(/^(-?)0\./, '$1.') : short(v)).join(' '))
    .replace(/(stroke-width|font-size)="([^"]*)"/g, (_, k, v) => `${k}="${short(v)}"`);
  svg = shorter(hairlines(marks(words(svg, advances), name)))
    // coloured fields as WebP: a tenth of the PNG
    .replace(/data:image\/png;base64,([^"]*)/g, (_, png) => 'data:image/webp;base64,' +
      run('cwebp', ['-quiet', '-q', png.length < 2e4 ? '35' : '45', '-m', '6', '-o', '-', '--', '-'], Buffer.from(png, 'base64')).toString('base64'));
  const [, width] = /<svg [^>]*width="?([\d.]+)/.exec(svg), wide = width > 360;
  const text = esc(alt.replace(/\$|\\(?=[a-z])/g, '').replace(/\\,/g, '\u202f').replace(/~/g, ' ').replace(/\\%/g, '%').replace(/\s+/g, ' ').trim());
  return { wide, svg: svg.replace(/<svg [^>]*viewBox="([^"]*)"[^>]*>/, (_, box) =>
    `<svg role=img aria-labelledby="${name}-t ${name}-d" viewBox="${box}" width="${Math.round(width * 1.88)}"><title id="${name}-t">${title}</title><desc id="${name}-d">${text}</desc>`) };
}
