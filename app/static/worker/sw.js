// Shows our own page where a page does not come for want of a connection. It stores that page and its scripts, nothing else.
const NAME = "offline-LANGUAGE-VERSION";
const PAGE = "/about/offline/LANGUAGE";
const SCRIPTS = [ADDRESSES];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([PAGE, ...SCRIPTS].map((url) => new Request(url, { credentials: "omit", cache: url === PAGE ? "reload" : "default" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  if (SCRIPTS.includes(new URL(event.request.url).pathname)) {
    event.respondWith(caches.match(event.request.url).then((script) => script ?? fetch(event.request)));
    return;
  }
  if (event.request.mode !== "navigate") return;
  event.respondWith(fetch(event.request).catch(async (error) => {
    const page = await caches.match(PAGE);
    if (page) return page;
    throw error;
  }));
});
