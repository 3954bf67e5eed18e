import * as Comlink from 'comlink';
import { MaskletError } from '../../src/core/errors.ts';
import type { OpenedProject, ProjectChanges, ProjectFacts } from '../../src/core/protocol/project.ts';
import type { Database } from './database.ts';
import { createProject, saveProject } from './projectDatabase.ts';
import { loadSqlite, SqliteDatabase } from './sqlite.ts';

/** Opens a project's file in memory. @throws `file-not-project` if it is no SQLite file */
export async function openBytes(bytes: Uint8Array): Promise<Database> {
  const header = new TextDecoder().decode(bytes.subarray(0, 15));
  if (header !== 'SQLite format 3')
    throw new MaskletError('file-not-project', 'This file is not a project of Masklet.');
  return SqliteDatabase.inMemory(await loadSqlite(), bytes);
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
    project.history.masks.flatMap(({ firsts, lasts, columns: { more: _, ...columns } }) =>
      [firsts, lasts, ...Object.values(columns)].map(({ buffer }) => buffer),
    ),
  );
}
