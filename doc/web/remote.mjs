// remote.mjs: a worker that answers.  ask('name', ...arguments) gives a promise of what its function of
// that name gives.
export class Remote {
  waiting = new Map();
  count = 0;
  // news: is told what the worker says unasked
  constructor(url, news) {
    this.worker = new Worker(url);
    this.worker.onmessage = ({ data }) => (data.id ? this.answer(data) : news(data.news));
    this.worker.onerror = e => {
      for (const [, bad] of this.waiting.values()) bad(Error(e.message || "the worker didn't start"));
    };
  }
  answer({ id, result, error }) {
    const [good, bad] = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) bad(Error(error));
    else good(result);
  }
  ask(name, ...args) {
    const id = ++this.count;
    this.worker.postMessage({ id, name, args });
    return new Promise((...ends) => this.waiting.set(id, ends));
  }
  stop() {
    this.worker.terminate();
  }
}
// the other end: work has the functions
export function serve(work) {
  onmessage = async ({ data: { id, name, args } }) => {
    try {
      postMessage({ id, result: await work[name](...args) });
    } catch (e) {
      postMessage({ id, error: `${e.message ?? e}` });
    }
  };
}
