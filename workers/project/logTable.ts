import type { LogEntry } from '../../src/core/workLog.ts';
import type { Database } from './database.ts';

/** Entries that a project holds. The oldest go where there are more. */
const MOST_ENTRIES = 100_000;

/** Adds entries to a project's log; one with a time that is there takes its place. To be called within a transaction. */
export function writeLog(database: Database, entries: readonly LogEntry[], most = MOST_ENTRIES): void {
  for (const { at, kind, what, detail, frame, object, count, active } of entries)
    database.run(
      'insert or replace into log (at, kind, what, detail, frame, object, count, active) values (?, ?, ?, ?, ?, ?, ?, ?)',
      [at, kind, what, detail, frame, object, count, active],
    );
  database.run('delete from log where at <= (select at from log order by at desc limit 1 offset ?)', [most]);
}

/** The last moment that a date can be, in milliseconds since 1970. */
const LAST_MOMENT = 8.64e15;

/** A project's log, the oldest entry first. Times that cannot be are left out. */
export function readLog(database: Database): LogEntry[] {
  return database.query<LogEntry>(
    'select at, kind, what, detail, frame, object, count, active from log where at between 0 and ? order by at',
    [LAST_MOMENT],
  );
}
