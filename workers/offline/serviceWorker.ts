/**
 * Keeps one release of the app for visits without a network, whole or not at all. A later release is fetched beside it and takes
 * its place when no page of the earlier one is open, so that a page never gets files of two releases. Where the host sends no
 * security headers, they are added, so that the page is isolated there too.
 */

interface Release {
  readonly version: string;
  /** Integrity hashes by the files' paths in the release. */
  readonly files: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** The build puts it in front of this script (tools/build/offline.ts). */
declare const RELEASE: Release;
declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
/** Another release at another path of this host has its own. */
const PREFIX = `masklet ${scope} `;
const NAME = PREFIX + RELEASE.version;

self.addEventListener('install', (event) => event.waitUntil(keepRelease()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('message', (event) => event.waitUntil(goAheadIfAlone()));
self.addEventListener('fetch', (event) => {
  const path = pathOf(event.request);
  if (path !== undefined) event.respondWith(answer(event.request, path));
});

/** A file that is not exactly the release's fails all of it: the host may be in the middle of a change. */
async function keepRelease(): Promise<void> {
  const cache = await caches.open(NAME);
  const keep = async ([path, integrity]: readonly [string, string]) => {
    const address = new URL(path, scope);
    // A name in `assets` holds a hash; any other file may be an earlier one in the browser's own cache.
    const mode = path.startsWith('assets/') ? 'default' : 'no-cache';
    const response = await fetch(address, { integrity, cache: mode });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(address, response);
  };
  await Promise.all(Object.entries(RELEASE.files).map(keep));
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** A page that shows nothing yet asks for this: it is alone, then, or other pages keep the earlier release going. */
async function goAheadIfAlone(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length <= 1) await self.skipWaiting();
}

/** The path in the release of what is asked for; `undefined` for anything else, which is the network's. */
function pathOf({ method, url }: Request): string | undefined {
  if (method !== 'GET' || !url.startsWith(scope)) return undefined;
  const path = decodeURI(new URL(url).pathname.slice(new URL(scope).pathname.length)) || 'index.html';
  return path in RELEASE.files ? path : undefined;
}

async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(NAME);
  const response = (await cache.match(new URL(path, scope))) ?? (await fetch(request));
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(RELEASE.headers))
    if (!headers.has(name)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
