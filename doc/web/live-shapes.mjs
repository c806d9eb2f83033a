// live-shapes.mjs: the matrices of a pass, forward and back, for widths and a batch of one's choice, and what they cost
import { svg } from './live-plot.mjs';

// multiplications of an epoch's step: forward, dW, and dX except in the first layer
export function costs(N, w) {
  return w.slice(1).map((out, l) => ({ d: w[l], out, params: w[l] * out + out, forward: N * w[l] * out, back: N * w[l] * out * (l ? 2 : 1) }));
}
const spaced = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
export default async function shapes(panel) {
  const batch = panel.field('rows of the batch, N', { type: 'number', value: 64, min: 1, max: 100000 }, () => draw());
  const widths = panel.field('widths', { type: 'text', value: '2 64 32 16 1', size: 14 }, () => draw());
  const slider = panel.field('units of the first hidden layer', { type: 'range', min: 1, max: 256, value: 64 }, () => { const w = widths.value.trim().split(/\s+/); w[1] = slider.value; widths.value = w.join(' '); draw(); });
  const box = panel.make('div', 'wide'), table = panel.make('table', 'costs');
  function draw() {
    const N = +batch.value, w = widths.value.split(/[\s,]+/).filter(Boolean).map(Number);
    if (!(N >= 1 && w.length >= 2 && w.length <= 9 && w.every(d => Number.isInteger(d) && d >= 1 && d <= 1 << 20))) return panel.say('Give 2 to 9 widths, whole numbers from 1 to 1048576, and a batch of at least one row.', true);
    const size = n => 18 + 4.4 * Math.log2(n), gap = Math.max(62, Math.min(100, 540 / (2 * w.length - 3))), rows = size(N), high = Math.max(...w.map(size)), top = 26 + high + 10, below = top + rows + 44, width = 80 + gap * (2 * w.length - 3);
    box.replaceChildren();
    const s = svg(box, 'svg', { viewBox: `0 0 ${width} ${below + rows + high + 48}`, class: 'flow', role: 'img', 'aria-label': `Forward above, back below, through ${w.length - 1} layers: ${w.join(', ')}` });
    s.style.width = `${width}px`;
    const matrix = (x, y, cols, height, name, text, note, up) => {
      svg(s, 'rect', { x: x - size(cols) / 2, y, width: size(cols), height, class: name });
      svg(s, 'text', { x, y: y + height / 2 + 4, 'text-anchor': 'middle', class: 'symbol' }, text);
      svg(s, 'text', { x, y: up ? y - 5 : y + height + 13, 'text-anchor': 'middle', class: 'dims' }, note);
    };
    const arrow = (x1, x2, y, name) => svg(s, 'path', { d: `M${x1} ${y}H${x2}m${x2 > x1 ? '-6-4 6 4-6 4' : '6-4-6 4 6 4'}`, class: name });
    const sub = l => String(l).replace(/\d/g, d => '₀₁₂₃₄₅₆₇₈₉'[d]), n = w.length - 1;
    w.forEach((d, l) => {
      const xz = 40 + gap * Math.max(0, 2 * l - 1), xa = 40 + gap * 2 * l, mid = top + rows / 2, low = below + rows / 2;
      if (l) {
        arrow(xz - gap + size(w[l - 1]) / 2 + 2, xz - size(d) / 2 - 2, mid, 'there');
        arrow(xz - size(d) / 2 - 2, xz - gap + size(w[l - 1]) / 2 + 2, low, 'back');
        matrix(xz, top - 10 - size(w[l - 1]), d, size(w[l - 1]), 'param', `W${sub(l)}`, `${w[l - 1]}×${d}`, true);
        matrix(xz, below + rows + 22, d, size(w[l - 1]), 'grad', `dW${sub(l)}`, `${w[l - 1]}×${d}`);
      }
      matrix(l ? xz : 40, top, d, rows, 'kept', l ? `Z${sub(l)}` : 'X', `${N}×${d}`);
      matrix(l ? xz : 40, below, d, rows, l ? 'grad' : 'grad unused', l ? `dZ${sub(l)}` : 'dX', `${N}×${d}`);
      if (l && l < n) {
        matrix(xa, top, d, rows, 'kept', `A${sub(l)}`, `${N}×${d}`);
        matrix(xa, below, d, rows, 'grad', `dA${sub(l)}`, `${N}×${d}`);
        arrow(xz + size(d) / 2 + 2, xa - size(d) / 2 - 2, mid, 'there');
        arrow(xa - size(d) / 2 - 2, xz + size(d) / 2 + 2, low, 'back');
      }
    });
    const list = costs(N, w), sum = key => list.reduce((t, c) => t + c[key], 0), row = (tag, ...cells) => { const r = panel.make('tr', '', table); for (const c of cells) panel.make(tag, '', r, c); };
    table.replaceChildren();
    row('th', 'layer', 'W', 'numbers to learn', 'products forward', 'and back');
    list.forEach((c, l) => row('td', l + 1, `${c.d}×${c.out}`, spaced(c.params), spaced(c.forward), spaced(c.back)));
    row('td', 'all', '', spaced(sum('params')), spaced(sum('forward')), spaced(sum('back')));
    panel.say(`${spaced(sum('params'))} numbers to learn; a step on ${N} rows takes ${spaced(sum('forward') + sum('back'))} multiplications, ${(sum('back') / sum('forward')).toFixed(2)} times as many back as forward.`);
    Object.assign(panel.element.dataset, { params: sum('params'), forward: sum('forward'), back: sum('back') });
  }
  draw();
}
