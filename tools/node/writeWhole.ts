import * as files from 'node:fs/promises';
import { dirname } from 'node:path';
import { MaskletError } from '../../src/core/errors.ts';

/** What `writeWhole` needs of Node's file system. */
export type FileSystem = Pick<typeof files, 'open' | 'rename' | 'rm'>;

const TEMPORARY = /\.\d+\.tmp$/;

/** Whether a name is one under which `writeWhole` leaves a file behind when the process is killed. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Writes a file under another name beside it and moves it into place: whoever reads `path`, also after a crash or a power cut,
 * finds all of the old content or all of the new.
 * @throws MaskletError `storage-full` or `storage-failed` with the reason
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  system: FileSystem = files,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await system.open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await system.rename(temporary, path);
    await syncFolder(dirname(path), system);
  } catch (cause) {
    // What cannot be removed either is found and removed by the next run; the first reason is what counts.
    await system.rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, cause);
  }
}

/** A rename lasts once the folder is on the disk. Windows has no such call for folders. */
async function syncFolder(path: string, system: FileSystem): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await system.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The system's reason why something cannot be written, as a sentence. */
export function writeError(path: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new MaskletError('storage-full', `The disk is full: ${path} cannot be written.`, { cause });
  }
  if (typeof code !== 'string' || !(cause instanceof Error)) return cause;
  return new MaskletError('storage-failed', `${path} cannot be written: ${cause.message}.`, { cause });
}
