import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, findObject, withNewObject, type MaskDocument } from '../../src/document/document.ts';
import { commit, newHistory, undo } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { follow, statesOf } from '../../src/document/saved/states.ts';
import {
  LEFT,
  point,
  prompted,
  runOf,
  SIZE,
  statuses,
  tracked,
} from '../../src/document/testing/documents.ts';
import { withTrackedFrame } from '../../src/document/trackedFrame.ts';
import { keepRun, keptRuns } from '../../workers/project/keptRuns.ts';
import { loadRun } from '../../workers/project/loadHistory.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { openDatabase } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

/** Object 1, clicked on frame 3 and followed on frames 4 to 6. */
function followed(): MaskDocument {
  const { document, run } = runOf(prompted(withNewObject(EMPTY_DOCUMENT).document, 3, point(1)));
  return [4, 5, 6].reduce((each, frame) => withTrackedFrame(each, run, tracked(frame)), document);
}

it('a run that was kept comes back as it was, whatever was done and undone since', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  const history = commit(newHistory<MaskDocument>(EMPTY_DOCUMENT), followed(), 'track');
  const states = statesOf(history, 0);
  saveProject(database, { history: changesOf(undefined, states) });
  keepRun(database, { label: 'track', objects: [1] });
  const elsewhere = commit(undo(history), withNewObject(EMPTY_DOCUMENT).document, 'add object');
  saveProject(database, { history: changesOf(states, follow(states, elsewhere)!) });
  expect(database.query('select * from mask')).toEqual([]);

  const [run] = keptRuns(database);
  expect(run).toMatchObject({ label: 'track', objects: ['Object 1'], masks: 4 });
  const [document] = readHistory(loadRun(database, run!.id, FACTS.clip), SIZE).documents;
  expect(statuses(document!)).toEqual({ 3: 'prompted', 4: 'tracked', 5: 'tracked', 6: 'tracked' });
  const object = findObject(document!, 1)!;
  expect(object.track.get(4)?.mask).toEqual(LEFT);
  expect(object.decoded.get(3)).toBe(object.prompts.get(3));
  expect(object.prompts.get(3)).toEqual(point(1));

  const recovered = await openDatabase();
  expect(recoverInto(recovered, database)).toEqual([]);
  expect(loadProject(recovered).runs).toEqual(keptRuns(database));
});

it('the oldest runs go where there are too many or where they are too large', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  saveProject(database, { history: changesOf(undefined, statesOf(newHistory(followed()), 0)) });
  const keep = (limits?: { runs: number; bytes: number }) =>
    keepRun(database, { label: 'track', objects: [1] }, limits);
  for (let n = 0; n < 12; n++) keep();
  expect(keptRuns(database).map(({ id }) => id)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  expect(database.query('select distinct run from run_mask')).toHaveLength(10);
  const bytes = 4 * 'rle'.length;
  keep({ runs: 10, bytes: 2 * bytes });
  expect(keptRuns(database).length).toBeLessThan(4);
  keep({ runs: 10, bytes: 0 });
  expect(keptRuns(database).map(({ id }) => id)).toEqual([14]);
});
