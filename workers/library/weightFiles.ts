import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { WeightFile } from '../models/manifestParts.ts';
import {
  memoryFile,
  type ModelFolder,
  type PartialFile,
  partName,
  storageFailed,
  storageFull,
} from './modelFolder.ts';

/** Where a model's files come from and where they are kept. */
export interface WeightPlace {
  /** Absolute address that the files' paths are relative to; `undefined` for a model that was added from a folder. */
  readonly base: string | undefined;
  /** `undefined` where the browser has no storage: the files are then downloaded at every visit. */
  readonly folder: ModelFolder | undefined;
}

export interface ObtainedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isKept: boolean;
  /** Whether it was there before. */
  readonly wasKept: boolean;
}

export interface ObtainOptions {
  readonly onProgress: (loadedBytes: number) => void;
  readonly signal: AbortSignal;
  /** What happens where the file cannot be kept: it serves once, from memory, or this fails with `storage-full` or `storage-failed`. */
  readonly unkept: 'use' | 'fail';
}

/** Smaller files are not worth a request for the rest. */
const RESUMABLE_BYTES = 2 ** 20;
/** How long to wait before going on with a download that broke, in milliseconds. */
const RETRY_DELAY = 1000;

/**
 * The contents of a weight file: kept ones where they are, else from the network, then kept. Both are checked against the
 * manifest's size and SHA-256 (where that is not known, against what the first download had), so that nothing half-written or
 * altered is ever used. A download goes on where it broke off, at once or at the next visit.
 *
 * @throws MaskletError `weights-missing` where the server has no such file, `weights-unreachable` where it does not answer
 *   or breaks off, `weights-altered` where the content is not the file's, `storage-full`, `storage-failed`, `aborted`.
 */
export async function obtainFile(
  file: WeightFile,
  place: WeightPlace,
  options: ObtainOptions,
): Promise<ObtainedFile> {
  const { folder, base } = place;
  const fromMemory = () => download(file, { base, folder: undefined }, memoryFile(), options);
  if (!folder) return fromMemory();
  const name = keptName(file, base);
  // Another tab or worker may be at the same file: what it has brought is taken then.
  return navigator.locks.request(`masklet-weights-${name}`, { signal: options.signal }, async () => {
    try {
      return (await readKept(file, folder, base, options)) ?? (await keep(file, folder, base, options));
    } catch (error) {
      throwIfAborted(options.signal);
      const failure = asStorageFailure(error);
      if (failure === undefined || options.unkept === 'fail' || base === undefined) throw failure ?? error;
      console.warn(`The model file ${file.path} could not be kept for the next visit.`, error);
      return fromMemory();
    }
  });
}

/** A kept file that is whole; any other is deleted. */
async function readKept(
  file: WeightFile,
  folder: ModelFolder,
  base: string | undefined,
  { onProgress, signal }: ObtainOptions,
): Promise<ObtainedFile | undefined> {
  const name = keptName(file, base);
  const bytes = await folder.read(name);
  throwIfAborted(signal);
  if (!bytes) return undefined;
  if (await isIntact(bytes, file, { base, folder })) {
    onProgress(file.bytes);
    return { bytes, isKept: true, wasKept: true };
  }
  await folder.remove(name);
  return undefined;
}

async function keep(
  file: WeightFile,
  folder: ModelFolder,
  base: string | undefined,
  options: ObtainOptions,
): Promise<ObtainedFile> {
  if (base === undefined) throw gone(file);
  const part = await folder.openPart(keptName(file, base));
  await checkRoom(file.bytes - part.size).catch((error: unknown) => {
    part.close();
    throw error;
  });
  return download(file, { base, folder }, part, options);
}

/** What a storage threw, with a sentence; `undefined` for what is no failure of a storage. */
function asStorageFailure(error: unknown): MaskletError | undefined {
  if (!(error instanceof MaskletError)) return storageFailed(error);
  return error.code === 'storage-full' ? error : undefined;
}

/**
 * The name of a file in its model's folder. Another release of the weights does not meet this one: the hash is in it, or that of
 * the address where it is not known.
 */
export function keptName({ path, sha256, bytes }: WeightFile, base = ''): string {
  return `${sha256?.slice(0, 16) ?? `${bytes}-${shortHash(base)}`}-${path.replaceAll('/', '-')}`;
}

async function download(
  file: WeightFile,
  { base, folder }: WeightPlace,
  part: PartialFile,
  options: ObtainOptions,
): Promise<ObtainedFile> {
  let isOpen = true;
  try {
    if (base === undefined) throw gone(file);
    const url = new URL(file.path, base);
    await fetchWhole(url, file, part, options);
    const bytes = part.read();
    const hash = await sha256(bytes);
    if (hash !== (file.sha256 ?? hash)) {
      part.clear();
      throw altered(file);
    }
    isOpen = false;
    const isKept =
      folder !== undefined && (await putAway(file, { base, folder }, part, hash, options.unkept));
    return { bytes, isKept, wasKept: false };
  } finally {
    if (isOpen) part.close();
  }
}

/** Ends the writing of a file that is whole. Gives whether it will be there at the next visit. */
async function putAway(
  file: WeightFile,
  { base, folder }: { readonly base: string; readonly folder: ModelFolder },
  part: PartialFile,
  hash: string,
  unkept: ObtainOptions['unkept'],
): Promise<boolean> {
  try {
    await part.keep();
    if (file.sha256 === undefined) await folder.write(hashName(file, base), new TextEncoder().encode(hash));
    return true;
  } catch (error) {
    if (unkept === 'fail') throw error;
    console.warn(`The model file ${file.path} could not be kept for the next visit.`, error);
    return false;
  }
}

/** Fetches what is missing; goes on after a break as long as every try brings something. */
async function fetchWhole(
  url: URL,
  file: WeightFile,
  part: PartialFile,
  options: Pick<ObtainOptions, 'onProgress' | 'signal'>,
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
  { onProgress, signal }: Pick<ObtainOptions, 'onProgress' | 'signal'>,
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

function gone({ path }: WeightFile): MaskletError {
  return new MaskletError(
    'weights-missing',
    `The model file ${path} is no longer in this browser’s storage: add the model’s folder again.`,
  );
}

function altered({ path }: WeightFile): MaskletError {
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

/** @throws MaskletError `storage-full` if the browser would not keep so much more. */
async function checkRoom(bytes: number): Promise<void> {
  const { quota, usage } = await navigator.storage
    .estimate()
    .catch(() => ({ quota: undefined, usage: undefined }));
  if (quota !== undefined && usage !== undefined && quota - usage < bytes) throw storageFull(undefined);
}

async function isIntact(
  bytes: Uint8Array<ArrayBuffer>,
  file: WeightFile,
  { folder, base }: WeightPlace,
): Promise<boolean> {
  if (bytes.length !== file.bytes) return false;
  return (await sha256(bytes)) === (file.sha256 ?? (await folder?.readText(hashName(file, base))));
}

function hashName(file: WeightFile, base: string | undefined): string {
  return `${keptName(file, base)}.sha256`;
}

/** All names under which something of a file may lie in its model's folder. */
export function namesOf(file: WeightFile, base: string | undefined): string[] {
  const [name, hash] = [keptName(file, base), hashName(file, base)];
  return [name, partName(name), hash, partName(hash)];
}

/** FNV-1a: enough to tell one revision's address from another's. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
