import { compressedBytes } from '../../src/core/compressedRle.ts';
import type { Provenance } from '../../src/core/provenance.ts';
import type { MaskRle } from '../../src/core/rle.ts';
import type {
  HistoryChanges,
  MaskRow,
  ObjectRow,
  PromptRow,
  RowChanges,
  SettingsRow,
} from '../../src/core/protocol/savedHistory.ts';
import { single, type Database, type SqlValue } from './database.ts';
import { parseJson } from './plausible.ts';

const TABLES = ['settings_version', 'object_version', 'prompt_version', 'mask_version'] as const;

type Columns = Readonly<Record<string, SqlValue>>;

/** Makes the changes of a history. To be called within a transaction. */
export function writeHistory(database: Database, changes: HistoryChanges): void {
  const { oldest, present, newest } = changes;
  if (changes.isNew) for (const table of [...TABLES, 'step']) database.exec(`delete from ${table}`);
  writeRows(database, 'settings_version', changes.settings, ({ value }: SettingsRow) => ({ value }));
  writeRows(database, 'object_version', changes.objects, objectColumns);
  writeRows(database, 'prompt_version', changes.prompts, promptColumns);
  const numbers = new ProvenanceNumbers(database);
  writeRows(database, 'mask_version', changes.masks, (row) => maskColumns(row, numbers), 'rle');
  for (const { position, label } of changes.steps)
    database.run('insert or replace into step (position, label) values (?, ?)', [position, label]);
  const former = Number(readValue(database, 'oldest') ?? oldest);
  if (former < oldest)
    for (const table of TABLES) database.run(`delete from ${table} where last < ?`, [oldest]);
  database.run('delete from step where position <= ? or position > ?', [oldest, newest]);
  for (const [key, value] of Object.entries({ oldest, present, newest })) writeValue(database, key, value);
}

function writeRows<Row extends { first: number; last: number | null }, Plain>(
  database: Database,
  table: (typeof TABLES)[number],
  { drop, end, put }: RowChanges<Plain> & { readonly put: readonly Row[] },
  columns: (row: Row) => Columns,
  /** A column of text that comes as its bytes. */
  encoded?: string,
): void {
  const covers = 'object = ? and frame = ? and first <= ? and (last is null or last >= ?)';
  for (const { object, frame, at } of drop)
    database.run(`delete from ${table} where ${covers}`, [object, frame, at, at]);
  for (const { object, frame, at, last } of end)
    database.run(`update ${table} set last = ? where ${covers}`, [last, object, frame, at, at]);
  for (const row of put) {
    const all = { ...columns(row), first: row.first, last: row.last };
    const names = Object.keys(all);
    database.run(
      `insert or replace into ${table} (${names.join(', ')}) values (${names.map((name) => (name === encoded ? 'cast(? as text)' : '?')).join(', ')})`,
      Object.values(all),
    );
  }
}

function objectColumns({ object, place, name, color, locked, more }: ObjectRow): Columns {
  return { object, place, name, color, locked: JSON.stringify(locked), more };
}

function promptColumns({ object, frame, prompts, decoded }: PromptRow): Columns {
  const { points, box, mask, prior, around, reading = null, ...others } = prompts;
  const more = {
    ...others,
    ...(around && { around: around.map((each) => ({ ...each, mask: runs(each.mask) })) }),
  };
  return {
    ...{ object, frame, reading, decoded: Number(decoded) },
    points: JSON.stringify(points),
    box: box ? JSON.stringify(box) : null,
    mask: mask ? runs(mask) : null,
    prior: prior ? runs(prior) : null,
    more: Object.keys(more).length > 0 ? JSON.stringify(more) : null,
  };
}

function maskColumns({ rle, ...row }: MaskRow, numbers: ProvenanceNumbers): Columns {
  const { object, frame, status, score, origin, agreement, more } = row;
  const provenance = row.provenance && numbers.of(row.provenance);
  return { object, frame, status, score, origin, agreement, more, rle, provenance };
}

/** The numbers by which rows say where their masks come from. */
class ProvenanceNumbers {
  readonly #database: Database;
  readonly #known = new Map<Provenance, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The number of one; it gets one where it has none. */
  of(provenance: Provenance): number {
    let number = this.#known.get(provenance);
    if (number === undefined) {
      number = this.#find(provenance);
      this.#known.set(provenance, number);
    }
    return number;
  }

  #find({ origin, model }: Provenance): number {
    const values = [origin, model?.id ?? null, model?.version ?? null];
    const find = () =>
      single(
        this.#database,
        'select id from provenance where origin = ? and model is ? and version is ?',
        values,
      );
    if (find() === undefined)
      this.#database.run('insert into provenance (origin, model, version) values (?, ?, ?)', values);
    return Number(find());
  }
}

const decoder = new TextDecoder();

function runs(mask: MaskRle): string {
  return decoder.decode(compressedBytes(mask));
}

/** A value of the project as JSON; `undefined` if it was never written. @throws MaskletError `project-damaged` */
export function readValue(database: Database, key: string): unknown {
  const [row] = database.query<{ value: string }>('select value from project where key = ?', [key]);
  return row && parseJson(row.value);
}

/** Writes a value of the project as JSON. */
export function writeValue(database: Database, key: string, value: unknown): void {
  database.run('insert or replace into project (key, value) values (?, ?)', [key, JSON.stringify(value)]);
}
