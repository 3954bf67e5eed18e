import type { ProjectEntry } from '../../src/core/protocol/project.ts';
import { single, type Database } from './database.ts';
import { readProjectFile, writeProjectFile } from './folders.ts';
import { readFacts } from './projectDatabase.ts';
import { countWaiting } from './waitingTable.ts';
import { readValue } from './writeHistory.ts';

const FILE = 'entry.json';

/** A project's entry with what the list does not show. */
export interface StoredEntry extends ProjectEntry {
  /** When it was deleted, in milliseconds since 1970; `null` if it was not. */
  readonly deletedAt: number | null;
}

/** How often an entry is read that another tab writes at that moment, and how long to wait in between, in milliseconds. */
const [ATTEMPTS, PAUSE] = [5, 50];

/** The entry that is kept beside a project's database; nothing where it is lost or damaged: the database knows it all. */
export async function readEntry(id: string): Promise<StoredEntry | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const file = await readProjectFile(id, FILE);
      if (file === undefined) return undefined;
      // Those of former versions say nothing of what waits.
      const entry = JSON.parse(await file.text()) as Omit<StoredEntry, 'waiting'> & Partial<StoredEntry>;
      return typeof entry.name === 'string' ? { ...entry, waiting: entry.waiting ?? 0, id } : undefined;
    } catch (thrown) {
      const isBeingWritten = thrown instanceof DOMException && thrown.name === 'NotReadableError';
      if (!isBeingWritten && !(thrown instanceof SyntaxError)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return undefined;
}

/** Keeps an entry, so that the list needs no database. */
export async function writeEntry(entry: StoredEntry): Promise<void> {
  await writeProjectFile(entry.id, FILE, new Blob([JSON.stringify(entry)]));
}

/** What a database says of itself, with what it does not know from the former entry. */
export function entryOf(id: string, database: Database, former: StoredEntry | undefined): StoredEntry {
  const { name, picture, clip } = readFacts(database);
  return {
    ...{ id, name, picture, frameCount: clip.frameCount, duration: clip.duration },
    changedAt: Number(readValue(database, 'changed') ?? 0),
    waiting: countWaiting(database),
    bytes: bytesOf(database),
    videoBytes: former?.videoBytes ?? 0,
    isOpen: former?.isOpen ?? false,
    deletedAt: former?.deletedAt ?? null,
  };
}

/** Bytes of a database's file. */
export function bytesOf(database: Database): number {
  const number = (sql: string) => Number(single(database, sql) ?? 0);
  return number('pragma page_count') * number('pragma page_size');
}
