/** A value of SQLite as it goes in and comes out. */
export type SqlValue = string | number | null | Uint8Array<ArrayBuffer>;

export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A row that was just read. Columns count from 0; what is null reads as 0, or as empty. */
export interface RowReader {
  integer(column: number): number;
  real(column: number): number;
  text(column: number): string;
  /** The bytes of a text or blob, until the next row is read. */
  bytes(column: number): Uint8Array;
}

/** A SQLite database, wherever it lies. Each method throws what SQLite says. */
export interface Database {
  /** Runs statements that take no values and give none. */
  exec(sql: string): void;
  /** Runs one statement. */
  run(sql: string, values?: readonly SqlValue[]): void;
  /** The rows that a statement gives. */
  query<Row = SqlRow>(sql: string, values?: readonly SqlValue[]): Row[];
  /** The same rows one by one, as they are read. */
  each(sql: string): Generator<SqlRow, void, undefined>;
  /** Visits the rows of a statement without making objects of them: for very many. */
  scan(sql: string, values: readonly SqlValue[], visit: (row: RowReader) => void): void;
  /** Does all of the work, or none of it where it throws. */
  transaction(work: () => void): void;
  /** The whole database as the bytes of its file. */
  bytes(): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** The first column of the only row that a statement gives; `undefined` if there is none. */
export function single(
  database: Database,
  sql: string,
  values: readonly SqlValue[] = [],
): SqlValue | undefined {
  const row = database.query(sql, values)[0];
  return row && Object.values(row)[0];
}
