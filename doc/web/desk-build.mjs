// desk-build.mjs: what the workbench of the challenges needs, into a folder: node desk-build.mjs FOLDER
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { argumentsOf, compile, library, link } from './clang.mjs';
import { chunksOf, partsOf, tangle } from './desk-nw.mjs';
import * as live from './live-build.mjs';

const top = new URL('../../', import.meta.url).pathname;
const site = process.argv[2];
const read = file => fs.readFileSync(top + file, 'utf8');
const parts = partsOf(read('tests/challenges/parts.tsv'));
const modules = [...new Set(parts.map(p => p.module))];
const headers = Object.fromEntries(
  fs.readdirSync(top + 'tangled').filter(f => f.endsWith('.h')).map(f => [f, read('tangled/' + f)]),
);

// -- as guard.c has it: 8 MB stack, shadow, globals from 40 MB on, 256 MB at most
const SHADOW = 8 << 20;
const GLOBALS = 40 << 20;
const END = 256 << 20;
const llvm = options => options.flatMap(o => ['-mllvm', o]);
const common = ['-std=c11', '-D_XOPEN_SOURCE=700', '-ffp-contract=off'];
const guarded = [...common, '-Xclang', '-fsanitize=address', '-Xclang',
  '-fsanitize-address-use-after-return=never', '-Xclang', '-fsanitize-address-destructor=none',
  '-Xclang', '-fsanitize-address-use-after-scope', '-fsanitize=undefined',
  '-fno-sanitize=float-cast-overflow,function',
  ...llvm(['-asan-instrumentation-with-call-threshold=0', `-asan-mapping-offset=${SHADOW}`,
    '-asan-mapping-scale=3', '-asan-initialization-order=0'])];
const student = [...guarded, '-O0', '-g', '-fsanitize-coverage=trace-pc-guard',
  ...llvm(['-sanitizer-coverage-prune-blocks=0']), '-Wall', '-Wextra', '-Wno-unused-parameter',
  '-Wno-unused-variable', '-fno-caret-diagnostics'];
const never = ['exit', '_Exit', '_exit', 'abort', 'fopen', 'open', 'sleep', 'usleep', 'nanosleep'];
const room = ['--stack-first', '-z', `stack-size=${SHADOW}`];

// -- what isn't the student's: the chapter, the runner and the guard in one object; and the modules with their stubs
const [, more, told] = read('tests/challenges/challenges.mk').match(
  /^TOLD += (.*)\$\(filter-out (.*),/m,
).map(s => s.trim().split(/ +/));
// the plain product does: its sums differ from the other's in their last digit only
const chapter = [...more,
  ...read('Makefile').match(/^CHAPTER = (.*)/m)[1].split(' ').filter(m => !told.includes(m))].filter(
    Boolean,
  ).map(m => m.replace('product', 'plain'));
const files = { ...headers, 'board.h': read('tests/challenges/board.h'),
  'guard.c': fs.readFileSync(new URL('guard.c', import.meta.url), 'utf8') };
for (const f of fs.readdirSync(top + 'tests/challenges'))
  if (/\.(c|inc)$/.test(f) && f !== 'guard.c') files[f] = read('tests/challenges/' + f);
for (const m of chapter) files[`${m}.c`] = read(`tangled/${m}.c`);
const chunks = chunksOf(read('nn.nw').split('\n'));
for (const m of modules) files[`${m}.c`] = tangle(chunks, `[[${m}.c]]`);

const objects = async (names, flags) =>
  Object.fromEntries(
    await Promise.all(names.map(async n => [`${n}.o`, await compile(n, files, flags)])),
  );
const strict = ['-Wall', '-Wextra', '-Wconversion', '-Werror'];
const base = { ...await objects([...chapter, 'runner', 'bugs', 'cases'], [...guarded, '-O1', '-w']),
  ...await objects(['guard'], [...common, '-O2', ...strict]) };
const made = { 'base.o': await link(base, ['-r']),
  ...await objects(modules, [...guarded, '-O1', '-w']) };
const judge = await objects(['board', 'cases', 'judge', 'guess', 'properties'], [...common, '-O2',
  ...strict]);

// -- the program of the book's figures, into which a module that was solved is linked
const figures = await live.objects(top);
const solvable = modules.map(m => `${m}.o`).filter(o => o in figures);
const others = Object.fromEntries(Object.entries(figures).filter(([name]) => !solvable.includes(name)));
const shown = { 'live.o': await link(others, ['-r']),
  ...Object.fromEntries(solvable.map(o => [o, figures[o]])) };
const sizes = files => Object.entries(files).map(([name, bytes]) => [name, bytes.length]);

fs.mkdirSync(site, { recursive: true });
fs.writeFileSync(`${site}/board.wasm`,
  await link(judge, [...room, '-s', ...library('crt1-command.o')]));
fs.writeFileSync(`${site}/objects.bin`, Buffer.concat(Object.values(made)));
fs.writeFileSync(`${site}/live.bin`, Buffer.concat(Object.values(shown)));
const hints = {};
for (const [, part, , hint] of read('tests/challenges/hints.txt').matchAll(
  /^= (\w+) (.)\n(.*?)\n(?=^= |(?![^]))/gms,
)) (hints[part] ??= []).push(hint);
fs.writeFileSync(`${site}/tables.json`,
  JSON.stringify({ parts, hints, headers, objects: sizes(made),
    live: { objects: sizes(shown), cc1: await argumentsOf(live.FLAGS), ld: live.LINK },
    numbers: Object.fromEntries(read('doc/numbers.tsv').trim().split('\n').map(l => l.split('\t'))),
    cc1: await argumentsOf(student),
    ld: [...room, `--global-base=${GLOBALS}`, `--max-memory=${END}`, '--export=__stack_pointer',
      '--allow-undefined-file=handlers', ...never.map(f => `--wrap=${f}`),
      ...library('crt1-command.o')] }));
// without the answers, which would lie beside the challenges; a handout has none
fs.copyFileSync(top + 'nn.nw', `${site}/nn.nw`);
if (fs.existsSync(top + 'tests/teacher'))
  execFileSync('python3', ['tests/teacher/check.py', 'handed-out', fs.realpathSync(`${site}/nn.nw`)], {
    cwd: top,
  });
