import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, findObject, withNewObject, type MaskDocument } from '../../src/document/document.ts';
import { commit, newHistory } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { statesOf } from '../../src/document/saved/states.ts';
import { point, prompted, runOf, SIZE, tracked } from '../../src/document/testing/documents.ts';
import { withTrackedFrame } from '../../src/document/trackedFrame.ts';
import type { Database } from '../../workers/project/database.ts';
import { keepRun, keptRuns } from '../../workers/project/keptRuns.ts';
import { loadRun } from '../../workers/project/loadHistory.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { openDatabase, openProjectFile } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

const MODELS = [{ id: 'embedded', version: '0.2.0' }, { id: 'sam2.1-tiny' }] as const;

/** Object 1, clicked on frame 3; frame 4 is of one model, 5 and 6 of another, and 6 is corrected. */
function made(): MaskDocument {
  const { document, run } = runOf(prompted(withNewObject(EMPTY_DOCUMENT).document, 3, point(1)));
  const followed = [4, 5, 6].reduce(
    (each, frame) => withTrackedFrame(each, run, { ...tracked(frame), model: MODELS[frame === 4 ? 0 : 1] }),
    document,
  );
  return prompted(followed, 6, point(0));
}

async function saved(): Promise<Database> {
  const database = await openDatabase();
  createProject(database, FACTS);
  const history = commit(newHistory<MaskDocument>(EMPTY_DOCUMENT), made(), 'track');
  saveProject(database, { history: changesOf(undefined, statesOf(history, 0)) });
  return database;
}

const presentOf = (database: Database): MaskDocument => {
  const states = readHistory(loadProject(database).history, SIZE);
  return states.documents[states.present]!;
};

const provenanceOf = (document: MaskDocument) => {
  const { track } = findObject(document, 1)!;
  return [3, 4, 5, 6].map((frame) => track.get(frame)?.provenance);
};

const EXPECTED = [
  { origin: 'click' },
  { origin: 'track', model: MODELS[0] },
  { origin: 'track', model: MODELS[1] },
  { origin: 'click' },
];

it('a project keeps how its masks came about and which models made them', async () => {
  const database = await saved();
  const document = presentOf(database);
  expect(provenanceOf(document)).toEqual(EXPECTED);
  // What a correction was made on knows it too.
  expect(findObject(document, 1)?.prompts.get(6)?.priorProvenance).toEqual(EXPECTED[2]);
  expect(database.query('select frame, made, model, model_version from mask order by frame')).toEqual([
    { frame: 3, made: 'click', model: null, model_version: null },
    { frame: 4, made: 'track', model: 'embedded', model_version: '0.2.0' },
    { frame: 5, made: 'track', model: 'sam2.1-tiny', model_version: null },
    { frame: 6, made: 'click', model: null, model_version: null },
  ]);
  // Each is written once, however many masks have it.
  expect(database.query('select count(*) as count from provenance')).toEqual([{ count: 3 }]);
  database.close();
});

it('runs that were kept, and what is saved of a damaged project, keep it too', async () => {
  const database = await saved();
  keepRun(database, { label: 'track', objects: [1] });
  const recovered = await openDatabase();
  expect(recoverInto(recovered, database)).toEqual([]);
  for (const each of [database, recovered]) {
    expect(provenanceOf(presentOf(each))).toEqual(EXPECTED);
    const [run] = keptRuns(each);
    const [document] = readHistory(loadRun(each, run!.id, FACTS.clip), SIZE).documents;
    expect(provenanceOf(document!)).toEqual(EXPECTED);
    each.close();
  }
});

it('an older project opens, and says nothing of what it does not know', async () => {
  const { database, states } = await openProjectFile('fixtures/projects/version-5.masklet');
  expect(provenanceOf(states.documents[states.present]!)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  database.close();
});

it('what makes no sense in a file is left out', async () => {
  const database = await saved();
  database.run("update provenance set origin = 'magic' where model = 'embedded'");
  database.run('update mask_version set provenance = 99 where frame = 5');
  database.run(`update prompt_version set more = '{"priorProvenance":{"origin":7}}' where frame = 6`);
  const document = presentOf(database);
  expect(provenanceOf(document).slice(1, 3)).toEqual([undefined, undefined]);
  expect(findObject(document, 1)?.prompts.get(6)).not.toHaveProperty('priorProvenance');
  database.close();
});
