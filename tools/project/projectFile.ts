import { readFile } from 'node:fs/promises';
import type { OpenedProject } from '../../src/core/protocol/project.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import type { States } from '../../src/document/saved/states.ts';
import type { Database } from '../../workers/project/database.ts';
import { loadProject } from '../../workers/project/projectDatabase.ts';
import { loadSqlite, SqliteDatabase } from '../../workers/project/sqlite.ts';

/** A project's file in memory, in Node: the same code and the same SQLite as in the browser. */
export async function openDatabase(bytes?: Uint8Array): Promise<Database> {
  return SqliteDatabase.inMemory(await loadSqlite(), bytes);
}

/** Reads `NAME.masklet`. Whoever gets the database closes it. @throws `file-not-project`, `project-newer` */
export async function openProjectFile(
  path: string,
): Promise<{ database: Database; project: OpenedProject; states: States }> {
  const database = await openDatabase(await readFile(path));
  const project = loadProject(database);
  return { database, project, states: readHistory(project.history, project.facts.clip) };
}
