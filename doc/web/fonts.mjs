// fonts.mjs: of the PDF's fonts, the characters that a page uses, as @font-face rules that hold them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { unesc } from './noweb.mjs';

const plain = html => unesc(html.replace(/<[^>]*>/g, ''));
const points = text => [...new Set(text)].map(sign => sign.codePointAt(0)).filter(point => point > 31);
const all = (html, pattern) => points(plain((html.match(pattern) ?? []).join('')));
// a lone letter in <mi> is shown as the italic of the mathematical alphabet
const odd = { 0x68: 0x210e, 0x2202: 0x1d715, 0x3f5: 0x1d716, 0x3d1: 0x1d717, 0x3d5: 0x1d719,
  0x3f1: 0x1d71a, 0x3d6: 0x1d71b };
const italics = [[0x61, 0x7a, 0x1d44e], [0x41, 0x5a, 0x1d434], [0x3b1, 0x3c9, 0x1d6fc]];
function italic(point) {
  if (odd[point]) return odd[point];
  const [first, , as] = italics.find(([from, to]) => point >= from && point <= to) ?? [];
  return first ? as + point - first : 0;
}

// kept until something else is asked for
function subset(kept, file, chars, features) {
  const unicodes = [...new Set(chars)].filter(Boolean).map(point => point.toString(16)).join(',');
  const made = [`${kept}.woff2`, `${kept}.otf.of`].every(name => fs.existsSync(name));
  const what = [`--unicodes=${unicodes}`, `--layout-features=${features}`, '--no-hinting', file];
  if (!made || fs.readFileSync(`${kept}.otf.of`, 'utf8') !== `${what}`) {
    execFileSync('hb-subset', [`--output-file=${kept}.otf`, ...what]);
    execFileSync('woff2_compress', [`${kept}.otf`], { stdio: 'ignore' });
    fs.writeFileSync(`${kept}.otf.of`, `${what}`);
  }
  return fs.readFileSync(`${kept}.woff2`);
}

export function fonts(html, folder) {
  const page = html.replace(/data:[^"]*/g, '');
  const maths = all(page, /<math[^]*?<\/math>|<text[^>]*class=f[^]*?<\/text>/g);
  const every = points(plain(page));
  const text = every.filter(point => point < 0x2190 || point > 0x22ff && point < 0x2700);
  const signs = [...maths, ...maths.map(italic), ...every.filter(point => point >= 0x2190)];
  const code = [...all(page, /<pre[^]*?<\/pre>|<code[^]*?<\/code>/g), 0x21aa];
  const find = name => execFileSync('kpsewhich', [name]).toString().trim();
  const mono = '/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-';
  const faces = [
    ['TeXGyrePagella', 'normal', 400, find('texgyrepagella-regular.otf'), text,
      'kern,liga,smcp,lnum,tnum,mark'],
    ['TeXGyrePagella', 'italic', 400, find('texgyrepagella-italic.otf'), text, 'kern,liga,lnum,tnum'],
    ['TeXGyrePagellaMath', 'normal', 400, find('texgyrepagella-math.otf'), signs, 'ssty,dtls,flac'],
    ['JetBrainsMono', 'normal', 400, mono + 'Regular.ttf', code, 'kern'],
    ['JetBrainsMono', 'normal', 600, mono + 'SemiBold.ttf', code, 'kern'],
    ['JetBrainsMono', 'italic', 400, mono + 'Italic.ttf', code, 'kern'],
  ];
  return faces.map(([family, style, weight, file, chars, features], k) => {
    const data = subset(`${folder}/font-${k}`, file, chars, features).toString('base64');
    return `@font-face{font-family:${family};font-style:${style};font-weight:${weight};`
      + `font-display:swap;src:url(data:font/woff2;base64,${data})}`;
  }).join('\n');
}
