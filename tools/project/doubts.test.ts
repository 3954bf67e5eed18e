import { expect, it } from 'vitest';
import { DoubtIndex } from '../../src/core/doubtIndex.ts';
import { withNewObject, EMPTY_DOCUMENT, type MaskDocument } from '../../src/document/document.ts';
import { newHistory } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { doubtChanges } from '../../src/document/saved/doubtChanges.ts';
import { statesOf } from '../../src/document/saved/states.ts';
import { point, prompted, runOf, tracked } from '../../src/document/testing/documents.ts';
import { withTrackedFrame } from '../../src/document/trackedFrame.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { openDatabase } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

it('doubtful frames are saved as they change, and are judged anew where that is needed', async () => {
  const { document, run } = runOf(prompted(withNewObject(EMPTY_DOCUMENT).document, 3, point(1)));
  const followed = [4, 5, 6].reduce<MaskDocument>(
    (each, frame) => withTrackedFrame(each, run, tracked(frame, frame === 6 ? 'absent' : 'tracked')),
    document,
  );
  const index = new DoubtIndex();
  const database = await openDatabase();
  createProject(database, FACTS);
  expect(loadProject(database).doubts).toBeUndefined();

  const before = index.of(followed.objects);
  const history = changesOf(undefined, statesOf(newHistory(followed), 0));
  saveProject(database, { history, doubts: doubtChanges(undefined, before) });
  expect(loadProject(database).doubts).toEqual([
    { object: 1, frame: 4, doubt: 'unsure' },
    { object: 1, frame: 5, doubt: 'unsure' },
    { object: 1, frame: 6, doubt: 'lost' },
  ]);

  const again = withTrackedFrame(followed, run, tracked(6));
  const changes = doubtChanges(before, index.of(again.objects));
  expect(changes).toMatchObject({ isNew: false, drop: [], put: [{ object: 1, frame: 6, doubt: 'unsure' }] });
  saveProject(database, { doubts: changes });
  saveProject(database, { doubts: doubtChanges(index.of(again.objects), index.of(document.objects)) });
  expect(loadProject(database).doubts).toEqual([]);

  const recovered = await openDatabase();
  recoverInto(recovered, database);
  expect(loadProject(recovered).doubts).toBeUndefined();
  saveProject(database, { doubts: { ...changes, rules: 'others' } });
  expect(loadProject(database).doubts).toBeUndefined();
});
