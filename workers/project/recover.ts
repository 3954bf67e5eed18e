import { countsOfCocoString } from '../../src/core/cocoString.ts';
import type { ClipInfo } from '../../src/core/clip.ts';
import { single, type Database, type SqlRow } from './database.ts';
import { readPositions } from './loadHistory.ts';
import { mendClip } from './mendClip.ts';
import { arePositions, areRanges, isFrame } from './plausible.ts';
import { prepareSchema } from './schema.ts';
import { readValue } from './writeHistory.ts';

/** The tables of a project, and what its rows are called. */
const TABLES = {
  project: { key: 'key', one: 'fact of the project', many: 'facts of the project' },
  settings_version: { key: 'first', one: 'setting', many: 'settings' },
  object_version: { key: 'object, frame, first', one: 'object', many: 'objects' },
  prompt_version: { key: 'object, frame, first', one: 'prompted frame', many: 'prompted frames' },
  provenance: { key: 'id', one: 'way in which masks were made', many: 'ways in which masks were made' },
  mask_version: { key: 'object, frame, first', one: 'mask', many: 'masks' },
  step: { key: 'position', one: 'step of undo', many: 'steps of undo' },
  shot: { key: 'frame', one: 'shot change', many: 'shot changes' },
  thumbnail: { key: 'frame', one: 'thumbnail', many: 'thumbnails' },
  run: { key: 'id', one: 'tracking run', many: 'tracking runs' },
  run_object: { key: 'run, object', one: 'object of a tracking run', many: 'objects of tracking runs' },
  run_prompt: {
    key: 'run, object, frame',
    one: 'prompted frame of a tracking run',
    many: 'prompted frames of tracking runs',
  },
  waiting: { key: 'id', one: 'thing that was found', many: 'things that were found' },
  log: { key: 'at', one: 'entry of the log', many: 'entries of the log' },
  run_mask: { key: 'run, object, frame', one: 'mask of a tracking run', many: 'masks of tracking runs' },
} as const;

type Table = keyof typeof TABLES;

/** Whether SQLite finds no fault with a database. */
export function isSound(database: Database): boolean {
  try {
    return single(database, 'pragma quick_check(1)') === 'ok';
  } catch {
    return false;
  }
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
      if (isLater(table) && !hasTable(damaged, table)) continue;
      const { one, many } = TABLES[table];
      const copied = copyTable(target, damaged, table);
      if (table === 'project' && isMissing(target, 'clip') && copyMendedClip(target, damaged)) {
        copied.rows++;
        losses.push('When some frames of the video are shown could not be read: their times are estimates.');
      }
      const lost = Math.max(0, (copied.expected ?? copied.rows) - copied.rows);
      if (lost > 0) losses.push(`${lost} ${lost === 1 ? one : many} could not be read.`);
      else if (copied.isCut) losses.push(`Some ${many} could not be read.`);
    }
    // They are judged anew.
    target.run("delete from project where key = 'doubtRules'");
    if (isMissing(target, 'oldest') || !arePositions(readPositions(target))) fixPositions(target);
    // What lost its mask is to be decoded again.
    target.exec(`update prompt_version set decoded = 0 where not exists (
      select 1 from mask_version where object = prompt_version.object and frame = prompt_version.frame)`);
  });
  return losses;
}

/** Whether projects of former versions do without a table. */
const isLater = (table: Table) =>
  table === 'log' || table === 'waiting' || table === 'provenance' || table.startsWith('run');

function hasTable(database: Database, table: Table): boolean {
  try {
    return database.query('select 1 from sqlite_schema where name = ?', [table]).length > 0;
  } catch {
    return true;
  }
}

/** Columns that hold JSON, and those that hold run lengths. */
const JSON_COLUMNS = ['value', 'locked', 'points', 'box', 'more'];
const RUN_COLUMNS = ['rle', 'mask', 'prior'];

/** Whether a row says something: damage may leave rows of any bytes. @param clip which the rows are of, if it is known */
function isReadable(row: SqlRow, clip: Extent | undefined): boolean {
  try {
    for (const column of JSON_COLUMNS) JSON.parse(String(row[column] ?? null));
    if (clip === undefined) return true;
    const { around = [], reviewed = [] } = JSON.parse(String(row.more ?? '{}')) as {
      around?: { mask: unknown }[];
      reviewed?: unknown;
    };
    for (const runs of [...RUN_COLUMNS.map((column) => row[column]), ...around.map(({ mask }) => mask)]) {
      if (typeof runs === 'string') countsOfCocoString(new TextEncoder().encode(runs), clip);
    }
    const ranges = [JSON.parse(String(row.locked ?? '[]')), reviewed];
    const hasFrame = !('frame' in row) || isFrame(row.frame, clip.frameCount);
    return hasFrame && ranges.every((each) => areRanges(each, clip.frameCount));
  } catch {
    return false;
  }
}

type Extent = Pick<ClipInfo, 'width' | 'height' | 'frameCount'>;

/** The size of every mask, and how many frames there are. */
function extentIn(target: Database): Extent | undefined {
  return readValue(target, 'clip') as Extent | undefined;
}

function copyTable(
  target: Database,
  damaged: Database,
  table: Table,
): { rows: number; expected: number | undefined; isCut: boolean } {
  let isCut = false;
  const clip = extentIn(target);
  for (const order of ['asc', 'desc']) {
    const keys = TABLES[table].key.split(', ').map((key) => `${key} ${order}`);
    try {
      // One by one: what comes before the damage is to be had.
      for (const row of damaged.each(`select * from ${table} order by ${keys.join(', ')}`))
        if (isReadable(row, clip)) insert(target, table, row);
      break;
    } catch {
      isCut = true;
    }
  }
  return { rows: count(target, table) ?? 0, expected: count(damaged, table), isCut };
}

/** Copies what the project says of its clip where only the times of some frames are damaged. Says whether it could. */
function copyMendedClip(target: Database, damaged: Database): boolean {
  try {
    const text = single(damaged, "select value from project where key = 'clip'");
    const value = typeof text === 'string' ? mendClip(text) : undefined;
    if (value === undefined) return false;
    insert(target, 'project', { key: 'clip', value });
    return true;
  } catch {
    return false;
  }
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
