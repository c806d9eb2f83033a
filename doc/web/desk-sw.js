// desk-sw.js: after the first visit the site needs no network.  FILES, name -> hash of what's in it, is put before this when
// the site is made; a file is kept under its hash, so a new version loads what has changed and nothing else.
const kept = name => new URL(`${name}?${encodeURIComponent(FILES[name])}`, registration.scope).href;
const large = name => /^llvm/.test(name); // the compiler, when it is asked for
const store = () => caches.open(registration.scope); // an origin may have several such sites

// if it is what its hash says, and no fault of the server's or another edition; without the mark of a
// redirection, with which no page may be opened later
async function keep(name, answer) {
  const bytes = await answer.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...sum)) !== FILES[name]) throw Error(`another ${name} is served`);
  const ours = new Response(bytes, { headers: answer.headers });
  // where there's no room, it's loaded again
  await (await store()).put(kept(name), ours.clone()).catch(() => {});
  return ours;
}
const known = async name => (await store()).match(kept(name));
const from = (name, cache) => fetch(new URL(name, registration.scope), { cache });
async function get(name) {
  const answer = await known(name);
  if (answer) return answer;
  const fresh = await from(name, 'no-cache');
  return large(name) ? fresh : keep(name, fresh); // what is large, as it comes
}

oninstall = e => e.waitUntil(Promise.all(Object.keys(FILES).filter(f => !large(f)).map(get)));
onactivate = e =>
  e.waitUntil((async () => {
    await caches.delete('nn'); // which all sites of an origin once had in common
    const cache = await store();
    const wanted = Object.keys(FILES).map(kept);
    for (const { url } of await cache.keys()) if (!wanted.includes(url)) await cache.delete(url);
    await clients.claim();
  })());
// the page says when what is large may be kept, too: the browser still holds it
onmessage = e =>
  e.waitUntil((async () => {
    for (const name of Object.keys(FILES).filter(large))
      if (!await known(name)) await keep(name, await from(name, 'force-cache'));
  })().catch(() => {}));
onfetch = e => {
  const url = new URL(e.request.url);
  const scope = new URL(registration.scope);
  const name = url.origin === scope.origin && url.pathname.startsWith(scope.pathname)
    ? url.pathname.slice(scope.pathname.length) || 'index.html'
    : '';
  if (e.request.method === 'GET' && name in FILES)
    e.respondWith(get(name).catch(() => fetch(e.request)));
};
