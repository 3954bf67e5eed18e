import * as Comlink from 'comlink';
import { MaskletError } from '../../src/core/errors.ts';
import type { OpenedProject } from '../../src/core/protocol/project.ts';
import type { Database } from './database.ts';
import { loadSqlite, SqliteDatabase } from './sqlite.ts';

/** Opens a project's file in memory. @throws `file-not-project` if it is no SQLite file */
export async function openBytes(bytes: Uint8Array): Promise<Database> {
  const header = new TextDecoder().decode(bytes.subarray(0, 15));
  if (header !== 'SQLite format 3')
    throw new MaskletError('file-not-project', 'This file is not a project of Masklet.');
  return SqliteDatabase.inMemory(await loadSqlite(), bytes);
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
