// Keeps the page itself on the device, so that it can be opened without the server. The notes are in IndexedDB: nothing of the
// API passes here. The build puts in what it made.
const files = ["page/editor-DjetPVXq.js","page/fallbacks-s5LwSt4L.js","page/http-DUX6qh4F.js","page/index-DXS00tVa.js","page/index-b3BAtWOe.css","page/inspector-BC7fmb5z.js","page/mark-C67KmgTw.svg","page/member-BsgHa4La.js","page/react-Db-_YT-E.js"]
const version = 'notewire page 226f1ed4f0e3'

/** How long the server may take to give the page before the one that is kept is shown, in milliseconds. */
const patience = 4000

self.addEventListener('install', event => {
  event.waitUntil(caches.open(version).then(cache => cache.addAll(['./', ...files])))
})

// Only when no tab uses the last version any more: until then its files are needed.
self.addEventListener('activate', event => {
  const old = names => names.filter(name => name.startsWith('notewire page ') && name !== version)
  event.waitUntil(caches.keys().then(names => Promise.all(old(names).map(name => caches.delete(name)))))
})

self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  const scope = new URL(registration.scope).pathname
  if (request.mode === 'navigate' && (pathname === scope || pathname === `${scope}inspector`)) event.respondWith(page(request))
  else if (pathname.startsWith(`${scope}page/`)) event.respondWith(kept(request).then(found => found ?? fetch(request)))
})

/** The server's, if it comes in time: it may be a newer one. */
async function page(request) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  const answer = await fetch(request, { signal: stop.signal }).catch(() => undefined)
  clearTimeout(timer)
  if (answer && answer.status < 500) return answer
  return (await kept('./')) ?? answer ?? Response.error()
}

async function kept(request) {
  return (await caches.open(version)).match(request, { ignoreVary: true })
}
