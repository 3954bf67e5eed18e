import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { WeightFile } from '../models/manifestParts.ts';
import { altered, fetchWhole, type FetchOptions } from './fetchWeights.ts';
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

export interface ObtainOptions extends FetchOptions {
  /** What happens where the file cannot be kept: it serves once, from memory, or this fails with `storage-full` or `storage-failed`. */
  readonly unkept: 'use' | 'fail';
}

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

function gone({ path }: WeightFile): MaskletError {
  return new MaskletError(
    'weights-missing',
    `The model file ${path} is no longer in this browser’s storage: add the model’s folder again.`,
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
