// desk-build.mjs: what the workbench of the challenges needs, into a folder: node desk-build.mjs FOLDER
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { ours, read as readAt, top } from './build.mjs';
import { argumentsOf, compile, library, link } from './clang.mjs';
import { chunksOf, partsOf, rowsOf, tangle } from './desk-nw.mjs';
import * as live from './live-build.mjs';

const site = process.argv[2];
const read = file => readAt(top + file);
const write = (file, what) => fs.writeFileSync(`${site}/${file}`, what);
const { fromEntries, entries } = Object;
const parts = partsOf(read('tests/challenges/parts.tsv'));
const modules = [...new Set(parts.map(p => p.module))];

// -- as guard.c has it: 8 MB stack, shadow, globals from 40 MB on, 256 MB at most
const SHADOW = 8 << 20;
const GLOBALS = 40 << 20;
const END = 256 << 20;
const each = flag => (...options) => options.flatMap(option => [flag, option]);
const xclang = each('-Xclang');
const llvm = each('-mllvm');
const common = ['-std=c11', '-D_XOPEN_SOURCE=700', '-ffp-contract=off'];
const guarded = [
  ...common,
  ...xclang('-fsanitize=address', '-fsanitize-address-use-after-return=never',
    '-fsanitize-address-destructor=none', '-fsanitize-address-use-after-scope'),
  '-fsanitize=undefined', '-fno-sanitize=float-cast-overflow,function',
  ...llvm('-asan-instrumentation-with-call-threshold=0', `-asan-mapping-offset=${SHADOW}`,
    '-asan-mapping-scale=3', '-asan-initialization-order=0'),
];
const student = [
  ...guarded, '-O0', '-g',
  '-fsanitize-coverage=trace-pc-guard', ...llvm('-sanitizer-coverage-prune-blocks=0'),
  '-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-unused-variable', '-fno-caret-diagnostics',
];
const quiet = [...guarded, '-O1', '-w'];
const strict = [...common, '-O2', '-Wall', '-Wextra', '-Wconversion', '-Werror'];
const room = ['--stack-first', '-z', `stack-size=${SHADOW}`];
const never = ['exit', '_Exit', '_exit', 'abort', 'fopen', 'open', 'sleep', 'usleep', 'nanosleep'];
const linked = [
  ...room, `--global-base=${GLOBALS}`, `--max-memory=${END}`, '--export=__stack_pointer',
  '--allow-undefined-file=handlers', ...never.map(name => `--wrap=${name}`), ...library('crt1-command.o'),
];

// -- the sources: the chapter's modules that aren't told from elsewhere, with the plain product: its sums
// differ from the other's in their last digit only
const TOLD = /^TOLD += (.*)\$\(filter-out (.*),/m;
const [, ...lists] = TOLD.exec(read('tests/challenges/challenges.mk'));
const [more, told] = lists.map(list => list.split(' ').filter(Boolean));
const [, all] = /^CHAPTER = (.*)/m.exec(read('Makefile'));
const chapter = [...more, ...all.split(' ').filter(name => !told.includes(name))]
  .map(name => name.replace('product', 'plain'));
const headerNames = fs.readdirSync(`${top}tangled`).filter(name => name.endsWith('.h'));
const headers = fromEntries(headerNames.map(name => [name, read(`tangled/${name}`)]));
const files = { ...headers };
for (const name of fs.readdirSync(`${top}tests/challenges`))
  if (/\.(c|inc)$|^board\.h$/.test(name)) files[name] = read(`tests/challenges/${name}`);
files['guard.c'] = ours('guard.c');
for (const name of chapter) files[`${name}.c`] = read(`tangled/${name}.c`);
const chunks = chunksOf(read('nn.nw').split('\n'));
for (const name of modules) files[`${name}.c`] = tangle(chunks, `[[${name}.c]]`);

// -- what isn't the student's: the chapter, the runner and the guard in one object; and the modules with
// their stubs
const objects = async (names, flags) =>
  fromEntries(await Promise.all(names.map(async name => [`${name}.o`, await compile(name, files, flags)])));
const runner = await objects([...chapter, 'runner', 'bugs', 'cases'], quiet);
const guard = await objects(['guard'], strict);
const base = await link({ ...runner, ...guard }, ['-r']);
const made = { 'base.o': base, ...await objects(modules, quiet) };
const judge = await objects(['board', 'cases', 'judge', 'guess', 'properties'], strict);

// -- the program of the book's figures, into which a module that was solved is linked
const figures = entries(await live.objects());
const isSolvable = ([name]) => modules.includes(name.replace('.o', ''));
const others = fromEntries(figures.filter(object => !isSolvable(object)));
const shown = { 'live.o': await link(others, ['-r']), ...fromEntries(figures.filter(isSolvable)) };

const HINT = /^= (\w+) .\n(.*?)\n(?=^= |(?![^]))/gms;
const hints = {};
for (const [, part, text] of read('tests/challenges/hints.txt').matchAll(HINT))
  (hints[part] ??= []).push(text);
const sizes = objects => entries(objects).map(([name, bytes]) => [name, bytes.length]);
fs.mkdirSync(site, { recursive: true });
write('board.wasm', await link(judge, [...room, '-s', ...library('crt1-command.o')]));
write('objects.bin', Buffer.concat(Object.values(made)));
write('live.bin', Buffer.concat(Object.values(shown)));
write('tables.json', JSON.stringify({
  parts,
  hints,
  headers,
  numbers: fromEntries(rowsOf(read('doc/numbers.tsv'))),
  objects: sizes(made),
  cc1: await argumentsOf(student),
  ld: linked,
  live: { objects: sizes(shown), cc1: await argumentsOf(live.FLAGS), ld: live.LINK },
}));
// without the answers, which would lie beside the challenges; a handout has none
write('nn.nw', read('nn.nw'));
if (fs.existsSync(`${top}tests/teacher`)) {
  const copy = fs.realpathSync(`${site}/nn.nw`);
  execFileSync('python3', ['tests/teacher/check.py', 'handed-out', copy], { cwd: top });
}
