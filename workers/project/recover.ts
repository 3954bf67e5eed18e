import { single, type Database, type SqlRow } from './database.ts';
import { prepareSchema } from './schema.ts';

/** The tables of a project, and what a row of each is called. */
const TABLES = {
  project: { key: 'key', name: 'fact of the project' },
  settings_version: { key: 'first', name: 'setting' },
  object_version: { key: 'object, frame, first', name: 'object' },
  prompt_version: { key: 'object, frame, first', name: 'prompted frame' },
  mask_version: { key: 'object, frame, first', name: 'mask' },
  step: { key: 'position', name: 'step of undo' },
  shot: { key: 'frame', name: 'shot change' },
  thumbnail: { key: 'frame', name: 'thumbnail' },
} as const;

type Table = keyof typeof TABLES;

/** Whether SQLite finds no fault with a database. */
export function isSound(database: Database): boolean {
  return single(database, 'pragma quick_check(1)') === 'ok';
}

/**
 * Reads what can be read of a damaged database into an empty one. Each table is read from both ends up to the damage. Returns what was lost, as
 * sentences.
 */
export function recoverInto(target: Database, damaged: Database): string[] {
  prepareSchema(target);
  const losses: string[] = [];
  target.transaction(() => {
    for (const table of Object.keys(TABLES) as Table[]) {
      const { name } = TABLES[table];
      const copied = copyTable(target, damaged, table);
      const lost = Math.max(0, (copied.expected ?? copied.rows) - copied.rows);
      if (lost > 0) losses.push(`${lost} ${name}${lost === 1 ? '' : 's'} could not be read.`);
      else if (copied.isCut) losses.push(`Some ${name}s could not be read.`);
    }
    if (isMissing(target, 'oldest')) fixPositions(target);
  });
  return losses;
}

function copyTable(
  target: Database,
  damaged: Database,
  table: Table,
): { rows: number; expected: number | undefined; isCut: boolean } {
  let isCut = false;
  for (const order of ['asc', 'desc']) {
    const keys = TABLES[table].key.split(', ').map((key) => `${key} ${order}`);
    try {
      // One by one: what comes before the damage is to be had.
      for (const row of damaged.each(`select * from ${table} order by ${keys.join(', ')}`))
        insert(target, table, row);
      break;
    } catch {
      isCut = true;
    }
  }
  return { rows: count(target, table) ?? 0, expected: count(damaged, table), isCut };
}

function insert(target: Database, table: Table, row: SqlRow): void {
  const columns = Object.keys(row);
  target.run(
    `insert or ignore into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    Object.values(row),
  );
}

function count(database: Database, table: Table): number | undefined {
  try {
    return Number(single(database, `select count(*) from ${table}`) ?? 0);
  } catch {
    return undefined;
  }
}

function isMissing(database: Database, key: string): boolean {
  return database.query('select 1 from project where key = ?', [key]).length === 0;
}

/** Without the positions, the newest state that is there is the present one, and nothing can be undone. */
function fixPositions(database: Database): void {
  const newest = Number(
    single(
      database,
      `select max(newest) from (
        select max(first) as newest from mask_version union select max(first) from prompt_version
        union select max(first) from object_version union select max(first) from settings_version)`,
    ) ?? 0,
  );
  for (const key of ['oldest', 'present', 'newest'])
    database.run('insert or replace into project (key, value) values (?, ?)', [key, String(newest)]);
}
