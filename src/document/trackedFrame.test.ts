import { describe, expect, it } from 'vitest';
import { MaskTrack } from '../core/maskTrack.ts';
import type { TrackEvent } from '../core/protocol/segmenter.ts';
import { emptyRle, encodeRle } from '../core/rle.ts';
import { findObject, withNewObject, withoutObject, type MaskDocument } from './document.ts';
import { pendingDecodes, withPrompts } from './promptedMasks.ts';
import {
  FULL,
  LEFT,
  point,
  prompted,
  runOf,
  SIZE,
  statuses,
  tracked,
  withOneObject,
} from './testing/documents.ts';
import { isRunGone, withTrackedFrame } from './trackedFrame.ts';

describe('a tracked frame', () => {
  it('changes only documents in whose past the run is', () => {
    const before = prompted(withOneObject(), 0, point(1));
    const { run } = runOf(before);
    expect(withTrackedFrame(before, run, tracked(1))).toBe(before);
  });

  it('gives stale masks for prompts that changed meanwhile, and keeps what was prompted since', () => {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    let corrected = prompted(document, 2, point(2));
    corrected = withTrackedFrame(corrected, run, tracked(1));
    corrected = withTrackedFrame(corrected, run, tracked(2));
    expect(statuses(corrected)).toEqual({ 0: 'prompted', 1: 'stale', 2: 'prompted' });
    expect(findObject(corrected, 1)?.track.get(2)?.mask).toBe(FULL);
  });

  it('does not bring back an object that was deleted meanwhile, nor gives its masks to a new one', () => {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    const without = withoutObject(document, 1);
    expect(withTrackedFrame(without, run, tracked(1)).objects).toEqual([]);
    const { document: another } = withNewObject(without);
    expect(withTrackedFrame(another, run, tracked(1))).toBe(another);
  });

  it('answers prompts whose mask was still to come', () => {
    const { document, run } = runOf(withPrompts(withOneObject(), 1, 0, point(1)));
    const done = withTrackedFrame(document, run, tracked(0, 'prompted'));
    expect(pendingDecodes(done)).toEqual([]);
  });
});

describe('a run', () => {
  const before = prompted(withNewObject(withOneObject()).document, 0, point(1));
  const { document, run } = runOf(before);

  it('goes on while the document has it, whatever else changes', () => {
    expect(isRunGone(document, run, true)).toBe(false);
    expect(isRunGone(withoutObject(document, 1), run, true)).toBe(false);
  });

  it('goes on before its first frame has come', () => {
    expect(isRunGone(before, run, false)).toBe(false);
  });

  it('is gone when undo has taken it away', () => {
    expect(isRunGone(before, run, true)).toBe(true);
  });

  it('is gone when all that it follows was deleted', () => {
    const { document: another } = withNewObject(withoutObject(withoutObject(document, 1), 2));
    expect(isRunGone(another, run, true)).toBe(true);
    expect(isRunGone({ ...another, trackRun: 0 }, run, false)).toBe(true);
  });
});

describe('objects of different runs', () => {
  /** Object 1, prompted, and object 2, which has the left half of frame 1. */
  function besideAnother(): MaskDocument {
    const { document } = withNewObject(prompted(withOneObject(), 0, point(1)));
    const track = MaskTrack.EMPTY.with([[1, { mask: LEFT, status: 'tracked', score: 1 }]]);
    return {
      ...document,
      objects: document.objects.map((object) => (object.id === 2 ? { ...object, track } : object)),
    };
  }

  it('keep their masks whole: nothing is lost where they overlap', () => {
    const { document, run } = runOf(besideAnother());
    const objects = [{ objectId: 1, mask: FULL, score: 0.9, status: 'tracked' as const }];
    const done = withTrackedFrame(document, run, { frame: 1, doneFrames: 1, totalFrames: 1, objects });
    expect(done.objects.map(({ track }) => track.get(1)?.mask)).toEqual([FULL, LEFT]);
  });

  it('of one run are settled by it', () => {
    const { document, run } = runOf(besideAnother());
    const both = [1, 2].map((objectId) => ({ objectId, mask: FULL, score: 1, status: 'tracked' as const }));
    const done = withTrackedFrame(document, run, { frame: 1, doneFrames: 1, totalFrames: 1, objects: both });
    expect(done.objects.map(({ track }) => track.get(1)?.mask)).toEqual([FULL, FULL]);
  });
});

describe('a check', () => {
  const found = (frame: number, mask = FULL): TrackEvent => ({
    ...{ frame, doneFrames: 1, totalFrames: 1 },
    objects: [{ objectId: 1, mask, score: 0.1, status: 'tracked' }],
  });

  /** Frames 1 and 2 tracked as the left half, frame 3 as absent; and a check of them. */
  function checked() {
    const { document, run } = runOf(prompted(withOneObject(), 0, point(1)));
    const done = [tracked(1), tracked(2), tracked(3, 'absent')].reduce(
      (present, event) => withTrackedFrame(present, run, event),
      document,
    );
    const check = runOf(done, 8);
    return { document: check.document, run: { ...check.run, isCheck: true } };
  }

  const agreements = (document: MaskDocument) =>
    [1, 2, 3].map((frame) => findObject(document, 1)?.track.get(frame)?.agreement);

  it('leaves masks as they are, and notes how well they agree with its own', () => {
    const { document, run } = checked();
    const done = [found(2, LEFT), found(1), found(3, emptyRle(SIZE))].reduce(
      (present, event) => withTrackedFrame(present, run, event),
      document,
    );
    expect(agreements(done)).toEqual([0.5, 1, 1]);
    const plain = (each: MaskDocument) =>
      Array.from(findObject(each, 1)!.track, ([frame, { mask, status, score }]) => [
        frame,
        mask,
        status,
        score,
      ]);
    expect(plain(done)).toEqual(plain(document));
    expect(agreements(withTrackedFrame(document, run, found(3)))).toEqual([undefined, undefined, 0]);
  });

  it('does not count the pixels of other objects', () => {
    const { document, run } = checked();
    const { document: two } = withNewObject(document);
    const right = encodeRle(Uint8Array.of(0, 1, 0, 1), SIZE);
    const beside = withPrompts(two, 2, 1, { points: [], mask: right });
    expect(agreements(withTrackedFrame(beside, run, found(1)))[0]).toBe(1);
  });

  it('says nothing of masks that are stale, or for prompts that changed meanwhile', () => {
    const { document, run } = checked();
    const corrected = prompted(document, 2, point(2));
    expect(withTrackedFrame(corrected, run, found(1))).toBe(corrected);
    const said = {
      ...document,
      objects: document.objects.map((object) => ({
        ...object,
        prompts: new Map(object.prompts).set(9, point(2)),
      })),
    };
    expect(withTrackedFrame(said, run, found(1))).toBe(said);
    const undone = { ...document, trackRun: 7 };
    expect(withTrackedFrame(undone, run, found(1))).toBe(undone);
  });
});
