import { describe, expect, it } from 'vitest';
import { changeObject, EMPTY_DOCUMENT, findObject, withReviewed, type MaskDocument } from './document.ts';
import { withMaskObject, withoutFrame, withoutMasksOfModel, withPrompts } from './promptedMasks.ts';
import { reviewProgress, withReviewGivenBack } from './reviewed.ts';
import { changesOf } from './saved/changes.ts';
import { FULL, LEFT, point, runOf, statuses, tracked } from './testing/documents.ts';
import { withTrackedFrame } from './trackedFrame.ts';
import { planTracking } from './trackPlan.ts';

const scope = {
  ...{ frameCount: 6, range: { first: 0, last: 5 }, playhead: 0, selectedId: 1, shots: [] },
};

/** Object 1, whose mask is given on frame 0, tracked through six frames, of which 2 and 3 are reviewed. */
function reviewed(): MaskDocument {
  const { document, run } = runOf(withMaskObject(EMPTY_DOCUMENT, 0, FULL).document);
  const whole = [1, 2, 3, 4, 5].reduce(
    (next, frame) => withTrackedFrame(next, run, tracked(frame)),
    document,
  );
  const known = changeObject(whole, 1, (object) => ({
    ...object,
    track: object.track.with([...object.track].map(([frame, entry]) => [frame, { ...entry, origin: 0 }])),
  }));
  return withReviewed(known, 1, { first: 2, last: 3 }, true);
}
const rangesOf = (document: MaskDocument) => findObject(document, 1)?.reviewed;

describe('a reviewed mask', () => {
  it('is one that is there and up to date', () => {
    const document = withPrompts(reviewed(), 1, 5, point(1));
    expect(rangesOf(withReviewed(document, 1, { first: 0, last: 5 }, true))).toEqual([{ first: 0, last: 4 }]);
    expect(withReviewed(document, 1, { first: 2, last: 3 }, true)).toBe(document);
  });

  it('stays as it is whatever is tracked, and so does what lies behind it', () => {
    const document = withPrompts(reviewed(), 1, 1, { points: [], mask: LEFT });
    expect(statuses(document)).toMatchObject({ 1: 'prompted', 2: 'tracked', 3: 'tracked', 4: 'tracked' });
    const run = runOf(document).run;
    const again = withTrackedFrame({ ...document, trackRun: run.id }, run, tracked(2, 'absent'));
    expect(findObject(again, 1)?.track.get(2)).toBe(findObject(document, 1)?.track.get(2));
    expect(statuses(withoutMasksOfModel(document))).toMatchObject({ 2: 'tracked', 4: 'stale' });
    const spans = planTracking(withoutMasksOfModel(document).objects, 'needed', scope).objects[0]?.spans;
    expect(spans?.map(({ first, last }) => [first, last])).toEqual([
      [0, 1],
      [4, 5],
    ]);
  });

  it('is to be reviewed again once it is prompted or taken away', () => {
    expect(rangesOf(withPrompts(reviewed(), 1, 2, point(1)))).toEqual([{ first: 3, last: 3 }]);
    expect(rangesOf(withoutFrame(reviewed(), 1, 3))).toEqual([{ first: 2, last: 2 }]);
  });

  it('can be given back to tracking, and then leaves nothing behind', () => {
    const document = reviewed();
    const object = withReviewGivenBack(document.objects[0]!, { first: 3, last: 9 });
    expect(object.reviewed).toEqual([{ first: 2, last: 2 }]);
    expect([1, 2, 3, 4].map((frame) => object.track.get(frame)?.status)).toEqual([
      ...['tracked', 'tracked', 'stale', 'tracked'],
    ]);
    expect(withReviewed(document, 1, { first: 0, last: 5 }, false).objects[0]).not.toHaveProperty('reviewed');
  });

  it('counts towards the whole', () => {
    expect(reviewProgress(reviewed().objects, 6)).toEqual({ reviewed: 2, all: 6 });
  });

  it('is kept in the project', () => {
    const states = { oldest: 0, documents: [reviewed()], labels: [''], present: 0 };
    const [row] = changesOf(undefined, states).objects.put;
    expect(JSON.parse(row?.more ?? '')).toEqual({ reviewed: [{ first: 2, last: 3 }] });
  });
});
