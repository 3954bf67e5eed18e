import { MaskletError } from '../../src/core/errors.ts';
import type { Database } from './database.ts';
import { entryOf, readEntry, writeEntry } from './entries.ts';
import { isFull, Pool } from './pool.ts';
import { savingError } from './savingError.ts';
import { prepareSchema } from './schema.ts';

/** A page keeps its entry up to date at most this often while it saves, in milliseconds. */
const ENTRY_INTERVAL = 5_000;

interface Held {
  readonly id: string;
  readonly pool: Pool;
  readonly database: Database;
}

/** The one project whose database stays open from call to call, if there is one. To be used by one call at a time. */
export class HeldProject {
  #held: Held | undefined;
  #entryWrittenAt = 0;

  /** Whether it is this project. */
  is(id: string): boolean {
    return this.#held?.id === id;
  }

  /** Its database. @throws MaskletError `not-ready` if another project is held, or none */
  database(id: string): Database {
    if (this.#held?.id === id) return this.#held.database;
    throw new MaskletError('not-ready', 'This project is not open.');
  }

  /**
   * Opens a project’s database. None is held before.
   *
   * @param prepare what is done before it counts as open
   * @throws what `prepare` throws, or MaskletError `storage-full`; the project is not held then
   */
  async hold(id: string, prepare: (database: Database) => void): Promise<void> {
    const pool = await Pool.hold(id);
    let database: Database | undefined;
    try {
      database = pool.open();
      prepare(database);
    } catch (thrown) {
      database?.close();
      pool.release();
      throw isFull(thrown) ? await savingError(id, thrown) : thrown;
    }
    this.#held = { id, pool, database };
  }

  /** Closes the database. @param isOpen whether the entry says that a page has the project open still */
  async letGo(isOpen: boolean): Promise<void> {
    if (this.#held === undefined) return;
    const { pool, database } = this.#held;
    await this.#writeEntry(isOpen).catch(() => undefined);
    this.#held = undefined;
    database.close();
    pool.release();
  }

  /** Writes that a page has the project open. */
  async noteOpen(): Promise<void> {
    await this.#writeEntry(true);
  }

  /** Brings the entry up to date with the database, unless that was done a moment ago. */
  async noteSaved(): Promise<void> {
    if (Date.now() - this.#entryWrittenAt > ENTRY_INTERVAL) await this.#writeEntry(true);
  }

  /** Uses the database of any project, which may be this one; another one’s is opened for that, and closed. */
  async use<Result>(id: string, work: (database: Database) => Promise<Result>): Promise<Result> {
    if (this.#held?.id === id) return work(this.#held.database);
    const pool = await Pool.hold(id);
    try {
      const database = pool.open();
      try {
        prepareSchema(database);
        return await work(database);
      } finally {
        database.close();
      }
    } finally {
      pool.release();
    }
  }

  async #writeEntry(isOpen: boolean): Promise<void> {
    if (this.#held === undefined) return;
    const { id, database } = this.#held;
    this.#entryWrittenAt = Date.now();
    await writeEntry({ ...entryOf(id, database, await readEntry(id)), isOpen });
  }
}
