// live-shapes.mjs: the matrices of a pass, forward and back, for widths and a batch of one's choice, and what they cost
import { svg } from './live-plot.mjs';

// for each layer: numbers to learn, and the multiplications of a step, forward and back; the first layer needs no dX
const costs = (N, w) =>
  w.slice(1).map((d, l) => ({ shape: `${w[l]}×${d}`, params: (w[l] + 1) * d, forward: N * w[l] * d,
    back: N * w[l] * d * (l ? 2 : 1) })
  );
const spaced = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
const lowered = l => '₀₁₂₃₄₅₆₇₈₉'[l];
const LARGEST = 1 << 20;
const DEEPEST = 9;
const whole = d => Number.isInteger(d) && d >= 1 && d <= LARGEST;
const size = n => 18 + 4.4 * Math.log2(n);

function draw(box, N, w) {
  const columns = 2 * w.length - 3;
  const gap = Math.max(62, Math.min(100, 540 / columns));
  const width = 80 + gap * columns;
  const rows = size(N);
  const high = Math.max(...w.map(size));
  const top = 36 + high;
  const below = top + rows + 44;
  const x = column => 40 + gap * column;
  box.replaceChildren();
  const picture = svg(box, 'svg', { viewBox: `0 0 ${width} ${below + rows + high + 48}`, class: 'flow',
    style: `width: ${width}px`, role: 'img',
    'aria-label': `Forward above, back below, through layers of ${w.join(', ')}` });
  const matrix = (x, y, cols, high, kind, name, shape, above = false) => {
    svg(picture, 'rect', { x: x - size(cols) / 2, y, width: size(cols), height: high, class: kind });
    svg(picture, 'text', { x, y: y + high / 2 + 4, 'text-anchor': 'middle', class: 'symbol' }, name);
    svg(picture, 'text', { x, y: above ? y - 5 : y + high + 13, 'text-anchor': 'middle',
      class: 'dims' }, shape);
  };
  // numbers in rows of the batch, above, and their gradient below
  const pair = (column, d, name, unused = '') => {
    matrix(x(column), top, d, rows, 'kept', name, `${N}×${d}`);
    matrix(x(column), below, d, rows, 'grad' + unused, `d${name}`, `${N}×${d}`);
  };
  const arrows = (column, d, e) => {
    const from = x(column) + size(d) / 2 + 2;
    const to = x(column + 1) - size(e) / 2 - 2;
    svg(picture, 'path', { d: `M${from} ${top + rows / 2}H${to}m-6-4 6 4-6 4`, class: 'there' });
    svg(picture, 'path', { d: `M${to} ${below + rows / 2}H${from}m6-4-6 4 6 4`, class: 'back' });
  };
  pair(0, w[0], 'X', ' unused');
  for (let l = 1; l < w.length; l++) {
    const [before, d] = w.slice(l - 1);
    const column = 2 * l - 1;
    const shape = `${before}×${d}`;
    arrows(column - 1, before, d);
    matrix(x(column), top - 10 - size(before), d, size(before), 'param', `W${lowered(l)}`, shape, true);
    matrix(x(column), below + rows + 22, d, size(before), 'grad', `dW${lowered(l)}`, shape);
    pair(column, d, `Z${lowered(l)}`);
    if (l + 1 === w.length) break;
    arrows(column, d, d);
    pair(column + 1, d, `A${lowered(l)}`);
  }
}
export default async function shapes(panel) {
  const batch = panel.field('rows of the batch, N', { type: 'number', value: 64, min: 1, max: LARGEST },
    () => show());
  const widths = panel.field('widths', { type: 'text', value: '2 64 32 16 1', size: 14 }, () => show());
  const slider = panel.field('units of the first hidden layer', { type: 'range', min: 1, max: 256,
    value: 64 }, () => {
    widths.value = widths.value.trim().split(/[\s,]+/).map((d, l) => (l === 1 ? slider.value : d)).join(
      ' ',
    );
    show();
  });
  const box = panel.make('div', 'wide');
  const table = panel.make('table', 'costs');
  const row = (tag, ...cells) => {
    const tr = panel.make('tr', '', table);
    for (const c of cells) panel.make(tag, '', tr, c);
  };
  function show() {
    const N = +batch.value;
    const w = widths.value.trim().split(/[\s,]+/).map(Number);
    if (!whole(N) || w.length < 2 || w.length > DEEPEST || !w.every(whole))
      return panel.say(`Give 2 to ${DEEPEST} widths and a batch, whole numbers from 1 to ${LARGEST}.`,
        true);
    const list = costs(N, w);
    const sum = key => list.reduce((total, c) => total + c[key], 0);
    const [params, forward, back] = ['params', 'forward', 'back'].map(sum);
    draw(box, N, w);
    table.replaceChildren();
    row('th', 'layer', 'W', 'numbers to learn', 'products forward', 'and back');
    list.forEach((c, l) => row('td', l + 1, c.shape, ...[c.params, c.forward, c.back].map(spaced)));
    row('td', 'all', '', ...[params, forward, back].map(spaced));
    panel.say(
      `${spaced(params)} numbers to learn; a step on ${N} rows takes ${
        spaced(forward + back)
      } multiplications, ${(back / forward).toFixed(2)} times as many back as forward.`,
    );
    panel.tell({ params, forward, back });
  }
  show();
}
