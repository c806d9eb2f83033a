// live-plot.mjs: drawings like the book's: two quiet axes, curves that differ in dash and colour, words beside them
export function svg(parent, name, attributes = {}, text = '') {
  const e = set(document.createElementNS('http://www.w3.org/2000/svg', name), attributes);
  if (text !== '') e.textContent = text;
  parent.append(e);
  return e;
}
export function set(e, attributes) {
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  return e;
}
const short = x => +x.toFixed(1);
const raised = n => String(n).replace(/[-\d]/g, d => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(d)]);
// a number in so many digits; and as the book writes it: a fraction, where it is one of few bits
export function number(v, digits = 4) {
  const a = Math.abs(v);
  const text = a && (a < 1e-3 || a >= 1e6)
    ? a.toExponential(digits - 1).replace(/e\+?(-?\d+)/, (_, e) => `·10${raised(e)}`)
    : a.toPrecision(digits);
  return (v < 0 ? '−' : '') + text;
}
export function say(v) {
  for (let q = 1; q <= 32; q *= 2)
    if (Number.isInteger(v * q) && Math.abs(v * q) < 1000)
      return (v < 0 ? '−' : '') + Math.abs(v * q) + (q > 1 ? `/${q}` : '');
  return number(v);
}
function ticks({ from, to, log, ticks: given }) {
  const out = [];
  if (given) return given;
  if (log) {
    const low = Math.ceil(Math.log10(from) - 1e-9);
    const high = Math.floor(Math.log10(to) + 1e-9);
    for (let k = low; k <= high; k += Math.max(1, Math.ceil((high - low) / 5))) out.push(+`1e${k}`);
    return low < high ? out : [.5, 1, 2, 5].filter(v => v >= from && v <= to);
  }
  const raw = (to - from) / 4;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const by = unit * [1, 2, 5, 10].find(m => m * unit >= raw * .99);
  for (let v = Math.ceil(from / by) * by; v <= to + by / 1e6; v += by) out.push(+v.toFixed(9));
  return out;
}
const tickText = (v, { log }) =>
  log && (v < .01 || v >= 1e4) ? `10${raised(Math.round(Math.log10(v)))}` : String(v);
const place = ({ from, to, log }, low, high) => v =>
  low + (high - low) * (log ? Math.log(v / from) / Math.log(to / from) : (v - from) / (to - from));

// x, y: { from, to, log, ticks, label }.  X and Y say where a number lies.
export class Plot {
  constructor(parent,
    { width = 320, height = 200, left = 46, right = 12, top = 20, bottom = 34, x, y, title })
  {
    this.box = { left, right: width - right, top, low: height - bottom, height };
    this.svg = svg(parent, 'svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title,
      class: 'plot', style: `max-width: ${width}px` });
    this.axes = svg(this.svg, 'g', { class: 'axes' });
    this.inside = svg(this.svg, 'g');
    svg(this.svg, 'text', { x: left, y: 12, class: 'title' }, title);
    this.range(x, y);
  }
  range(x, y) {
    const { left, right, top, low, height } = this.box;
    Object.assign(this, { x, y, X: place(x, left, right), Y: place(y, low, top) });
    this.axes.replaceChildren();
    svg(this.axes, 'path', {
      d: `M${left} ${top}V${low}H${right}` + ticks(x).map(v => `M${short(this.X(v))} ${low}v4`).join('')
        + ticks(y).map(v => `M${left} ${short(this.Y(v))}h-4`).join(''),
    });
    for (const v of ticks(x))
      svg(this.axes, 'text', { x: short(this.X(v)), y: low + 15, 'text-anchor': 'middle' },
        tickText(v, x));
    for (const v of ticks(y))
      svg(this.axes, 'text', { x: left - 6, y: short(this.Y(v) + 3.5), 'text-anchor': 'end' },
        tickText(v, y));
    svg(this.axes, 'text', { x: right, y: height - 4, 'text-anchor': 'end' }, x.label);
  }
  // a path through points; of many that share a column, the least and the greatest
  path(xs, ys) {
    const out = [];
    const each = Math.max(1, Math.floor(xs.length / 300));
    for (let i = 0; i < xs.length; i += each) {
      const some = Array.from(ys.slice(i, i + each));
      for (const v of each > 1 ? [Math.min(...some), Math.max(...some)] : some)
        if (Number.isFinite(v))
          out.push(
            `${short(this.X(xs[i]))} ${
              short(this.Y(Math.min(Math.max(v, this.y.log ? this.y.from : v), this.y.to)))
            }`,
          );
    }
    return out.length ? 'M' + out.join('L') : '';
  }
  curve(name) {
    return svg(this.inside, 'path', { class: `curve ${name}` });
  }
  dot(name, r = 4) {
    return svg(this.inside, 'circle', { r, class: `dot ${name}` });
  }
  word(name, text, x, y, anchor = 'start') {
    return svg(this.inside, 'text', { x: short(x), y: short(y), class: `word ${name}`,
      'text-anchor': anchor }, text);
  }
}
