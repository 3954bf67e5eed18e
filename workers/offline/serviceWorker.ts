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

/** Path and integrity hash. */
type ReleaseFile = readonly [string, string];

/** The build puts it in front of this script (tools/build/offline.ts). */
declare const RELEASE: Release;
declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
/** Another release at another path of this host has its own. */
const PREFIX = `masklet ${scope} `;
const NAME = PREFIX + RELEASE.version;

self.addEventListener('install', (event) => event.waitUntil(keepRelease()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const file = fileOf(event.request);
  if (file) event.respondWith(answer(file));
});

/** A file that is not exactly the release's fails all of it: the host may be in the middle of a change. */
async function keepRelease(): Promise<void> {
  const cache = await caches.open(NAME);
  const keep = async (file: ReleaseFile) => {
    const response = await fetchFile(file);
    if (!response.ok) throw new Error(`${file[0]}: ${response.status}`);
    await cache.put(new URL(file[0], scope), response);
  };
  await Promise.all(Object.entries(RELEASE.files).map(keep));
}

/** A file of this release from the host, and of no other one. @throws TypeError if the host has another one, or is out of reach */
function fetchFile([path, integrity]: ReleaseFile): Promise<Response> {
  // A name in `assets` holds a hash; any other file may be an earlier one in the browser's own cache.
  const cache = path.startsWith('assets/') ? 'default' : 'no-cache';
  return fetch(new URL(path, scope), { integrity, cache });
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** The release's file that is asked for; `undefined` for anything else, which is the network's. */
function fileOf({ method, url }: Request): ReleaseFile | undefined {
  if (method !== 'GET' || !url.startsWith(scope)) return undefined;
  const path = decodeURI(new URL(url).pathname.slice(new URL(scope).pathname.length)) || 'index.html';
  return Object.entries(RELEASE.files).find(([name]) => name === path);
}

async function answer(file: ReleaseFile): Promise<Response> {
  const cache = await caches.open(NAME);
  const response = (await cache.match(new URL(file[0], scope))) ?? (await fetchFile(file));
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(RELEASE.headers))
    if (!headers.has(name)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
