import { describe, expect, it } from 'vitest';
import type { FramePrompts } from '../core/prompts.ts';
import type { TrackEvent } from '../core/protocol/segmenter.ts';
import {
  coverage,
  EMPTY_DOCUMENT,
  findObject,
  hasWork,
  MAX_OBJECTS,
  withLock,
  withNewObject,
  withoutObject,
  type MaskDocument,
} from './document.ts';
import {
  pendingDecodes,
  withoutFrame,
  withoutMasksOfModel,
  withPrompts,
  withSegmentation,
} from './promptedMasks.ts';
import { FULL, LEFT, point, prompted, runOf, statuses, tracked, withOneObject } from './testing/documents.ts';
import { withTrackedFrame, type TrackRun } from './trackedFrame.ts';

describe('objects', () => {
  it('get numbers and colours of their own', () => {
    let document = EMPTY_DOCUMENT;
    for (let i = 0; i < 3; i++) ({ document } = withNewObject(document));
    expect(document.objects.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(new Set(document.objects.map(({ color }) => color)).size).toBe(3);
  });

  it('are no more than an ID map can hold, and a freed number is used again', () => {
    let document = EMPTY_DOCUMENT;
    for (let i = 0; i < MAX_OBJECTS; i++) ({ document } = withNewObject(document));
    expect(withNewObject(document)).toEqual({ document, id: undefined });
    expect(withNewObject(withoutObject(document, 17)).id).toBe(17);
  });
});

describe('prompts', () => {
  it('wait for their mask until it is decoded', () => {
    const document = withPrompts(withOneObject(), 1, 4, point(1));
    expect(pendingDecodes(document)).toMatchObject([{ objectId: 1, frame: 4 }]);
    expect(pendingDecodes(prompted(document, 4, point(1)))).toEqual([]);
  });

  it('that correct a tracked mask take it along, with the masks that it is remembered by', () => {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    let followed = document;
    for (const frame of [1, 2, 3, 4]) followed = withTrackedFrame(followed, run, tracked(frame));
    const corrected = prompted(followed, 4, point(0));
    const said = findObject(corrected, 1)!.prompts.get(4)!;
    expect(said).toEqual({
      ...point(0),
      ...{ prior: LEFT, priorProvenance: { origin: 'track' } },
      around: [
        { frame: 0, mask: FULL, isPrompted: true },
        { frame: 3, mask: LEFT, isPrompted: false },
        { frame: 2, mask: LEFT, isPrompted: false },
      ],
    });
    // They stay as they were, whatever becomes of those masks.
    const later = withTrackedFrame(corrected, run, tracked(3, 'absent'));
    expect(findObject(withPrompts(later, 1, 4, { ...said, points: [] }), 1)?.prompts.get(4)).toBeUndefined();
    const more = { ...said, points: [...said.points, ...point(1).points] };
    expect(findObject(withPrompts(later, 1, 4, more), 1)?.prompts.get(4)).toEqual(more);
    expect(findObject(prompted(withOneObject(), 2, point(1)), 1)?.prompts.get(2)).toEqual(point(1));
  });

  it('do not take a mask that was decoded from earlier ones', () => {
    const before = withPrompts(withOneObject(), 1, 4, point(1));
    const [early] = pendingDecodes(before);
    const after = withPrompts(before, 1, 4, point(2));
    if (early === undefined) throw new Error('Nothing was pending.');
    expect(withSegmentation(after, early, { mask: FULL, score: 1 })).toBe(after);
  });

  it('make the frames stale that were tracked, and no other', () => {
    const started = runOf(prompted(withOneObject(), 0, point(1)));
    let document = withTrackedFrame(started.document, started.run, tracked(1));
    document = withTrackedFrame(document, started.run, tracked(2, 'absent'));
    expect(statuses(document)).toEqual({ 0: 'prompted', 1: 'tracked', 2: 'absent' });
    expect(statuses(withPrompts(document, 1, 0, point(2)))).toEqual({
      0: 'prompted',
      1: 'stale',
      2: 'stale',
    });
  });

  it('take their mask with them when the last one of a frame is removed', () => {
    const document = prompted(withOneObject(), 4, point(1));
    const cleared = withPrompts(document, 1, 4, { points: [] });
    expect(statuses(cleared)).toEqual({});
    expect(findObject(cleared, 1)?.prompts.size).toBe(0);
    expect(statuses(document)).toEqual({ 4: 'prompted' });
  });
});

describe('a mask that is given', () => {
  const given: FramePrompts = { points: [], mask: LEFT };

  it('is there at once, with nothing to decode, and makes what follows from the frame stale', () => {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    const objects = [{ objectId: 1, mask: FULL, score: 0.8, status: 'tracked' as const }];
    const event: TrackEvent = { frame: 1, doneFrames: 1, totalFrames: 2, objects };
    const tracked = withTrackedFrame(document, run, event);
    const painted = withPrompts(tracked, 1, 0, given);
    expect(findObject(painted, 1)?.track.get(0)).toMatchObject({ mask: LEFT, status: 'prompted', score: 1 });
    expect(pendingDecodes(painted)).toEqual([]);
    expect(statuses(painted)).toEqual({ 0: 'prompted', 1: 'stale' });
  });

  it('is to be decoded when a click corrects it, and by another model', () => {
    const painted = withPrompts(withOneObject(), 1, 0, given);
    expect(pendingDecodes(withPrompts(painted, 1, 0, { ...point(1), mask: LEFT }))).toHaveLength(1);
    expect(pendingDecodes(withoutMasksOfModel(painted))).toHaveLength(1);
  });
});

/** An object prompted on frame 3 and tracked through frames 0 to 6. */
function trackedBothWays(): { document: MaskDocument; run: TrackRun } {
  const start = prompted(withOneObject(), 3, point(1));
  const { document, run } = runOf(start);
  const behind: [] = [];
  const spans = [
    { direction: 'forward' as const, first: 4, last: 6, behind, origin: 3 },
    { direction: 'backward' as const, first: 2, last: 0, behind, origin: 3 },
  ];
  const objects = run.request.objects.map((object) => ({ ...object, spans }));
  const spanned = { ...run, request: { ...run.request, objects } };
  const done = [4, 5, 6, 2, 1, 0].reduce(
    (present, frame) => withTrackedFrame(present, spanned, tracked(frame)),
    document,
  );
  return { document: done, run: spanned };
}

const staleFrames = (document: MaskDocument) =>
  Object.entries(statuses(document)).flatMap(([frame, status]) =>
    status === 'stale' ? [Number(frame)] : [],
  );

describe('a correction', () => {
  it('makes stale what tracking reached by way of its frame, and nothing else', () => {
    const { document } = trackedBothWays();
    expect(staleFrames(prompted(document, 5, point(2)))).toEqual([6]);
    expect(staleFrames(prompted(document, 1, point(2)))).toEqual([0]);
    expect(staleFrames(prompted(document, 3, point(2)))).toEqual([0, 1, 2, 4, 5, 6]);
    expect(staleFrames(withPrompts(prompted(document, 5, point(2)), 1, 5, { points: [] }))).toEqual([5, 6]);
  });

  it('stops at locked frames, and does nothing on one', () => {
    const locked = withLock(trackedBothWays().document, 1, { first: 5, last: 5 }, true);
    expect(staleFrames(prompted(locked, 3, point(2)))).toEqual([0, 1, 2, 4]);
    expect(withPrompts(locked, 1, 5, point(2))).toBe(locked);
    const open = withLock(locked, 1, { first: 0, last: 9 }, false);
    expect(staleFrames(prompted(open, 3, point(2)))).toEqual([0, 1, 2, 4, 5, 6]);
  });

  it('made during a run makes only what comes after it stale', () => {
    const { document, run } = trackedBothWays();
    const corrected = prompted(document, 5, point(2));
    const late = [4, 6].reduce((present, frame) => withTrackedFrame(present, run, tracked(frame)), corrected);
    expect(staleFrames(late)).toEqual([6]);
  });
});

describe('a frame that is started afresh', () => {
  it('has nothing left, not even what tracking had put there, and makes stale what followed from it', () => {
    const { document } = trackedBothWays();
    const fresh = withoutFrame(prompted(document, 5, point(2)), 1, 5);
    expect(statuses(fresh)).toEqual({ ...statuses(document), 5: undefined, 6: 'stale' });
    expect(findObject(fresh, 1)?.prompts.has(5)).toBe(false);
    expect(findObject(withPrompts(fresh, 1, 5, point(3)), 1)?.prompts.get(5)?.prior).toBeUndefined();
  });

  it('only loses its mask where it was tracked', () => {
    const { document } = trackedBothWays();
    const fresh = withoutFrame(document, 1, 5);
    expect(findObject(fresh, 1)?.track.get(5)).toBeUndefined();
    expect(staleFrames(fresh)).toEqual([]);
    const locked = withLock(document, 1, { first: 5, last: 5 }, true);
    expect(withoutFrame(locked, 1, 5)).toBe(locked);
  });
});

describe('locked frames', () => {
  it('keep their masks through runs and another model', () => {
    const { document, run } = trackedBothWays();
    const locked = withLock(document, 1, { first: 3, last: 4 }, true);
    const absent = { ...tracked(4, 'absent') };
    expect(withTrackedFrame(locked, run, absent)).toBe(locked);
    expect(staleFrames(withoutMasksOfModel(locked))).toEqual([0, 1, 2, 5, 6]);
    expect(pendingDecodes(withoutMasksOfModel(locked))).toEqual([]);
  });
});

describe('coverage', () => {
  it('counts stale and missing masks of all objects', () => {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    const changed = withPrompts(withTrackedFrame(document, run, tracked(1)), 1, 0, point(2));
    expect(coverage(changed, 5)).toEqual({ stale: 1, missing: 3 });
  });
});

describe('work', () => {
  it('is what was said of an object, or its masks; an empty object is none', () => {
    expect([EMPTY_DOCUMENT, withOneObject()].map(hasWork)).toEqual([false, false]);
    const clicked = withPrompts(withOneObject(), 1, 4, point(1));
    expect([clicked, prompted(clicked, 4, point(1))].map(hasWork)).toEqual([true, true]);
  });
});
