// live-plot.mjs: drawings like the book's: two quiet axes, curves that differ in dash and colour, words
// beside them.
export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
export function svg(parent, name, attributes = {}, text = '') {
  const element = set(document.createElementNS('http://www.w3.org/2000/svg', name), attributes);
  element.textContent = text;
  parent.append(element);
  return element;
}
export function picture(parent, width, height, name, label, more = {}) {
  const viewBox = `0 0 ${width} ${height}`;
  return svg(parent, 'svg', { viewBox, class: name, role: 'img', 'aria-label': label, ...more });
}
export const word = (parent, x, y, text, name = '', anchor = 'middle') =>
  svg(parent, 'text', { x: short(x), y: short(y), class: name, 'text-anchor': anchor }, text);

// -- numbers, as the book writes them
const short = x => +x.toFixed(1);
export const percent = share => `${(100 * share).toFixed(1)} %`;
export const numbersIn = text => text.split(/[\s,]+/).filter(Boolean).map(Number);
const raised = n => String(n).replace(/[-\d]/g, d => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(d)]);
const signed = (v, text) => (v < 0 ? '−' : '') + text;
export function number(v, digits = 4) {
  const a = Math.abs(v);
  const text = a && a < 1e-3 ? a.toExponential(digits - 1) : a.toPrecision(digits);
  return signed(v, text.replace(/e\+?(-?\d+)/, (_, e) => `·10${raised(e)}`));
}
// a fraction, where it is one of few bits
export function say(v) {
  for (let q = 1; q <= 32; q *= 2) {
    const p = Math.abs(v * q);
    if (Number.isInteger(p) && p < 1000) return signed(v, p + (q > 1 ? `/${q}` : ''));
  }
  return number(v);
}

// -- axes: { from, to, log, ticks, label }
export const decade = v => 10 ** Math.floor(Math.log10(v)); // the power of ten below
function decades(from, to) {
  const low = Math.ceil(Math.log10(from) - 1e-9);
  const high = Math.floor(Math.log10(to) + 1e-9);
  if (low >= high) return [.5, 1, 2, 5].filter(v => v >= from && v <= to);
  const out = [];
  for (let k = low; k <= high; k += Math.max(1, Math.ceil((high - low) / 5))) out.push(+`1e${k}`);
  return out;
}
function steps(from, to) {
  const unit = decade((to - from) / 4);
  const by = unit * [1, 2, 5, 10].find(m => m * unit >= (to - from) / 4 * .99);
  const out = [];
  for (let v = Math.ceil(from / by) * by; v <= to + by / 1e6; v += by) out.push(+v.toFixed(9));
  return out;
}
const ticksOf = ({ from, to, log, ticks }) => ticks ?? (log ? decades(from, to) : steps(from, to));
// all as powers, or none
function withTexts(axis) {
  const ticks = ticksOf(axis);
  const isFar = axis.log && ticks.some(v => v < .01 || v >= 1e4);
  const text = v => isFar ? `10${raised(Math.round(Math.log10(v)))}` : signed(v, Math.abs(v));
  return ticks.map(v => [v, text(v)]);
}
const place = ({ from, to, log }, low, high) => v =>
  low + (high - low) * (log ? Math.log(v / from) / Math.log(to / from) : (v - from) / (to - from));

// X and Y say where a number lies.  A name is a colour, and how a line of it is drawn: 'rust dash'.
const colour = name => name.split(' ')[0];
export class Plot {
  constructor(parent, { width = 320, height = 200, right = 12, top = 20, x, y, title }) {
    this.box = { left: 46, right: width - right, top, low: height - 34, height };
    this.svg = picture(parent, width, height, 'plot', title, { style: `max-width: ${width}px` });
    this.axes = svg(this.svg, 'g', { class: 'axes' });
    this.inside = svg(this.svg, 'g');
    word(this.svg, this.box.left, 12, title, 'title', 'start');
    this.range(x, y);
  }
  range(x, y) {
    const { left, right, top, low, height } = this.box;
    Object.assign(this, { x, y, X: place(x, left, right), Y: place(y, low, top) });
    this.axes.replaceChildren();
    const line = svg(this.axes, 'path');
    let d = `M${left} ${top}V${low}H${right}`;
    for (const [v, text] of withTexts(x)) {
      d += `M${short(this.X(v))} ${low}v4`;
      word(this.axes, this.X(v), low + 15, text);
    }
    for (const [v, text] of withTexts(y)) {
      d += `M${left} ${short(this.Y(v))}h-4`;
      word(this.axes, left - 6, this.Y(v) + 3.5, text, '', 'end');
    }
    set(line, { d });
    word(this.axes, right, height - 4, x.label, '', 'end');
  }
  curve(name, xs = [], ys = []) {
    return this.draw(svg(this.inside, 'path', { class: `curve ${name}` }), xs, ys);
  }
  // through points; of many that share a column, the least and the greatest
  draw(curve, xs, ys) {
    const each = Math.max(1, Math.floor(xs.length / 300));
    const points = [];
    for (let i = 0; i < xs.length; i += each) {
      const some = Array.from(ys.slice(i, i + each));
      for (const v of each > 1 ? [Math.min(...some), Math.max(...some)] : some)
        if (Number.isFinite(v)) points.push(`${short(this.X(xs[i]))} ${short(this.within(v))}`);
    }
    return set(curve, { d: points.length ? 'M' + points.join('L') : '' });
  }
  within(v) {
    const least = this.y.log ? this.y.from : -Infinity;
    return this.Y(Math.min(Math.max(v, least), this.y.to));
  }
  dot(name, r = 4.5) {
    return svg(this.inside, 'circle', { r, class: `dot ${colour(name)}` });
  }
  put(dot, x, y) {
    set(dot, { cx: this.X(x), cy: this.within(y) });
  }
  word(name, text, x, y) {
    return word(this.inside, x, y, text, `word ${colour(name)}`, 'start');
  }
}
