/// <reference lib="webworker" />
// Lets /m open without a network: the page and its assets are kept, nothing else. What people wrote and read is in
// IndexedDB, where the app itself looks after it; calls to the API are never answered from here.
declare const self: ServiceWorkerGlobalScope;

const files = JSON.parse('__FILES__') as string[];
const prefix = 'liuxiao-phone-';
const current =
  prefix +
  files
    .join()
    .split('')
    .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)
    .toString(36);
const page = '/m/';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(current)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  const old = (name: string) => name.startsWith(prefix) && name !== current;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

/** The newest page where there is a network soon enough, else the kept one. */
async function open(request: Request): Promise<Response> {
  const cache = await caches.open(current);
  const kept = await cache.match(page);
  const patience = new Promise<undefined>((done) => setTimeout(done, kept ? 2000 : 30000));
  const fresh = await Promise.race([fetch(request).catch(() => undefined), patience]);
  if (fresh?.ok) return fresh;
  return kept ?? fresh ?? Response.error();
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === page) event.respondWith(open(event.request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(event.request));
});

export {};
