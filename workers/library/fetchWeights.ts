import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { WeightFile } from '../models/manifestParts.ts';
import type { PartialFile } from './modelFolder.ts';

/** What whoever waits for a download can say and hear. */
export interface FetchOptions {
  readonly onProgress: (loadedBytes: number) => void;
  readonly signal: AbortSignal;
}

/** Smaller files are not worth a request for the rest. */
const RESUMABLE_BYTES = 2 ** 20;
/** How long to wait before going on with a download that broke, in milliseconds. */
const RETRY_DELAY = 1000;

/**
 * Fetches what is missing of a file; goes on after a break as long as every try brings something.
 *
 * @param part what has come so far, to which the rest is added; what cannot be of this file is cleared
 * @throws MaskletError `weights-missing`, `weights-unreachable`, `weights-altered` or `aborted`; see `obtainFile`
 */
export async function fetchWhole(
  url: URL,
  file: WeightFile,
  part: PartialFile,
  options: FetchOptions,
): Promise<void> {
  if (part.size > file.bytes || file.bytes < RESUMABLE_BYTES) part.clear();
  for (;;) {
    const before = part.size;
    try {
      await fetchRest(url, file, part, options);
      return;
    } catch (error) {
      const isBroken = error instanceof MaskletError && error.code === 'weights-unreachable';
      if (!isBroken || part.size <= before) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY));
      throwIfAborted(options.signal);
    }
  }
}

async function fetchRest(
  url: URL,
  file: WeightFile,
  part: PartialFile,
  { onProgress, signal }: FetchOptions,
): Promise<void> {
  if (part.size === file.bytes) return;
  const what = `The model file ${file.path}`;
  const headers: HeadersInit = part.size > 0 ? { Range: `bytes=${part.size}-` } : {};
  // The browser's own cache is left out: it would hold the file a second time.
  const response = await reach(what, url, signal, () => fetch(url, { signal, headers, cache: 'no-store' }));
  if (response.status === 416) {
    part.clear();
    throw altered(file);
  }
  if (!response.ok || !response.body) throw refused(what, url, response.status);
  if (response.status !== 206) part.clear();
  const begun = part.size;
  onProgress(begun);
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reach(what, url, signal, () => reader.read());
      if (done) break;
      if (part.size + value.length > file.bytes) {
        const size = part.size + value.length;
        part.clear();
        throw wrongSize(file, `more than ${size}`);
      }
      part.write(value);
      onProgress(part.size);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (part.size === file.bytes) return;
  // Either the connection ended without an error, or the server says that this is all.
  if (Number(response.headers.get('content-length')) === file.bytes - begun)
    throw broken(what, url, undefined);
  const { size } = part;
  part.clear();
  throw wrongSize(file, String(size));
}

/** Runs a step of the download; what fails in it is the connection. */
export async function reach<Result>(
  what: string,
  url: URL,
  signal: AbortSignal,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    throwIfAborted(signal);
    throw broken(what, url, cause);
  }
}

function broken(what: string, url: URL, cause: unknown): MaskletError {
  const reason = isOwn(url)
    ? 'the connection failed'
    : `the connection to ${url.host} failed, or it does not let this page read its files`;
  return new MaskletError(
    'weights-unreachable',
    `${what} could not be downloaded: ${reason}. Check it, then try again: what has come is kept.`,
    { cause },
  );
}

/** What a server's refusal means: the file is not there for us, or it cannot be had just now. */
export function refused(what: string, url: URL, status: number): MaskletError {
  const where = isOwn(url) ? 'the server' : url.host;
  if (![401, 403, 404, 410].includes(status)) {
    return new MaskletError(
      'weights-unreachable',
      `${what} could not be downloaded: ${where} answered ${status}. Try again later: what has come is kept.`,
    );
  }
  const help = isOwn(url)
    ? 'Set the app up again, then try again'
    : 'Try again later, or choose another model';
  return new MaskletError('weights-missing', `${what} is not on ${where} (it answered ${status}). ${help}.`);
}

function isOwn(url: URL): boolean {
  return url.origin === location.origin;
}

/** What a person is told of a file whose content is not what the manifest says. */
export function altered({ path }: WeightFile): MaskletError {
  return new MaskletError(
    'weights-altered',
    `The model file ${path} is not the one that belongs to this model: its content has changed. Try again; if it stays so, choose another model or set the app up again.`,
  );
}

function wrongSize(file: WeightFile, got: string): MaskletError {
  return new MaskletError(
    'weights-altered',
    `The model file ${file.path} should have ${file.bytes} bytes, but ${got} came. Try again; if it stays so, choose another model or set the app up again.`,
  );
}
