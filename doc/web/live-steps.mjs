// live-steps.mjs: what the program is asked: steps of live-worker.mjs, each [function of live.c, arguments,
// numbers to put into room, how many to bring back ('value': as many as the function says), from where].
export const INIT = { zeros: 0, small: 1, xavier: 2, he: 3, large: 4 };
export const METHOD = { momentum: 1, adam: 2 };

export const spirals = (points = 200, noise = .25, seed = 7) => ['live_data', [points, noise, seed, 0, 0]];
// rows that end in their class
export const table = (rows, classes) =>
  ['live_data', [rows.length, 0, 0, rows[0].length - 1, classes], rows.flat()];
export function network(widths, settings = {}) {
  const { init = INIT.xavier, seed = 42, rate = .05, batch = 64, method = 0, norm = 0, p = 0 } = settings;
  return ['live_begin', [widths.length, init, seed, rate, batch, method, norm, p], widths];
}
export const params = numbers => ['live_fill', [], numbers];
export const epochs = count => ['live_train', [count], [], 'value'];
export const right = ['live_share', [0]];
