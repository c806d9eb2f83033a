// live-digits.mjs: draw a digit; the network says what it sees.  The pixels are counted as those of the data were: a drawing of 32
// by 32 points in blocks of 4 by 4, the ink of each from 0 to 16.  The network's numbers: live-digits.json, or the desk's (softmax).
import { handed } from './live.mjs';
import network from './live-digits.json';

const FINE = 32, BLOCK = 4;
export const counts = ink => Array.from({ length: 64 }, (_, i) => { let n = 0; for (let r = 0; r < BLOCK; r++) for (let c = 0; c < BLOCK; c++) n += ink[((i >> 3) * BLOCK + r) * FINE + (i & 7) * BLOCK + c]; return n; });
// two rows with the mean and the deviation of the data stand for them; then the numbers that training left
const bytes = text => Int8Array.from(atob(text), c => c.charCodeAt(0));
export const begin = ({ widths, mean, deviation, scale, params }) => [
  ['live_data', [0, 2, 0, 0, 64, 10], [-1, 1].flatMap(s => [...mean.map((m, j) => m + s * deviation[j]), 0])],
  ['live_begin', [0, widths.length, 0, 1, .1, 2, 0, 0, 0], widths],
  ['live_fill', [0], layersOf(widths).flatMap(([count], l) => [...bytes(params[l])].map(b => b * scale[l]))]];
const layersOf = widths => widths.slice(1).map((d, l) => [d * (widths[l] + 1)]);

export default async function digits(panel, Program) {
  const own = handed.get('softmax'), program = await Program.start(own);
  const setUp = await program.run(...begin(network));
  const ink = new Uint8Array(FINE * FINE), canvas = panel.make('canvas', 'paper'), list = panel.make('ol', 'bars'), context = canvas.getContext('2d');
  canvas.width = canvas.height = FINE;
  Object.assign(canvas, { tabIndex: 0 });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', 'Paper for a digit. With the keyboard: arrows move the pen, hold Shift to draw, Delete for a new sheet.');
  const bars = Array.from({ length: 10 }, (_, d) => { const li = panel.make('li', '', list), bar = panel.make('span', 'bar', li), text = panel.make('span', '', li); li.value = d; return { li, bar, text }; });
  panel.button('New sheet', () => { ink.fill(0); paint(); look(); });
  let pen = [8, 16], last = null;
  const dot = (x, y) => { for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) { const X = Math.round(x + dx), Y = Math.round(y + dy); if (Math.abs(dx) + Math.abs(dy) < 2 && X >= 0 && Y >= 0 && X < FINE && Y < FINE) ink[Y * FINE + X] = 1; } };
  const stroke = ([x0, y0], [x1, y1]) => { const n = Math.ceil(Math.hypot(x1 - x0, y1 - y0) * 2) || 1; for (let i = 0; i <= n; i++) dot(x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n); };
  const place = e => { const { left, top, width } = canvas.getBoundingClientRect(); return [(e.clientX - left) / width * FINE - .5, (e.clientY - top) / width * FINE - .5]; };
  function paint() {
    const style = getComputedStyle(canvas), image = context.createImageData(FINE, FINE), rgb = style.color.match(/\d+/g).map(Number);
    ink.forEach((v, i) => { const here = document.activeElement === canvas && i === pen[1] * FINE + pen[0]; image.data.set([...rgb.slice(0, 3), v ? 255 : here ? 110 : 0], 4 * i); });
    context.putImageData(image, 0, 0);
  }
  async function look() {
    if (!ink.some(Boolean)) { bars.forEach(b => { b.bar.style.width = 0; b.text.textContent = ''; b.li.className = ''; }); return panel.say('Draw one digit, large, in the middle.'); }
    const [[, room]] = await program.run(['live_ask', [0, 1, 1], counts(ink), 74]), p = room.subarray(64), best = p.indexOf(Math.max(...p));
    bars.forEach((b, d) => { b.bar.style.width = `${(60 * p[d]).toFixed(1)}%`; b.text.textContent = `${(100 * p[d]).toFixed(1)} %`; b.li.className = d === best ? 'best' : ''; });
    panel.say(`It sees a ${best}, with the probability ${p[best].toFixed(3)}.`);
    panel.element.dataset.digit = best;
  }
  canvas.onpointerdown = e => { canvas.setPointerCapture(e.pointerId); last = place(e); stroke(last, last); paint(); };
  canvas.onpointermove = e => { if (last) { const to = place(e); stroke(last, to); last = to; paint(); } };
  canvas.onpointerup = () => { last = null; look(); };
  canvas.onfocus = canvas.onblur = paint;
  canvas.onkeydown = e => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (e.key === 'Delete') ink.fill(0);
    else if (!by) return;
    else { pen = pen.map((v, i) => Math.min(Math.max(v + by[i], 1), FINE - 2)); if (e.shiftKey) dot(...pen); }
    e.preventDefault();
    paint();
    look();
  };
  if (setUp.said) throw Error(setUp.said);
  paint();
  look();
}
