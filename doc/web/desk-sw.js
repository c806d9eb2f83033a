// desk-sw.js: after the first visit the site needs no network.  FILES, name -> hash of what's in it, is put before this when
// the site is made; a file is kept under its hash, so a new version loads what has changed and nothing else.
const kept = name => new URL(`${name}?${FILES[name]}`, registration.scope).href;
const large = name => /^llvm/.test(name); // the compiler, when it is asked for

async function get(name) {
  const cache = await caches.open('nn');
  const known = await cache.match(kept(name));
  if (known) return known;
  const answer = await fetch(new URL(name, registration.scope), { cache: 'no-cache' });
  if (answer.ok) cache.put(kept(name), answer.clone()).catch(() => {}); // where there's no room, it's loaded again
  return answer;
}

oninstall = e => e.waitUntil(Promise.all(Object.keys(FILES).filter(f => !large(f)).map(get)));
onactivate = e =>
  e.waitUntil((async () => {
    const cache = await caches.open('nn');
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
  if (e.request.method === 'GET' && name in FILES) e.respondWith(get(name));
};
