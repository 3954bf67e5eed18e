import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../../workers/models/manifest.ts';

/**
 * What the page may do, as headers that a browser enforces: run the app's own code only, and speak to nobody but the app's own
 * server and the hubs of the catalogue.
 */

/** Other hosts that a hub sends a download on to. */
const SENDS_ON_TO: Readonly<Record<string, readonly string[]>> = {
  'https://huggingface.co': ['https://*.huggingface.co', 'https://*.hf.co'],
};

/**
 * Where the files of the catalogue's models come from: origins, with those that they send on to, as a policy has them.
 *
 * @param folder with `catalogue.json` and the manifests that it names
 */
export async function hubsOf(folder: string): Promise<string[]> {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  const paths = Object.values((await read('catalogue.json')) as Record<string, string>);
  const manifests = await Promise.all(paths.map(async (path) => parseManifest(await read(path))));
  const origins = manifests.flatMap(({ base }) => (URL.canParse(base) ? new URL(base).origin : []));
  return Array.from(new Set(origins), (origin) => [origin, ...(SENDS_ON_TO[origin] ?? [])]).flat();
}

/** The Content-Security-Policy without what only a header can say. @param hubs as `hubsOf` gives them */
export function contentPolicy(hubs: readonly string[]): string {
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    // `mediabunny` takes transparent video apart in a worker of its own.
    'worker-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", ...hubs],
    // Pictures and sound of the files that a person opens.
    'img-src': ["'self'", 'blob:'],
    'media-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'frame-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    // Addresses of workers go through the app's own default policy (src/core/scriptAddresses.ts).
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['default'],
  };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');
}

/** Cross-origin isolation: without it the browser gives no shared memory, and WASM runs on one thread. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** All headers that the app is to be served with. @param hubs as `hubsOf` gives them */
export function securityHeaders(hubs: readonly string[]): Record<string, string> {
  return {
    'Content-Security-Policy': `${contentPolicy(hubs)}; frame-ancestors 'none'`,
    ...ISOLATION,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/** Files whose names hold a hash of what is in them are kept for good; all others are asked for anew. */
export const CACHING = { assets: 'public, max-age=31536000, immutable', other: 'no-cache' };
