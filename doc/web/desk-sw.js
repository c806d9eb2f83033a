// desk-sw.js: after the first visit the site needs no network.  FILES, name -> hash of what's in it, is put before this when
// the site is made; a file is kept under its hash, so a new version loads what has changed and nothing else.
const kept = name => new URL(`${name}?${encodeURIComponent(FILES[name])}`, registration.scope).href;
const large = name => /^llvm/.test(name); // the compiler, when it is asked for
// what is large is kept when the first message has come, which needs the processor, too: so many ms later,
// and from what the browser holds
const LATER = 15000;
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
async function get(name, e) {
  const known = await (await store()).match(kept(name));
  if (known) return known;
  const from = cache => fetch(new URL(name, registration.scope), { cache });
  if (!large(name)) return keep(name, await from('no-cache'));
  const later = new Promise(done => setTimeout(done, LATER));
  e.waitUntil(later.then(() => from('force-cache')).then(answer => keep(name, answer)).catch(() => {}));
  return from('no-cache'); // as it comes
}

oninstall = e => e.waitUntil(Promise.all(Object.keys(FILES).filter(f => !large(f)).map(name => get(name))));
onactivate = e =>
  e.waitUntil((async () => {
    await caches.delete('nn'); // which all sites of an origin once had in common
    const cache = await store();
    const wanted = Object.keys(FILES).map(kept);
    for (const { url } of await cache.keys()) if (!wanted.includes(url)) await cache.delete(url);
    await clients.claim();
  })());
onfetch = e => {
  const url = new URL(e.request.url);
  const scope = new URL(registration.scope);
  const name = url.origin === scope.origin && url.pathname.startsWith(scope.pathname)
    ? url.pathname.slice(scope.pathname.length) || 'index.html'
    : '';
  if (e.request.method === 'GET' && name in FILES)
    e.respondWith(get(name, e).catch(() => fetch(e.request)));
};
