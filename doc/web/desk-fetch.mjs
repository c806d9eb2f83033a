// desk-fetch.mjs: where the compiler's own files come from: the folder of the site, or the page itself when
// it's one file
let files;
const real = globalThis.fetch;
export const provide = given => {
  files = given;
};
globalThis.fetch = async url => {
  const name = new URL(url).pathname.slice(1);
  return typeof files === 'string'
    ? real(files + name, { cache: 'no-cache' })
    : new Response(files[name], {
      headers: { 'content-type': name.endsWith('.wasm') ? 'application/wasm' : 'application/x-tar' },
    });
};
