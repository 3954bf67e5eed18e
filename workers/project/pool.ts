import type { SAHPoolUtil } from '@sqlite.org/sqlite-wasm';
import { MaskletError } from '../../src/core/errors.ts';
import type { Database } from './database.ts';
import { poolFolder } from './folders.ts';
import { loadSqlite, SqliteDatabase, type SqliteModule } from './sqlite.ts';

/** A database and its journal, both once more while a damaged one is read into a new one. */
const FILES = 4;

/** The name of the n-th database: each time that one has to be recovered, the next one takes its place. */
const nameOf = (n: number) => `/project-${n}.db`;
const numberOf = (name: string) => Number(/^\/project-(\d+)\.db$/.exec(name)?.[1] ?? NaN);

let lastPool = 0;

/**
 * The files of one project's database in the browser's private storage, which nobody else can touch until they are released.
 * They lie in a folder of their own, so that two tabs can work on two projects.
 */
export class Pool {
  readonly #sqlite: SqliteModule;
  readonly #util: SAHPoolUtil;

  private constructor(sqlite: SqliteModule, util: SAHPoolUtil) {
    this.#sqlite = sqlite;
    this.#util = util;
  }

  /** Takes hold of a project's files. @throws `project-busy` if another tab has them */
  static async hold(id: string): Promise<Pool> {
    const sqlite = await loadSqlite();
    try {
      const util = await sqlite.installOpfsSAHPoolVfs({
        // A name is registered for good, also after it failed.
        name: `project-${++lastPool}`,
        directory: poolFolder(id),
        initialCapacity: FILES,
        // Else SQLite deletes the files where another tab has them open.
        preserveOnInitFailure: true,
      });
      return new Pool(sqlite, util);
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'NoModificationAllowedError')
        throw new MaskletError(
          'project-busy',
          'This project is open in another tab. Close it there, then try again.',
          { cause: thrown },
        );
      throw thrown;
    }
  }

  /** Whether there is a database in it. */
  get hasDatabase(): boolean {
    return this.#number !== undefined;
  }

  /** The lowest one counts: one with a higher number may not be whole yet. */
  get #number(): number | undefined {
    const numbers = this.#util.getFileNames().map(numberOf);
    return numbers.filter((number) => number >= 0).sort((a, b) => a - b)[0];
  }

  get #name(): string {
    return nameOf(this.#number ?? 0);
  }

  /** Opens the database; an empty one is made where there is none. Whoever gets it closes it before the files are released. */
  open(): Database {
    const database = new SqliteDatabase(this.#sqlite, new this.#util.OpfsSAHPoolDb(this.#name));
    try {
      database.exec('pragma journal_mode = truncate; pragma synchronous = full; pragma temp_store = memory;');
      return database;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  /** The bytes of the database's file, whether or not it can be read. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#util.exportFile(this.#name) as Uint8Array<ArrayBuffer>;
  }

  /** Puts in a database where there is none. */
  async put(bytes: Uint8Array): Promise<void> {
    await this.#util.importDb(nameOf(0), bytes);
  }

  /** Puts a database in place of one that is damaged. That one goes when the other is all there. */
  async replace(bytes: Uint8Array): Promise<void> {
    const former = this.#name;
    await this.#util.importDb(nameOf(numberOf(former) + 1), bytes);
    this.#util.unlink(former);
    this.#util.unlink(`${former}-journal`);
  }

  /** Lets go of the files. */
  release(): void {
    this.#util.pauseVfs();
  }
}

/** The result code of SQLite that a thrown value carries, without its details. */
export function sqliteCode(thrown: unknown): number | undefined {
  const code = (thrown as { resultCode?: unknown } | undefined)?.resultCode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

const [SQLITE_CORRUPT, SQLITE_FULL, SQLITE_NOTADB] = [11, 13, 26];

/** Whether SQLite says that the file is damaged. */
export function isDamage(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Whether SQLite or the browser says that there is no room. */
export function isFull(thrown: unknown): boolean {
  if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') return true;
  return sqliteCode(thrown) === SQLITE_FULL;
}
