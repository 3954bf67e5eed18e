import { MaskletError } from '../../src/core/errors.ts';
import { removeProjectFile, writeProjectFile } from './folders.ts';
import { isFull } from './pool.ts';

/** Saves something of a project. @throws MaskletError that tells a person why it could not be saved */
export async function saving(id: string, save: () => void): Promise<void> {
  try {
    save();
  } catch (thrown) {
    throw await savingError(id, thrown);
  }
}

/** What a person is told of work on a project that could not be saved: `storage-full` where that is why. */
export async function savingError(id: string, thrown: unknown): Promise<unknown> {
  if (thrown instanceof MaskletError) return thrown;
  if (isFull(thrown) || (await isStorageFull(id))) {
    return new MaskletError(
      'storage-full',
      'Not saved: the browser’s storage is full. Save the project as a file, or make room: delete old projects, or the videos that are kept with them.',
      { cause: thrown },
    );
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new MaskletError('unknown', `Not saved: the browser’s storage failed (${message}).`, {
    cause: thrown,
  });
}

const PROBE = 'probe';

/** Whether the browser refuses to store more: SQLite does not tell that from other failures, so it is tried. */
async function isStorageFull(id: string): Promise<boolean> {
  try {
    await writeProjectFile(id, PROBE, new Blob([new Uint8Array(128 << 10)]));
    await removeProjectFile(id, PROBE);
    return false;
  } catch (thrown) {
    return isFull(thrown);
  }
}
