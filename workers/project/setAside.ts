import { MaskletError } from '../../src/core/errors.ts';
import type { OpenedProject } from '../../src/core/protocol/project.ts';
import { writeProjectFile } from './folders.ts';
import { isFull, Pool } from './pool.ts';
import { openBytes } from './projectBytes.ts';
import { loadProject } from './projectDatabase.ts';
import { recoverInto } from './recover.ts';
import { savingError } from './savingError.ts';
import { loadSqlite, SqliteDatabase } from './sqlite.ts';

/** What the file of a damaged project is called in the project's folder. */
export const DAMAGED = 'damaged.masklet';

/**
 * Keeps the file of a damaged project as it is, and reads what can be read into a new database in its place. Gives what was read.
 *
 * @throws `project-damaged` if that is nothing; `storage-full`
 */
export async function setAside(id: string): Promise<OpenedProject> {
  const pool = await Pool.hold(id);
  try {
    const bytes = pool.bytes();
    await writeProjectFile(id, DAMAGED, new Blob([bytes]));
    const recovered = SqliteDatabase.inMemory(await loadSqlite());
    const former = await openBytes(bytes).catch(() => undefined);
    const losses = former ? recoverInto(recovered, former) : [];
    former?.close();
    const project = { ...loadProject(recovered), losses: ['The project was damaged.', ...losses] };
    await pool.replace(recovered.bytes());
    recovered.close();
    return project;
  } catch (thrown) {
    if (isFull(thrown)) throw await savingError(id, thrown);
    throw new MaskletError(
      'project-damaged',
      'This project is damaged, and nothing of it could be read. Its file was kept as it is: save it as a file to have it looked at.',
      { cause: thrown },
    );
  } finally {
    pool.release();
  }
}
