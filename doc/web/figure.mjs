// figure.mjs: a figure of the PDF as SVG: mutool's, made small, its text put back into words, with title and
// description.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { esc, unesc } from './noweb.mjs';

const run = (command, args, input) =>
  execFileSync(command, args, { input, maxBuffer: 1e8, stdio: ['pipe', 'pipe', 'ignore'] });
// a number in so many digits as it needs: .5 and -.5, two behind the point
const bare = number => String(number).replace(/^(-?)0\./, '$1.').replace(/^-0$/, '0');
const short = n => bare(+(+n).toFixed(2));
const unquoted = svg => svg.replace(/ ([a-z-]+)="([\w.#-]+)"(?=[ >])/g, ' $1=$2');

// -- paths: absolute M L H V C Z to relative ones, with two digits, or one where there are hundreds of points
const TAKES = { M: 2, L: 2, H: 1, V: 1, C: 6 }; // so many numbers
function path(d) {
  const by = d.length > 800 ? 10 : 100;
  const round = v => Math.round(v * by) / by;
  let at = [0, 0];
  let start = at;
  let out = '';
  let last = '';
  function put(command, numbers) {
    out += command !== last ? command : numbers[0] >= 0 ? ' ' : '';
    out += numbers.map((n, i) => (i && n >= 0 ? ' ' : '') + short(n)).join('');
    last = command;
  }
  function move(to) {
    last = '';
    put('M', to);
    at = start = to;
  }
  function draw(command, numbers) {
    const from = i => at[command === 'V' ? 1 : i % 2];
    put(command.toLowerCase(), numbers.map((v, i) => round(v - from(i))));
    const [end] = numbers;
    at = command === 'H' ? [end, at[1]] : command === 'V' ? [at[0], end] : numbers.slice(-2);
  }
  for (const [, command, rest] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (rest.match(/-?[\d.]+/g) ?? []).map(v => round(+v));
    if (command === 'Z') {
      out += last = 'z';
      at = start;
    } else if (!TAKES[command]) return d;
    for (let i = 0; i < numbers.length; i += TAKES[command]) {
      const some = numbers.slice(i, i + TAKES[command]);
      if (command !== 'M') draw(command, some);
      else if (i) draw('L', some);
      else move(some);
    }
  }
  return out;
}
// four arcs from the right, and a move into the middle: a circle
const ARCS = / d="M(-?[\d.]+) ?(-?[\d.]+)c0([^a-zA-Z"]*)zM(-?[\d.]+) ?(-?[\d.]+)"/;
const circles = svg =>
  svg.replace(/<path([^>]*)\/>/g, (all, attributes) => {
    const [found, right, y, arcs, cx, cy] = ARCS.exec(attributes) ?? [];
    if (!found || y !== cy || arcs.match(/-?\d*\.?\d+/g).length !== 23) return all;
    return `<circle${attributes.replace(found, ` cx="${cx}" cy="${cy}" r="${short(right - cx)}"`)}/>`;
  });

// a contour that was drawn as hundreds of short pieces: they are joined, and points on the line left out
const NEAR = .04;
function sparse(line) { // Douglas and Peucker
  const [[x0, y0], [x1, y1]] = [line[0], line.at(-1)];
  const length = Math.hypot(x1 - x0, y1 - y0);
  const across = (x, y) => Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length;
  const distances = line.map(([x, y]) => length ? across(x, y) : Math.hypot(x - x0, y - y0));
  const far = distances.indexOf(Math.max(...distances));
  if (distances[far] < NEAR) return [line[0], line.at(-1)];
  return [...sparse(line.slice(0, far + 1)).slice(0, -1), ...sparse(line.slice(far))];
}
const PIECE = /^([\d.-]+) ([\d.-]+)(?:[L ]([\d.-]+) ([\d.-]+)|H([\d.-]+)|V([\d.-]+))?$/;
function endsOf(piece) {
  const [found, x, y, X, Y, H, V] = PIECE.exec(piece) ?? [];
  return found && [[+x, +y], [+(X ?? H ?? x), +(Y ?? V ?? y)]];
}
function contours(d) {
  const pieces = d.split('M').slice(1).map(endsOf);
  if (pieces.length < 40 || pieces.includes(undefined)) return d;
  const key = ([x, y]) => x.toFixed(2) + ' ' + y.toFixed(2);
  const at = new Map();
  const used = new Set();
  pieces.forEach((ends, k) => ends.forEach(end => at.set(key(end), [...at.get(key(end)) ?? [], k])));
  const next = line => at.get(key(line.at(-1))).find(k => !used.has(k));
  function follow(line) { // on from its end
    for (let k; (k = next(line)) !== undefined;) {
      const [a, b] = pieces[k];
      used.add(k);
      line.push(key(a) === key(line.at(-1)) ? b : a);
    }
    return line;
  }
  const whole = ([first]) => sparse(follow(follow([first]).reverse())).map(point => point.join(' '));
  return pieces.map((ends, k) => used.has(k) ? '' : 'M' + whole(ends).join('L')).join('');
}

// -- words: glyphs with places become words; a gap is a space, since a PDF has none how wide each glyph of
// each face is, from mutool's trace.  A ligature goes by its first letter: what a letter is mostly is its
// own width
function advancesOf(trace) {
  const seen = {};
  let face = '';
  for (const line of trace.split('\n')) {
    const font = /<span font="[A-Z]*\+?([A-Za-z]*)-([A-Z][a-z]*)"/.exec(line);
    const glyph = /<g unicode="(.+?)".* adv="(.*?)"/.exec(line);
    if (font) face = font[1] + font[2].replace(/^(Regul|Itali|Bold).*/, '$1');
    if (!glyph) continue;
    const widths = seen[face + glyph[1]] ??= {};
    widths[glyph[2]] = (widths[glyph[2]] ?? 0) + 1;
  }
  const most = widths => +Object.entries(widths).sort((a, b) => b[1] - a[1])[0][0];
  return Object.fromEntries(Object.entries(seen).map(([glyph, widths]) => [glyph, most(widths)]));
}
const letters = text =>
  [...unesc(text.replace(/&#x([0-9a-f]+);/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))))];
// gap(letter, i): how far behind that letter the next one begins, in sizes
function line(y, xs, all, gap, math) {
  let out = esc(all[0] ?? '');
  let at = short(xs[0]);
  for (let i = 1; i < all.length; i++) {
    const away = gap(all[i - 1], i);
    const space = away > (math ? .16 : .12) && all[i - 1] !== ' ' && all[i] !== ' ' ? ' ' : '';
    // mathematics keeps every place: TeX's glyphs for scripts are wider than those a browser takes
    if (math) {
      at += `${space && ' ' + short(xs[i] - 1)} ${short(xs[i])}`;
      out += space;
    } else if (Math.abs(away) > .12) out += `${space}</tspan><tspan x="${short(xs[i])}">`;
    out += esc(all[i]);
  }
  return `<tspan y="${short(y)}" x="${at}">${out}</tspan>`;
}
const TEXT = /<text([^>]*) font-family="(\w+)"([^>]*)>(.*?)<\/text>/g;
const SPAN = /<tspan y="([^"]*)" x="([^"]*)">(.*?)<\/tspan>/g;
function words(svg, advances) {
  return svg.replace(TEXT, (_, before, font, after, spans) => {
    const look = before + after;
    const size = +/font-size="([^"]*)"/.exec(look)[1];
    const face = font + (/italic/.test(look) ? 'Itali' : /bold/.test(look) ? 'Bold' : 'Regul');
    const lines = spans.replace(SPAN, (_, y, x, text) => {
      const xs = x.split(' ').map(Number);
      const gap = (letter, i) => (xs[i] - xs[i - 1]) / size - (advances[face + letter] ?? NaN);
      return line(y, xs, letters(text), gap, font.includes('Math'));
    });
    return `<text${before} font-family="${font}"${after}>${lines}</text>`;
  });
}

// -- marks: a fill and a stroke of the same path are one.  Many of the same kind: a line of which only the
// markers show
const MANY = 6;
const FILLED = /<path (transform="[^"]*") d="([^"]*)" (fill="[^"]*")\/>/;
const STROKED = /<path \1 (stroke-width="[^"]*") fill="none" (stroke="[^"]*") d="\2"\/>/;
const MARK = /<path transform="matrix\(1 0 0 -1 [^ ]+ [^ ]+\)"/;
function marks(svg, name) {
  const ids = new Map();
  function lineOf(run, look) {
    const points = [...run.matchAll(/matrix\(1 0 0 -1 (\S+) (\S+)\)/g)].map(([, x, y]) => `${x} ${y}`);
    if (points.length < MANY) return run;
    if (!ids.has(look)) ids.set(look, `${name}-m${ids.size}`);
    const url = `url(#${ids.get(look)})`;
    const d = path('M' + points.join('L'));
    return `<path marker-start="${url}" marker-mid="${url}" marker-end="${url}" fill="none" d="${d}"/>`;
  }
  const marked = svg.replace(RegExp(FILLED.source + STROKED.source, 'g'), '<path $1 $3 $4 $5 d="$2"/>')
    .replace(RegExp(`${MARK.source} ([^>]*)/>(?:${MARK.source} \\1/>)+`, 'g'), lineOf);
  const defs = [...ids].map(([look, id]) =>
    `<marker id="${id}" overflow="visible" markerUnits="userSpaceOnUse">`
    + `<path transform="scale(1 -1)" ${look}/></marker>`);
  return marked.replace(/(<svg [^>]*>)/, `$1<defs>${defs.join('')}</defs>`);
}

// -- hundreds of hairlines, one after the other: those of the same look are one path.  Half a point is exact
// enough for each of them: whole numbers in half the scale
const HAIRLINE = /<path transform="[^"]*"(?: stroke-[a-z]+="[^"]*")+ fill="none" stroke="[^"]*" d="[^"]*"\/>/;
const HAIRLINES = RegExp(`(?:${HAIRLINE.source}){100,}`, 'g');
const WHERE = / stroke-dashoffset="[^"]*"| transform="[^"]*"|transform="[^"]*" | fill="none"/g;
function roughLook(attributes) {
  const digit = v => Math.floor(parseInt(v, 16) / 17 + .5).toString(16);
  return attributes.replace(WHERE, '')
    .replace(/(?<=#)\w+/, colour => colour.match(/../g).map(digit).join(''))
    .replace(/(?<=width=")[\d.]+/, width => short(Math.round(width * 20) / 20));
}
const doubled = list => list.replace(/[\d.]+/g, n => short(2 * n));
const doubledLook = look => look.replace(/(?<=stroke-(?:width|dasharray)=")[^"]*/g, doubled);
const doubledPath = d => d.replace(/-?[\d.]+/g, n => String(Math.round(2 * n))).replace(/ -/g, '-');
function hairlines(svg) {
  return svg.replace(HAIRLINES, run => {
    const looks = {};
    for (const [, attributes, d] of run.matchAll(/<path (.*?) d="([^"]*)"\/>/g)) {
      const look = roughLook(attributes);
      looks[look] = (looks[look] ?? '') + d;
    }
    const paths = Object.entries(looks).map(([look, d]) =>
      `<path ${doubledLook(look)} d="${doubledPath(d)}"/>`);
    const [transform] = /transform="[^"]*"/.exec(run);
    return `<g ${transform} fill="none"><g transform="scale(.5)">${paths.join('')}</g></g>`;
  });
}

// -- what mutool says at length: where each text begins, what cuts a small picture to its own edges
function placed(svg) {
  const move = (name, by) => (_, list) =>
    ` ${name}="${list.split(' ').map(v => short(+v + +by)).join(' ')}"`;
  return svg.replace(/<text([^>]*?) ?transform="matrix\(1 0 0 1 (\S+) (\S+)\)"([^>]*)>(.*?)<\/text>/g,
    (_, before, x, y, after, inside) => {
      const spans = inside.replace(/ y="([^"]*)"/g, move('y', y)).replace(/ x="([^"]*)"/g, move('x', x));
      const only = /^<tspan( y="[^"]*" x="[^"]*")>([^<]*)<\/tspan>$/.exec(spans);
      const [, place = '', text = spans] = only ?? [];
      return `<text${before}${after}${place}>${text}</text>`;
    });
}
function unclipped(svg) {
  const bare = svg.replace(
    /<g clip-path="url\(#[^)]*\)"><g (transform="[^"]*")><image id="[^"]*"( width="\d\d"[^>]*)\/><\/g><\/g>/g,
    '<image $1$2/>',
  );
  const used = new Set(Array.from(bare.matchAll(/url\(#([^)]*)\)/g), found => found[1]));
  return bare.replace(/<clipPath id="([^"]*)">.*?<\/clipPath>/g, (all, id) => used.has(id) ? all : '')
    .replace('<defs></defs>', '');
}
// a rectangle that cuts stands where it cuts; and a last move, behind which nothing is drawn, goes
const RECTANGLE =
  /<path transform="matrix\(1 0 0 -1 (\S+) (\S+)\)" d="M(-?[\d.]+) ?(-?[\d.]+)v(\S+?)h([^"v]+)v([^"z]+)z"\/>(?=<\/clipPath>)/g;
const tidied = svg =>
  svg.replace(/(?<=z)M[-.\d ]+(?=")/g, '')
    .replace(RECTANGLE, (_, left, low, x, y, up, across, down) =>
      `<path d="${path(`M${+left + +x} ${low - y}`)}v${short(-up)}h${across}v${short(-down)}z"/>`);
// one transform around paths that share it
const grouped = svg =>
  svg.replace(/(?:<path (transform="[^"]*")[^>]*\/>)(?:<path \1[^>]*\/>)+/g,
    (run, shared) => `<g ${shared}>${run.replaceAll(` ${shared}`, '')}</g>`);
const ours = svg =>
  svg.replace(/ font-family="TeXGyrePagellaMath"/g, ' class="f"')
    .replace(/ font-family="TeXGyrePagella"/g, '');

// coloured fields as WebP, a tenth of the PNG; large ones are smooth, and half as many points show the same
function webp(png) {
  const data = Buffer.from(png, 'base64');
  const width = data.readUInt32BE(16);
  const large = ['-q', '45', '-resize', '400', '0'];
  const how = width > 720 ? large : ['-q', width > 120 ? '45' : '35'];
  const made = run('cwebp', ['-quiet', ...how, '-m', '6', '-o', '-', '--', '-'], data);
  return 'data:image/webp;base64,' + made.toString('base64');
}

const ATTRIBUTES = [
  'stroke-linecap="butt"', 'stroke-miterlimit="10"', 'stroke-linejoin="miter"', 'xml:space="preserve"',
  'version="1.1"', 'xmlns(:xlink)?="[^"]*"',
]; // that say what is so anyway
const bared = (svg, name) =>
  svg.replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>|\n/g, '')
    .replace(RegExp(` (${ATTRIBUTES.join('|')})`, 'g'), '')
    .replace(/xlink:href/g, 'href')
    .replace(/ d="([^"]*)"/g, (_, d) => ` d="${path(contours(d))}"`)
    .replace(/(id="|url\(#|href="#)/g, `$1${name}-`)
    .replace(/<path[^>]* d=""[^>]*\/>/g, '')
    .replace(/(?<=transform="matrix\()[^)]*/g, list =>
      list.split(/[ ,]+/).map((v, i) => i < 4 ? bare(+(+v).toFixed(5)) : short(v)).join(' '))
    .replace(/(?<=(?:stroke-width|font-size)=")[^"]*/g, short);
function convert(pdf, folder, name) {
  run('mutool', ['convert', '-F', 'svg', '-O', 'text=text', '-o', `${folder}/page.svg`, pdf]);
  const svg = fs.readFileSync(`${folder}/page1.svg`, 'utf8'); // its first page
  const advances = advancesOf(run('mutool', ['trace', pdf]).toString());
  const drawn = hairlines(marks(words(bared(svg, name), advances), name));
  return unquoted(tidied(ours(circles(grouped(unclipped(placed(drawn)))))))
    .replace(/data:image\/png;base64,([^"]*)/g, (_, png) => webp(png));
}
// what has been converted is kept in folder, until the PDF or this file is newer
function picture(pdf, folder, name) {
  const kept = `${folder}/${name}.svg`;
  const time = file => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (time(kept) <= Math.max(time(pdf), time(new URL(import.meta.url))))
    fs.writeFileSync(kept, convert(pdf, folder, name));
  return fs.readFileSync(kept, 'utf8');
}

// alt: what a reader who doesn't see it is told.  wide: it takes the margin, too
export function figure(pdf, folder, name, alt, title) {
  const svg = picture(pdf, folder, name);
  const width = +/<svg [^>]*width="?([\d.]+)/.exec(svg)[1];
  const text = esc(
    alt.replace(/\$|\\(?=[a-z])/g, '').replace(/\\,/g, '\u202f').replace(/~/g, ' ').replace(/\\%/g, '%')
      .replace(/\s+/g, ' ').trim(),
  );
  const named = `aria-labelledby="${name}-t" aria-describedby="${name}-d"`;
  const said = `<title id="${name}-t">${title}</title><desc id="${name}-d">${text}</desc>`;
  const shown = Math.round(width * 1.88);
  const opening = (_, box) => `<svg role=img ${named} viewBox="${box}" width="${shown}">${said}`;
  return { wide: width > 360, svg: svg.replace(/<svg [^>]*viewBox="([^"]*)"[^>]*>/, opening) };
}
