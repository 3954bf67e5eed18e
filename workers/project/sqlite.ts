import type * as Sqlite from '@sqlite.org/sqlite-wasm';
import type { Database, RowReader, SqlRow, SqlValue } from './database.ts';

export type SqliteModule = Sqlite.Sqlite3Static;

let loading: Promise<SqliteModule> | undefined;

/** SQLite, which is fetched when it is first needed. */
export function loadSqlite(): Promise<SqliteModule> {
  loading ??= start();
  loading.catch(() => (loading = undefined));
  return loading;
}

async function start(): Promise<SqliteModule> {
  // The other ways into the browser's storage start workers and files of their own.
  const unused = { kvvfs: true, opfs: true, 'opfs-vfs': true, 'opfs-wl': true };
  Object.assign(globalThis, { sqlite3ApiConfig: { disable: { vfs: unused } } });
  const { default: init } = await import('@sqlite.org/sqlite-wasm');
  return init();
}

/** A database by way of SQLite's WebAssembly build. Statements are kept: most are run many times. */
export class SqliteDatabase implements Database {
  readonly #sqlite: SqliteModule;
  readonly #database: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.PreparedStatement>();

  /** @param database an open one, which this then closes */
  constructor(sqlite: SqliteModule, database: Sqlite.Database) {
    this.#sqlite = sqlite;
    this.#database = database;
  }

  /** A database in memory. @param bytes of a file to start from */
  static inMemory(sqlite: SqliteModule, bytes?: Uint8Array): SqliteDatabase {
    const database = new sqlite.oo1.DB(':memory:');
    if (bytes) deserialize(sqlite, database, bytes);
    return new SqliteDatabase(sqlite, database);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, values: readonly SqlValue[] = []): void {
    this.#use(sql, values, (statement) => {
      statement.step();
    });
  }

  query<Row = SqlRow>(sql: string, values: readonly SqlValue[] = []): Row[] {
    const rows: Row[] = [];
    this.#use(sql, values, (statement) => {
      while (statement.step()) rows.push(statement.get({}) as Row);
    });
    return rows;
  }

  *each(sql: string): Generator<SqlRow, void, undefined> {
    const statement = this.#database.prepare(sql);
    try {
      while (statement.step()) yield statement.get({}) as SqlRow;
    } finally {
      statement.finalize();
    }
  }

  scan(sql: string, values: readonly SqlValue[], visit: (row: RowReader) => void): void {
    this.#use(sql, values, (statement) => {
      const { capi, wasm } = this.#sqlite;
      const { pointer } = statement;
      if (pointer === undefined) throw new Error('The statement is finished.');
      const compiled = wasm.exports as Compiled;
      const row = readerOf(this.#sqlite, Number(pointer));
      const step = () => compiled.sqlite3_step(Number(pointer));
      let result = step();
      for (; result === capi.SQLITE_ROW; result = step()) visit(row);
      if (result !== capi.SQLITE_DONE) this.#database.checkRc(result);
    });
  }

  transaction(work: () => void): void {
    this.exec('begin immediate');
    try {
      work();
      this.exec('commit');
    } catch (thrown) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (!this.#sqlite.capi.sqlite3_get_autocommit(this.#pointer)) this.exec('rollback');
      throw thrown;
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#sqlite.capi.sqlite3_js_db_export(this.#pointer);
  }

  close(): void {
    this.#forget();
    this.#database.close();
  }

  get #pointer() {
    const { pointer } = this.#database;
    if (pointer === undefined) throw new Error('The database is closed.');
    return pointer;
  }

  #use(sql: string, values: readonly SqlValue[], use: (statement: Sqlite.PreparedStatement) => void): void {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    try {
      if (values.length > 0) statement.bind([...values]);
      use(statement);
    } finally {
      try {
        statement.reset(true);
      } catch {
        // It says again what the step threw.
      }
    }
  }

  #forget(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
  }
}

/** SQLite's functions as they are compiled: those of the library check and convert what they are given, which takes most of the time. */
interface Compiled {
  readonly sqlite3_step: (statement: number) => number;
  readonly sqlite3_column_int: (statement: number, column: number) => number;
  readonly sqlite3_column_double: (statement: number, column: number) => number;
  readonly sqlite3_column_blob: (statement: number, column: number) => number;
  readonly sqlite3_column_bytes: (statement: number, column: number) => number;
}

function readerOf({ wasm }: SqliteModule, statement: number): RowReader {
  const compiled = wasm.exports as Compiled;
  const bytes = (column: number) => {
    const start = compiled.sqlite3_column_blob(statement, column);
    return wasm.heap8u().subarray(start, start + compiled.sqlite3_column_bytes(statement, column));
  };
  return {
    integer: (column) => compiled.sqlite3_column_int(statement, column),
    real: (column) => compiled.sqlite3_column_double(statement, column),
    text: (column) => {
      const length = compiled.sqlite3_column_bytes(statement, column);
      return length === 0 ? '' : decoder.decode(bytes(column));
    },
    bytes,
  };
}

const decoder = new TextDecoder();

function deserialize({ capi, wasm }: SqliteModule, database: Sqlite.Database, bytes: Uint8Array): void {
  if (database.pointer === undefined) throw new Error('The database is closed.');
  // Node's Buffer is a Uint8Array that the library does not take for one.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = wasm.allocFromTypedArray(plain);
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  database.checkRc(
    capi.sqlite3_deserialize(database.pointer, 'main', data, bytes.length, bytes.length, flags),
  );
}
