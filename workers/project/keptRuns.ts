import type { KeptRun, RunToKeep } from '../../src/core/protocol/project.ts';
import { single, type Database } from './database.ts';

/** Runs that are kept, and bytes of masks that all of them together may take. The last one stays, however large it is. */
const [MOST_RUNS, MOST_BYTES] = [10, 256 << 20];

/** The present objects' rows that a run is kept with. */
const TABLES = {
  object: 'place, name, color, locked, more',
  prompt: 'frame, points, box, mask, prior, reading, decoded, more',
  mask: 'frame, status, score, origin, agreement, more, rle, provenance',
} as const;

/** Keeps what a run's objects are in the present state. The oldest runs go where there are too many. */
export function keepRun(
  database: Database,
  { label, objects }: RunToKeep,
  limits = { runs: MOST_RUNS, bytes: MOST_BYTES },
): void {
  database.transaction(() => {
    const run = 1 + Number(single(database, 'select ifnull(max(id), 0) from run') ?? 0);
    database.run('insert into run (id, at, label, bytes) values (?, ?, ?, 0)', [run, Date.now(), label]);
    for (const [table, columns] of Object.entries(TABLES))
      for (const object of objects)
        database.run(
          `insert into run_${table} (run, object, ${columns})
            select ?, object, ${columns} from ${table}_version, present
            where object = ? and first <= position and (last is null or last >= position)`,
          [run, object],
        );
    database.run(
      'update run set bytes = (select ifnull(sum(length(rle)), 0) from run_mask where run = id) where id = ?',
      [run],
    );
    forgetOldRuns(database, limits);
  });
}

function forgetOldRuns(database: Database, limits: { readonly runs: number; readonly bytes: number }): void {
  const runs = database.query<{ id: number; bytes: number }>('select id, bytes from run order by id desc');
  let bytes = 0;
  for (const [at, run] of runs.entries()) {
    bytes += run.bytes;
    if (at === 0 || (at < limits.runs && bytes <= limits.bytes)) continue;
    for (const table of Object.keys(TABLES)) database.run(`delete from run_${table} where run = ?`, [run.id]);
    database.run('delete from run where id = ?', [run.id]);
  }
}

/** The runs that are kept, the last one first. */
export function keptRuns(database: Database): KeptRun[] {
  return database
    .query<Omit<KeptRun, 'objects'> & { objects: string }>(
      `select id, at, label,
          (select json_group_array(name) from (select name from run_object where run = id order by place)) as objects,
          (select count(*) from run_mask where run = id) as masks
        from run order by id desc`,
    )
    .map((run) => ({ ...run, objects: JSON.parse(run.objects) as string[] }));
}
