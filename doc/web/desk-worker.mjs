// desk-worker.mjs: one such worker has the compiler, another runs the student's code
import { provide } from './desk-fetch.mjs'; // first: the compiler takes fetch as it finds it
import { tool } from './clang.mjs';
import { works } from './desk-board.mjs';
import { serve } from './remote.mjs';

const work = works((args, files) => tool(args, files, s => postMessage({ news: s.doneLength })));
// files: where the compiler's own come from
serve({ ...work, start(tables, objects, judge, files) {
  work.start(tables, objects, judge);
  provide(files);
} });
