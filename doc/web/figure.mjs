// figure.mjs: a figure of the PDF as SVG: mutool's, made small, its text put back into words, with title and description.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { esc } from './noweb.mjs';

const run = (command, args, input) =>
  execFileSync(command, args, { input, maxBuffer: 1e8, stdio: ['pipe', 'pipe', 'ignore'] });
// a number in so many digits as it needs: .5 and -.5, two behind the point
const bare = number => String(number).replace(/^(-?)0\./, '$1.').replace(/^-0$/, '0');
const short = n => bare(+(+n).toFixed(2));
const unquoted = svg => svg.replace(/ ([a-z-]+)="([\w.#-]+)"(?=[ >])/g, ' $1=$2');

// how wide each glyph of each face is, from mutool's trace.  A ligature goes by its first letter: what a letter is mostly is its own width
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
// absolute M L H V C Z to relative ones: with two digits, or one where there are hundreds of points
function path(d) {
  const by = d.length > 800 ? 10 : 100;
  const round = v => Math.round(v * by) / by;
  let x = 0;
  let y = 0;
  let start = [0, 0];
  let out = '';
  let last = '';
  const put = (command, ...numbers) => {
    out += command !== last ? command : numbers[0] >= 0 ? ' ' : '';
    out += numbers.map((n, i) => (i && n >= 0 ? ' ' : '') + short(n)).join('');
    last = command;
  };
  const lineTo = (X, Y) => {
    put('l', round(X - x), round(Y - y));
    [x, y] = [X, Y];
  };
  const moveTo = (X, Y) => {
    last = '';
    put('M', X, Y);
    [x, y] = start = [X, Y];
  };
  for (const [, command, rest] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const n = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(v => round(Number(v)));
    const pairs = n.flatMap((v, i) => i % 2 ? [] : [[v, n[i + 1]]]);
    switch (command) {
      case 'Z':
        out += last = 'z';
        [x, y] = start;
        break;
      case 'M':
        moveTo(...pairs[0]);
        pairs.slice(1).forEach(p => lineTo(...p));
        break;
      case 'L':
        pairs.forEach(p => lineTo(...p));
        break;
      case 'H':
        for (const X of n) {
          put('h', round(X - x));
          x = X;
        }
        break;
      case 'V':
        for (const Y of n) {
          put('v', round(Y - y));
          y = Y;
        }
        break;
      case 'C':
        for (let i = 0; i < n.length; i += 6) {
          put('c', ...n.slice(i, i + 6).map((v, j) => round(v - (j % 2 ? y : x))));
          [x, y] = n.slice(i + 4, i + 6);
        }
        break;
      default:
        return d;
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

// glyphs with places become words; a gap is a space, since a PDF has none
const signs = { lt: '<', gt: '>', amp: '&', quot: '"' };
const letters =
  text => [
    ...text.replace(/&#x([0-9a-f]+);|&(lt|gt|amp|quot);/g, (_, hex, name) =>
      hex ? String.fromCodePoint(parseInt(hex, 16)) : signs[name]),
  ];
function words(svg, advances) {
  return svg.replace(/<text([^>]*) font-family="(\w+)"([^>]*)>(.*?)<\/text>/g,
    (_, before, font, after, spans) => {
      const look = before + after;
      const size = +/font-size="([^"]*)"/.exec(look)[1];
      const math = font.includes('Math');
      const face = font + (/italic/.test(look) ? 'Itali' : /bold/.test(look) ? 'Bold' : 'Regul');
      const span = (_, y, x, text) => {
        const xs = x.split(' ').map(Number);
        const all = letters(text);
        let out = esc(all[0] ?? '');
        let at = short(xs[0]);
        for (let i = 1; i < all.length; i++) {
          const gap = (xs[i] - xs[i - 1]) / size - (advances[face + all[i - 1]] ?? NaN);
          const space = gap > (math ? .16 : .12) && all[i - 1] !== ' ' && all[i] !== ' ' ? ' ' : '';
          // mathematics keeps every place: TeX's glyphs for scripts are wider than those a browser takes
          if (math) at += `${space && ' ' + short(xs[i] - 1)} ${short(xs[i])}`;
          out += (math || Math.abs(gap) <= .12 || Number.isNaN(gap)
            ? math ? space : ''
            : `${space}</tspan><tspan x="${short(xs[i])}">`) + esc(all[i]);
        }
        return `<tspan y="${short(y)}" x="${at}">${out}</tspan>`;
      };
      return `<text${before} font-family="${font}"${after}>${
        spans.replace(/<tspan y="([^"]*)" x="([^"]*)">(.*?)<\/tspan>/g, span)
      }</text>`;
    });
}

// a mark is a fill and a stroke of the same path: one.  Many of the same kind: a line of which only the markers show
const MANY = 6;
function marks(svg, name) {
  svg = svg.replace(
    /<path (transform="[^"]*") d="([^"]*)" (fill="[^"]*")\/><path \1 (stroke-width="[^"]*") fill="none" (stroke="[^"]*") d="\2"\/>/g,
    '<path $1 $3 $4 $5 d="$2"/>',
  );
  const ids = new Map();
  const lineOf = (run, look) => {
    const points = [...run.matchAll(/matrix\(1 0 0 -1 (\S+) (\S+)\)/g)].map(([, x, y]) => `${x} ${y}`);
    if (points.length < MANY) return run;
    if (!ids.has(look)) ids.set(look, `${name}-m${ids.size}`);
    const url = `url(#${ids.get(look)})`;
    return `<path marker-start="${url}" marker-mid="${url}" marker-end="${url}" fill="none" d="${
      path('M' + points.join('L'))
    }"/>`;
  };
  svg = svg.replace(
    /<path transform="matrix\(1 0 0 -1 [^ ]+ [^ ]+\)" ([^>]*)\/>(?:<path transform="matrix\(1 0 0 -1 [^ ]+ [^ ]+\)" \1\/>)+/g,
    lineOf,
  );
  const defs = [...ids].map(([look, id]) =>
    `<marker id="${id}" overflow="visible" markerUnits="userSpaceOnUse"><path transform="scale(1 -1)" ${look}/></marker>`
  );
  return svg.replace(/(<svg [^>]*>)/, `$1<defs>${defs.join('')}</defs>`);
}

// hundreds of hairlines, one after the other: those of the same look are one path.  Half a point is exact enough for each
// of them: whole numbers in half the scale
function hairlines(svg) {
  const rough = colour =>
    '#'
    + colour.slice(1).match(/../g).map(v => Math.floor(parseInt(v, 16) / 17 + .5).toString(16)).join(
      '',
    );
  const lookOf = attributes =>
    attributes.replace(/ stroke-dashoffset="[^"]*"| transform="[^"]*"|transform="[^"]*" | fill="none"/g,
      '')
      .replace(/#\w+/, rough).replace(/(?<=width=")[\d.]+/,
        width => short(Math.round(width * 20) / 20));
  const doubled = look =>
    look.replace(/(stroke-(?:width|dasharray)=")([^"]*)/g, (_, key, list) =>
      key + list.replace(/[\d.]+/g, n => short(2 * n)));
  return svg.replace(
    /(?:<path transform="[^"]*"(?: stroke-[a-z]+="[^"]*")+ fill="none" stroke="[^"]*" d="[^"]*"\/>){100,}/g,
    run => {
      const looks = {};
      for (const [, attributes, d] of run.matchAll(/<path (.*?) d="([^"]*)"\/>/g))
        looks[lookOf(attributes)] = (looks[lookOf(attributes)] ?? '') + d;
      const paths = Object.entries(looks).map(([look, d]) =>
        `<path ${doubled(look)} d="${
          d.replace(/-?[\d.]+/g, n => String(Math.round(2 * n))).replace(/ -/g, '-')
        }"/>`
      );
      return `<g ${/transform="[^"]*"/.exec(run)[0]} fill="none"><g transform="scale(.5)">${
        paths.join('')
      }</g></g>`;
    },
  );
}

// a contour that was drawn as hundreds of short pieces: its pieces joined, and points left out that lie on the line
const NEAR = .04;
function sparse(line) { // Douglas and Peucker
  const [[x0, y0], [x1, y1]] = [line[0], line.at(-1)];
  const length = Math.hypot(x1 - x0, y1 - y0);
  const away = ([x, y]) =>
    length
      ? Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length
      : Math.hypot(x - x0, y - y0);
  const distances = line.map(away);
  const far = distances.indexOf(Math.max(...distances));
  return distances[far] < NEAR
    ? [line[0], line.at(-1)]
    : [...sparse(line.slice(0, far + 1)).slice(0, -1), ...sparse(line.slice(far))];
}
function contours(d) {
  const pieces = d.split('M').slice(1).map(p =>
    /^([\d.-]+) ([\d.-]+)(?:[L ]([\d.-]+) ([\d.-]+)|H([\d.-]+)|V([\d.-]+))?$/.exec(p)
  )
    .map(m => m && [[+m[1], +m[2]], [+(m[3] ?? m[5] ?? m[1]), +(m[4] ?? m[6] ?? m[2])]]);
  if (pieces.length < 40 || pieces.includes(null)) return d;
  const key = ([x, y]) => x.toFixed(2) + ' ' + y.toFixed(2);
  const at = new Map();
  const used = new Set();
  pieces.forEach((ends, k) => ends.forEach(end => at.set(key(end), [...at.get(key(end)) ?? [], k])));
  const next = line => at.get(key(line.at(-1))).find(k => !used.has(k));
  const follow = line => { // on from its end
    for (let k; (k = next(line)) !== undefined;) {
      const [a, b] = pieces[k];
      used.add(k);
      line.push(key(a) === key(line.at(-1)) ? b : a);
    }
    return line;
  };
  return pieces.map(([first], k) =>
    used.has(k) ? '' : 'M' + sparse(follow(follow([first]).reverse())).map(p => p.join(' ')).join('L')
  ).join('');
}

// what mutool says at length: where each text begins, what holds a small picture and cuts it to its own edges
function shorter(svg) {
  const move = (list, by) => list.split(' ').map(v => short(+v + +by)).join(' ');
  svg = svg.replace(/<text([^>]*?) ?transform="matrix\(1 0 0 1 (\S+) (\S+)\)"([^>]*)>(.*?)<\/text>/g,
    (_, before, x, y, after, inside) => {
      const spans = inside.replace(/ y="([^"]*)"/g, (_, v) => ` y="${move(v, y)}"`).replace(
        / x="([^"]*)"/g,
        (_, v) => ` x="${move(v, x)}"`,
      );
      const [, place = '', text = spans] = /^<tspan( y="[^"]*" x="[^"]*")>([^<]*)<\/tspan>$/.exec(spans)
        ?? [];
      return `<text${before}${after}${place}>${text}</text>`;
    });
  svg = svg.replace(
    /<g clip-path="url\(#[^)]*\)"><g (transform="[^"]*")><image id="[^"]*"( width="\d\d"[^>]*)\/><\/g><\/g>/g,
    '<image $1$2/>',
  );
  const used = new Set([...svg.matchAll(/url\(#([^)]*)\)/g)].map(m => m[1]));
  svg = svg.replace(/<clipPath id="([^"]*)">.*?<\/clipPath>/g, (all, id) => used.has(id) ? all : '')
    .replace('<defs></defs>', '');
  // one transform around paths that share it
  svg = svg.replace(/(?:<path (transform="[^"]*")[^>]*\/>)(?:<path \1[^>]*\/>)+/g,
    (run, t) => `<g ${t}>${run.replaceAll(` ${t}`, '')}</g>`);
  return unquoted(
    circles(svg).replace(/ font-family="TeXGyrePagellaMath"/g, ' class="f"').replace(
      / font-family="TeXGyrePagella"/g,
      '',
    ),
  );
}

// coloured fields as WebP, a tenth of the PNG; large ones are smooth, and half as many points show the same
function webp(png) {
  const data = Buffer.from(png, 'base64');
  const width = data.readUInt32BE(16);
  const large = width > 720;
  const how = large ? ['-q', '60', '-resize', '400', '0'] : ['-q', width > 120 ? '45' : '35'];
  return 'data:image/webp;base64,'
    + run('cwebp', ['-quiet', ...how, '-m', '6', '-o', '-', '--', '-'], data).toString('base64');
}

function convert(pdf, folder, name) {
  run('mutool', ['convert', '-F', 'svg', '-O', 'text=text', '-o', `${folder}/page.svg`, pdf]); // its first page is page1.svg
  const svg = fs.readFileSync(`${folder}/page1.svg`, 'utf8');
  const advances = advancesOf(run('mutool', ['trace', pdf]).toString());
  const matrix = list =>
    list.split(/[ ,]+/).map((v, i) => i < 4 ? bare(+(+v).toFixed(5)) : short(v)).join(' ');
  const bared = svg.replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, '').replace(/\n/g, '')
    .replace(
      / (stroke-linecap="butt"|stroke-miterlimit="10"|stroke-linejoin="miter"|xml:space="preserve"|version="1.1"|xmlns(:xlink)?="[^"]*")/g,
      '',
    )
    .replace(/xlink:href/g, 'href')
    .replace(/ d="([^"]*)"/g, (_, d) => ` d="${path(contours(d))}"`)
    .replace(/(id="|url\(#|href="#)/g, `$1${name}-`)
    .replace(/<path[^>]* d=""[^>]*\/>/g, '')
    .replace(/(transform="matrix\()([^)]*)/g, (_, head, list) => head + matrix(list))
    .replace(/(stroke-width|font-size)="([^"]*)"/g, (_, key, v) => `${key}="${short(v)}"`);
  return shorter(hairlines(marks(words(bared, advances), name))).replace(
    /data:image\/png;base64,([^"]*)/g,
    (_, png) => webp(png),
  );
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
  const opening = box =>
    `<svg role=img aria-labelledby="${name}-t" aria-describedby="${name}-d" viewBox="${box}" width="${
      Math.round(width * 1.88)
    }">`
    + `<title id="${name}-t">${title}</title><desc id="${name}-d">${text}</desc>`;
  return { wide: width > 360,
    svg: svg.replace(/<svg [^>]*viewBox="([^"]*)"[^>]*>/, (_, box) => opening(box)) };
}
