// live-plot.mjs: drawings like the book's: two quiet axes, curves that differ in dash and colour, words beside them
const NS = 'http://www.w3.org/2000/svg';
export function svg(parent, name, attributes = {}, text) {
  const e = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  parent?.append(e);
  return e;
}
export const set = (e, attributes) => { for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v); return e; };
const short = x => +x.toFixed(1);
const power = x => { const k = Math.round(Math.log10(x)); return x >= .01 && x < 1e4 ? String(x) : `10${[...String(k)].map(d => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(d)]).join('')}`; };

// x, y: { from, to, log, ticks, label }.  Returns where a number lies, and how to draw.
export class Plot {
  constructor(parent, { width = 320, height = 200, left = 46, right = 12, top = 20, bottom = 34, x, y, title }) {
    this.box = { width, height, left, right, top, bottom };
    this.svg = svg(parent, 'svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title, class: 'plot' });
    this.svg.style.maxWidth = `${width}px`;
    this.axes = svg(this.svg, 'g', { class: 'axes' });
    this.inside = svg(this.svg, 'g');
    svg(this.svg, 'text', { x: left, y: 12, class: 'title' }, title);
    this.range(x, y);
  }
  range(x = this.x, y = this.y) {
    Object.assign(this, { x, y });
    const { width, height, left, right, top, bottom } = this.box, low = height - bottom;
    const place = (a, from, to) => a.log ? v => from + (to - from) * Math.log(v / a.from) / Math.log(a.to / a.from) : v => from + (to - from) * (v - a.from) / (a.to - a.from);
    this.X = place(x, left, width - right);
    this.Y = place(y, low, top);
    this.axes.replaceChildren();
    svg(this.axes, 'path', { d: `M${left} ${top}V${low}H${width - right}` });
    for (const v of ticks(x)) { const at = short(this.X(v)); svg(this.axes, 'path', { d: `M${at} ${low}v4` }); svg(this.axes, 'text', { x: at, y: low + 15, 'text-anchor': 'middle' }, x.log ? power(v) : v); }
    for (const v of ticks(y)) { const at = short(this.Y(v)); svg(this.axes, 'path', { d: `M${left} ${at}h-4` }); svg(this.axes, 'text', { x: left - 6, y: at + 3.5, 'text-anchor': 'end' }, y.log ? power(v) : v); }
    svg(this.axes, 'text', { x: width - right, y: height - 4, 'text-anchor': 'end' }, x.label);
  }
  // a path through points; of many in one column the least and the greatest are drawn
  path(xs, ys) {
    const { y } = this, d = [], clamp = v => Math.min(Math.max(v, y.log ? y.from : -Infinity), y.to), every = Math.max(1, Math.floor(xs.length / 300));
    for (let i = 0; i < xs.length; i += every) {
      let low = Infinity, high = -Infinity;
      for (let k = i; k < Math.min(i + every, xs.length); k++) { low = Math.min(low, ys[k]); high = Math.max(high, ys[k]); }
      for (const v of every > 1 ? [low, high] : [ys[i]]) if (Number.isFinite(v)) d.push(`${d.length ? 'L' : 'M'}${short(this.X(xs[i]))} ${short(this.Y(clamp(v)))}`);
    }
    return d.join('');
  }
  curve(name) { return svg(this.inside, 'path', { class: `curve ${name}` }); }
  word(name, text, x, y, anchor = 'start') { return svg(this.inside, 'text', { x: short(x), y: short(y), class: `word ${name}`, 'text-anchor': anchor }, text); }
}
function ticks(a) {
  if (a.ticks) return a.ticks;
  const out = [];
  if (a.log) { const k0 = Math.ceil(Math.log10(a.from) - 1e-9), k1 = Math.floor(Math.log10(a.to) + 1e-9), by = Math.max(1, Math.ceil((k1 - k0) / 5)); if (k0 >= k1) return [.5, 1, 2, 5].filter(v => v >= a.from && v <= a.to); for (let k = k0; k <= k1; k += by) out.push(+`1e${k}`); return out; }
  const raw = (a.to - a.from) / 4, unit = 10 ** Math.floor(Math.log10(raw)), by = unit * [1, 2, 5, 10].find(m => m * unit >= raw * .99);
  for (let v = Math.ceil(a.from / by) * by; v <= a.to + by / 1e6; v += by) out.push(+v.toFixed(9));
  return out;
}
// a number as the book writes it: a fraction where it is one of few bits, else digits
export function say(v, digits = 4) {
  if (!Number.isFinite(v)) return String(v);
  for (let q = 1; q <= 32; q *= 2) if (Number.isInteger(v * q) && Math.abs(v * q) < 1000) return (v < 0 ? '−' : '') + Math.abs(v * q) + (q > 1 ? `/${q}` : '');
  return number(v, digits);
}
export const number = (v, digits = 4) => {
  const a = Math.abs(v), s = a && (a < 1e-3 || a >= 1e6) ? a.toExponential(digits - 1).replace(/e([+-])(\d+)/, (_, sign, e) => `·10${[...(sign === '-' ? '-' : '') + e].map(d => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(d)]).join('')}`) : a.toPrecision(digits);
  return (v < 0 ? '−' : '') + s;
};
