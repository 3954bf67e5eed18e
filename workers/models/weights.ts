import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { parseEmbeddedManifest, type EmbeddedManifest } from './embeddedManifest.ts';
import type { WeightFile } from './manifestParts.ts';

const CACHE_NAME = 'masklet-weights';

export interface LoadedWeights {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fromCache: boolean;
}

export interface WeightProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/**
 * The contents of a weight file: from the cache where it is there, else from the network, then kept. Both are checked
 * against the manifest's size and SHA-256, so that nothing half-written or altered is ever used.
 *
 * @throws MaskletError `weights-missing` where the server has no such file, `weights-unreachable` where it does not answer
 *   or breaks off, `weights-altered` where the content is not the file's, `aborted`.
 */
export async function loadWeights(
  file: WeightFile,
  manifestUrl: string,
  onProgress: (loadedBytes: number) => void,
  signal: AbortSignal,
): Promise<LoadedWeights> {
  const url = new URL(file.path, manifestUrl).href;
  const cache = await openCache();
  // The hash is part of the key: a new release of the weights does not meet the old ones.
  const key = `${url}?sha256=${file.sha256}`;
  const cached = await cache?.match(key);
  if (cached) {
    const bytes = new Uint8Array(await cached.arrayBuffer());
    throwIfAborted(signal);
    if (await matches(bytes, file)) {
      onProgress(file.bytes);
      return { bytes, fromCache: true };
    }
    await cache?.delete(key);
  }
  const bytes = await download(url, file, onProgress, signal);
  if (!(await matches(bytes, file))) {
    throw new MaskletError(
      'weights-altered',
      `The model file ${file.path} is not the one that belongs to this model: its content has changed. Try again, or set the app up again.`,
    );
  }
  // A full disk costs the next visit a download, not this one its model.
  await cache?.put(key, new Response(bytes)).catch((cause: unknown) => {
    console.warn(`The model file ${file.path} could not be kept for the next visit.`, cause);
  });
  return { bytes, fromCache: false };
}

/**
 * A model's manifest: from the server, so that it is never older than the app; from the cache where the server is out of
 * reach.
 *
 * @throws MaskletError `weights-missing`, `weights-unreachable`, `weights-altered`, `aborted`
 */
export async function loadManifest(url: string, signal: AbortSignal): Promise<EmbeddedManifest> {
  const cache = await openCache();
  const name = 'The model’s description';
  let response: Response;
  try {
    response = await reach(name, signal, () => fetch(url, { signal, cache: 'no-cache' }));
    if (!response.ok) throw missing(name, response.status);
    await cache?.put(url, response.clone()).catch(() => undefined);
  } catch (error) {
    throwIfAborted(signal);
    const cached = await cache?.match(url);
    if (!cached) throw error;
    response = cached;
  }
  const json: unknown = await response.json().catch(() => undefined);
  return parseEmbeddedManifest(json);
}

/** `undefined` where the browser refuses storage, as some do in private windows. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await caches.open(CACHE_NAME);
  } catch {
    return undefined;
  }
}

async function download(
  url: string,
  file: WeightFile,
  onProgress: (loadedBytes: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const what = `The model file ${file.path}`;
  // The browser's own cache is left out: it would hold the file a second time.
  const response = await reach(what, signal, () => fetch(url, { signal, cache: 'no-store' }));
  if (!response.ok || !response.body) throw missing(what, response.status);
  const bytes = new Uint8Array(file.bytes);
  let loadedBytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reach(what, signal, () => reader.read());
    if (done) break;
    if (loadedBytes + value.length > file.bytes) {
      await reader.cancel();
      throw wrongSize(file, `more than ${loadedBytes + value.length}`);
    }
    bytes.set(value, loadedBytes);
    loadedBytes += value.length;
    onProgress(loadedBytes);
  }
  if (loadedBytes !== file.bytes) throw wrongSize(file, String(loadedBytes));
  return bytes;
}

/** Runs a step of the download; what fails in it is the connection. */
async function reach<Result>(
  what: string,
  signal: AbortSignal,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    throwIfAborted(signal);
    throw new MaskletError(
      'weights-unreachable',
      `${what} could not be downloaded: the connection failed. Check it, then try again.`,
      { cause },
    );
  }
}

function missing(what: string, status: number): MaskletError {
  return new MaskletError(
    'weights-missing',
    `${what} is not on the server (it answered ${status}). Set the app up again, then try again.`,
  );
}

function wrongSize(file: WeightFile, got: string): MaskletError {
  return new MaskletError(
    'weights-altered',
    `The model file ${file.path} should have ${file.bytes} bytes, but ${got} came. Try again, or set the app up again.`,
  );
}

async function matches(bytes: Uint8Array<ArrayBuffer>, file: WeightFile): Promise<boolean> {
  if (bytes.length !== file.bytes) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === file.sha256;
}
