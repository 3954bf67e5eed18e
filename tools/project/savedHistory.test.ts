import { expect, it } from 'vitest';
import {
  EMPTY_DOCUMENT,
  findObject,
  withColor,
  withLock,
  withName,
  withNewObject,
  withoutObject,
  withPlace,
  withReviewed,
  type MaskDocument,
} from '../../src/document/document.ts';
import {
  pendingDecodes,
  withoutMasksOfModel,
  withPrompts,
  withSegmentation,
} from '../../src/document/promptedMasks.ts';
import { commit, mapHistory, newHistory, redo, undo, type History } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { follow, historyOf, statesOf, type States } from '../../src/document/saved/states.ts';
import { FULL, LEFT, point, runOf, SIZE, tracked } from '../../src/document/testing/documents.ts';
import { withTrackedFrame } from '../../src/document/trackedFrame.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { openDatabase } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

/** Numbers that look random and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** One thing that a person, the model or a run may do to a history. */
function change(history: History<MaskDocument>, roll: (sides: number) => number): History<MaskDocument> {
  const document = history.present;
  const id = document.objects[roll(Math.max(1, document.objects.length))]?.id ?? 0;
  const frame = roll(3) * 280 + roll(2);
  const step = (next: MaskDocument) => commit(history, next, `step ${roll(1000)}`);
  switch (roll(14)) {
    case 0:
      return step(withNewObject(document).document);
    case 1:
    case 2:
      return step(withPrompts(document, id, frame, point(roll(2))));
    case 3:
      return step(withPrompts(document, id, frame, { points: [], mask: LEFT }));
    case 4:
      return step(withPrompts(document, id, frame, { points: [] }));
    case 5:
    case 6: {
      const decode = pendingDecodes(document)[0];
      if (decode === undefined) return history;
      const segmentation = { mask: FULL, score: Math.fround(0.9 + roll(100) / 1000) };
      return mapHistory(history, (each) => withSegmentation(each, decode, segmentation));
    }
    case 7: {
      const { document: next, run } = runOf(document, 1 + roll(1e6));
      const followed = commit(history, next, 'track');
      return [frame, frame + 1, frame + 2].reduce((all, at) => {
        const event = tracked(at, roll(4) === 0 ? 'absent' : 'tracked');
        return mapHistory(all, (each) =>
          withTrackedFrame(each, run, {
            ...event,
            objects: event.objects.map((object) => ({ ...object, objectId: id })),
          }),
        );
      }, followed);
    }
    case 8:
      return step(withLock(document, id, { first: frame, last: frame + 3 }, roll(2) === 0));
    case 9:
      return step(withName(withColor(document, id, '#123456'), id, `name ${roll(9)}`));
    case 10:
      return step(withPlace(document, id, roll(4)));
    case 11:
      return roll(3) === 0 ? step(withoutObject(document, id)) : step(withoutMasksOfModel(document));
    case 12:
      return redo(history);
    default:
      return undo(history);
  }
}

/** A history as plain values; where prompts are the very ones that a mask was decoded from, that is said. */
function plain(history: History<MaskDocument>) {
  const value = (document: MaskDocument) => ({
    ...document,
    objects: document.objects.map(({ track, prompts, decoded, ...object }) => ({
      ...object,
      track: new Map([...track].sort(([a], [b]) => a - b)),
      prompts: new Map(
        [...prompts]
          .sort(([a], [b]) => a - b)
          .map(([frame, said]) => [frame, [said, decoded.get(frame) === said]]),
      ),
    })),
  });
  const steps = (all: History<MaskDocument>['past']) =>
    all.map(({ label, value: document }) => ({ label, value: value(document) }));
  return { past: steps(history.past), present: value(history.present), future: steps(history.future) };
}

it.each([1, 2, 3])('a history comes back as it was, saved at any time (%i)', async (seed) => {
  const roll = dice(seed);
  const database = await openDatabase();
  createProject(database, FACTS);
  let history = newHistory(EMPTY_DOCUMENT);
  let saved: States | undefined;
  for (let turn = 0; turn < 64; turn++) {
    for (let count = roll(6); count >= 0; count--) history = change(history, roll);
    const states = (saved && follow(saved, history)) ?? statesOf(history, 0);
    saveProject(database, {
      history: changesOf(saved && follow(saved, history) ? saved : undefined, states),
    });
    saved = states;
    if (turn % 8 > 0) continue;
    const read = readHistory(loadProject(database).history, SIZE);
    expect(plain(historyOf(read))).toEqual(plain(history));
    // What was read goes on being saved.
    history = historyOf(read);
    saved = read;
  }
  expect(saved?.documents.length).toBeGreaterThan(30);
});

it('what was reviewed comes back, step by step, also where a project is put together anew', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  const given = withPrompts(withNewObject(EMPTY_DOCUMENT).document, 1, 3, { points: [], mask: FULL });
  const all = { first: 0, last: 599 };
  const right = commit(newHistory<MaskDocument>(given), withReviewed(given, 1, all, true), 'looks right');
  const again = commit(right, withReviewed(right.present, 1, all, false), 'look again');
  saveProject(database, { history: changesOf(undefined, statesOf(again, 0)) });
  const recovered = await openDatabase();
  recoverInto(recovered, database);
  for (const each of [database, recovered]) {
    const { documents } = readHistory(loadProject(each).history, SIZE);
    expect(documents.map((document) => findObject(document, 1)?.reviewed)).toEqual([
      undefined,
      [{ first: 3, last: 3 }],
      undefined,
    ]);
    each.close();
  }
});

it('what did not change is not written again', () => {
  const many = Array.from(
    { length: 300 },
    (_, frame) => [frame, { mask: FULL, status: 'tracked', score: 1 }] as const,
  );
  const [object] = withNewObject(EMPTY_DOCUMENT).document.objects;
  const before = { ...EMPTY_DOCUMENT, objects: [{ ...object!, track: object!.track.with(many) }] };
  const history = newHistory<MaskDocument>(before);
  const states = statesOf(history, 0);
  const clicked = commit(history, withPrompts(before, 1, 5, { points: [], mask: LEFT }), 'paint');
  const changes = changesOf(states, follow(states, clicked)!);
  expect(changes.prompts.put).toHaveLength(1);
  // The others are stale now; each is written once, and what it was before stays for undo.
  expect(changes.masks.put).toHaveLength(300);
  const next = follow(states, clicked)!;
  const undone = changesOf(next, follow(next, undo(clicked))!);
  expect(
    [undone.masks, undone.prompts, undone.objects].map(
      ({ drop, end, put }) => drop.length + end.length + put.length,
    ),
  ).toEqual([0, 0, 0]);
  expect(undone.present).toBe(0);
});
