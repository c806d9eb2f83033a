// live-shapes.mjs: the matrices of a pass, forward and back, for widths and a batch of one's choice, and
// what they cost.
import { numbersIn, picture, svg, word } from './live-plot.mjs';

const LARGEST = 1 << 20;
const DEEPEST = 9;
const whole = d => Number.isInteger(d) && d >= 1 && d <= LARGEST;
const spaced = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
const lowered = l => '₀₁₂₃₄₅₆₇₈₉'[l];
const size = n => 28 + 3.7 * Math.log2(n);

// for each layer: numbers to learn, and the multiplications of a step, forward and back; the first needs no
// dX
const costs = (N, w) =>
  w.slice(1).map((d, l) => {
    const forward = N * w[l] * d;
    return { shape: `${w[l]}×${d}`, params: (w[l] + 1) * d, forward, back: forward * (l ? 2 : 1) };
  });
function draw(box, N, w) {
  const columns = 2 * w.length - 3;
  const rows = size(N);
  const high = Math.max(...w.map(size));
  const gap = Math.max(62, high + 20, Math.min(100, 540 / columns));
  const width = 80 + gap * columns;
  const top = 36 + high;
  const below = top + rows + 44;
  const x = column => 40 + gap * column;
  box.replaceChildren();
  const flow = picture(box, width, below + rows + high + 48, 'flow',
    `Forward above, back below, through layers of ${w.join(', ')}`, { style: `width: ${width}px` });
  function matrix(column, y, cols, height, kind, name, shape, above = false) {
    const middle = x(column);
    svg(flow, 'rect', { x: middle - size(cols) / 2, y, width: size(cols), height, class: kind });
    word(flow, middle, y + height / 2 + 4, name, 'symbol');
    word(flow, middle, above ? y - 5 : y + height + 13, shape, 'dims');
  }
  // numbers in rows of the batch, above, and their gradient below
  function pair(column, d, name, unused = '') {
    matrix(column, top, d, rows, 'kept', name, `${N}×${d}`);
    matrix(column, below, d, rows, 'grad' + unused, `d${name}`, `${N}×${d}`);
  }
  function arrows(column, d, e) {
    const from = x(column) + size(d) / 2 + 2;
    const to = x(column + 1) - size(e) / 2 - 2;
    svg(flow, 'path', { d: `M${from} ${top + rows / 2}H${to}m-6-4 6 4-6 4`, class: 'there' });
    svg(flow, 'path', { d: `M${to} ${below + rows / 2}H${from}m6-4-6 4 6 4`, class: 'back' });
  }
  pair(0, w[0], 'X', ' unused');
  for (let l = 1; l < w.length; l++) {
    const [before, d] = w.slice(l - 1);
    const column = 2 * l - 1;
    const shape = `${before}×${d}`;
    arrows(column - 1, before, d);
    matrix(column, top - 10 - size(before), d, size(before), 'param', `W${lowered(l)}`, shape, true);
    matrix(column, below + rows + 22, d, size(before), 'grad', `dW${lowered(l)}`, shape);
    pair(column, d, `Z${lowered(l)}`);
    if (l + 1 === w.length) break;
    arrows(column, d, d);
    pair(column + 1, d, `A${lowered(l)}`);
  }
}
export default async function shapes(panel) {
  const rows = { type: 'number', value: 64, min: 1, max: LARGEST };
  const batch = panel.field('rows of the batch, N', rows, show);
  const widths = panel.field('widths', { type: 'text', value: '2 64 32 16 1', size: 14 }, show);
  const first = { type: 'range', min: 1, max: 256, value: 64 };
  const slider = panel.field('units of the first hidden layer', first, () => {
    widths.value = widths.value.replace(/(?<=^\s*[^\s,]+[\s,]+)[^\s,]+/, slider.value);
    show();
  });
  const box = panel.make('div', 'wide scroll');
  const table = panel.make('table', 'costs');
  function row(tag, ...cells) {
    const tr = panel.make('tr', '', table);
    for (const cell of cells) panel.make(tag, '', tr, cell);
  }
  function show() {
    const N = +batch.value;
    const w = numbersIn(widths.value);
    if (!whole(N) || w.length < 2 || w.length > DEEPEST || !w.every(whole)) {
      const wanted = `Give 2 to ${DEEPEST} widths and a batch, whole numbers from 1 to ${LARGEST}.`;
      return panel.say(wanted, 'wrong');
    }
    const list = costs(N, w);
    const sum = key => list.reduce((total, c) => total + c[key], 0);
    const [params, forward, back] = ['params', 'forward', 'back'].map(sum);
    draw(box, N, w);
    table.replaceChildren();
    row('th', 'layer', 'W', 'numbers to learn', 'products forward', 'and back');
    list.forEach((c, l) => row('td', l + 1, c.shape, ...[c.params, c.forward, c.back].map(spaced)));
    row('td', 'all', '', ...[params, forward, back].map(spaced));
    const times = (back / forward).toFixed(2);
    panel.say(`${spaced(params)} numbers to learn; a step on ${N} rows takes ${spaced(forward + back)} `
      + `multiplications, ${times} times as many back as forward.`);
    panel.tell({ params, forward, back });
  }
  show();
}
