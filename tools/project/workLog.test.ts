import { expect, it } from 'vitest';
import type { LogEntry } from '../../src/core/workLog.ts';
import { readLog, writeLog } from '../../workers/project/logTable.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { openDatabase, openProjectFile } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

const entry = (at: number, count = 1): LogEntry => ({
  ...{ at, kind: 'step', what: 'add point', detail: at % 2 ? 'odd' : null },
  ...{ frame: 3, object: null, count, active: 250 },
});

it('is kept in the project, entry after entry; one that was counted up takes its own place', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  saveProject(database, { log: [entry(1), entry(2)] });
  saveProject(database, { log: [entry(2, 5), entry(3)] });
  expect(readLog(database)).toEqual([entry(1), entry(2, 5), entry(3)]);

  const mended = await openDatabase();
  expect(recoverInto(mended, database)).toEqual([]);
  expect(readLog(mended)).toEqual(readLog(database));
});

it('has a bound: the oldest entries go', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  writeLog(
    database,
    [1, 2, 3, 4, 5].map((at) => entry(at)),
    3,
  );
  expect(readLog(database).map(({ at }) => at)).toEqual([3, 4, 5]);
  writeLog(database, [entry(6), entry(2 ** 60)], 4);
  expect(readLog(database).map(({ at }) => at)).toEqual([4, 5, 6]);
});

it('is empty in a project of a former version', async () => {
  const { database } = await openProjectFile('fixtures/projects/version-3.masklet');
  loadProject(database);
  expect(readLog(database)).toEqual([]);
});
