// build.mjs: what the programs that make the page and the site have in common: where files are, their sums,
// scripts as one.
import esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const top = fileURLToPath(new URL('../../', import.meta.url));
export const read = file => fs.readFileSync(file, 'utf8');
export const ours = file => read(here + file);
export const sha256 = (what, how = 'hex') => createHash('sha256').update(what).digest(how);
export const isProgram = url => process.argv[1] === fileURLToPath(url);
export const inScript = text => text.trim().replaceAll('</script', '<\\/script');
// a script with all that it imports
const usual = { bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8' };
export const bundle = (name, options = {}) =>
  esbuild.buildSync({ entryPoints: [here + name], write: false, ...usual, ...options }).outputFiles[0].text;
export const small = css =>
  esbuild.transformSync(css, { loader: 'css', minify: true, charset: 'utf8' }).code.trim();
