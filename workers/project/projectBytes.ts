import * as Comlink from 'comlink';
import { MaskletError } from '../../src/core/errors.ts';
import type { OpenedProject, ProjectChanges, ProjectFacts } from '../../src/core/protocol/project.ts';
import type { Database } from './database.ts';
import { isDamage } from './pool.ts';
import { createProject, loadProject, saveProject } from './projectDatabase.ts';
import { recoverInto } from './recover.ts';
import { loadSqlite, SqliteDatabase } from './sqlite.ts';

/** Opens a project's file in memory. @throws `file-not-project` if it is no SQLite file */
export async function openBytes(bytes: Uint8Array): Promise<Database> {
  const header = new TextDecoder().decode(bytes.subarray(0, 15));
  if (header !== 'SQLite format 3')
    throw new MaskletError('file-not-project', 'This file is not a project of Masklet.');
  return SqliteDatabase.inMemory(await loadSqlite(), bytes);
}

/**
 * Opens a project's file in memory: of one that is damaged, what can be read of it, with what was lost, as sentences. Whoever gets the database
 * closes it.
 *
 * @throws `file-not-project`, `project-newer`; `project-damaged` where nothing can be read
 */
export async function openReadable(bytes: Uint8Array): Promise<{ database: Database; losses: string[] }> {
  const database = await openBytes(bytes);
  try {
    loadProject(database);
    return { database, losses: [] };
  } catch (thrown) {
    try {
      if (!isDamagedProject(thrown)) throw thrown;
      return await recovered(database);
    } finally {
      database.close();
    }
  }
}

async function recovered(damaged: Database): Promise<{ database: Database; losses: string[] }> {
  const database = SqliteDatabase.inMemory(await loadSqlite());
  try {
    const losses = ['The project was damaged.', ...recoverInto(database, damaged)];
    loadProject(database);
    return { database, losses };
  } catch (cause) {
    database.close();
    const message = 'This project is damaged, and nothing of it could be read. The file is as it was.';
    throw new MaskletError('project-damaged', message, { cause });
  }
}

/** Whether a project cannot be read because its file is damaged. */
export function isDamagedProject(thrown: unknown): boolean {
  return isDamage(thrown) || (thrown instanceof MaskletError && thrown.code === 'project-damaged');
}

/** A database's file. */
export function blobOf(database: Database): Blob {
  return new Blob([database.bytes()], { type: 'application/vnd.sqlite3' });
}

/** The file of a project that an empty database is made of, which this closes. */
export function fileOf(database: Database, facts: ProjectFacts, changes: ProjectChanges): Blob {
  try {
    createProject(database, facts);
    saveProject(database, changes);
    return blobOf(database);
  } finally {
    database.close();
  }
}

/** A project that moves to the page instead of being copied. */
export function transferred(project: OpenedProject): OpenedProject {
  return Comlink.transfer(
    project,
    project.history.masks.flatMap(({ firsts, lasts, columns: { more: _, provenanceOf: __, ...columns } }) =>
      [firsts, lasts, ...Object.values(columns)].map(({ buffer }) => buffer),
    ),
  );
}
