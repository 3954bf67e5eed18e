import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import {
  isContested,
  isSamePlace,
  isSeen,
  metRival,
  nextRival,
  rememberedRival,
  restingRival,
  rivalToFollow,
  type Rival,
} from './rival.ts';
import type { Found } from './tracking.ts';

const BOUNDS = { x0: 10, y0: 10, x1: 20, y1: 20 };
const LABEL = tensor(new Float32Array(1), [1]);
const RIVAL: Rival = { foundOn: 3, label: LABEL, bounds: BOUNDS, unseen: 0, peakMean: 0.8 };
const LOGITS = tensor(new Float32Array(1), [1, 1, 1, 1]);

function found(evidence: Partial<Found['evidence']> = {}): Found {
  const good = {
    bestProbability: 0.9,
    predictedIou: 0.9,
    readingIou: 0.9,
    agreement: 0.8,
    peak: 0.7,
    area: 500,
  };
  return { logits: LOGITS, evidence: { ...good, ...evidence } };
}

/** A box so many cells right of the rival's. */
const rightBy = (gap: number) => ({ x0: 20 + gap, y0: 10, x1: 30 + gap, y1: 20 });

describe('rivals', () => {
  it('contest an object that they touch', () => {
    expect(isContested(RIVAL.bounds, rightBy(2))).toBe(true);
    expect(isContested(RIVAL.bounds, rightBy(3))).toBe(false);
    expect(isContested(RIVAL.bounds, { x0: 12, y0: 23, x1: 15, y1: 25 })).toBe(false);
    expect(isContested(RIVAL.bounds, null)).toBe(false);
    expect(isContested(undefined, BOUNDS)).toBe(false);
  });

  it('share a place with what covers most of theirs', () => {
    expect(isSamePlace(BOUNDS, { x0: 12, y0: 10, x1: 22, y1: 20 })).toBe(true);
    expect(isSamePlace(BOUNDS, { x0: 8, y0: 5, x1: 40, y1: 30 })).toBe(true);
    expect(isSamePlace(BOUNDS, { x0: 16, y0: 10, x1: 26, y1: 20 })).toBe(false);
    expect(isSamePlace(BOUNDS, rightBy(2))).toBe(false);
    expect(isSamePlace(BOUNDS, null)).toBe(false);
  });

  it('are followed on every frame where they are near, else on every third', () => {
    expect(rivalToFollow(RIVAL, rightBy(8), 4)).toBe(RIVAL);
    expect(rivalToFollow(RIVAL, rightBy(9), 4)).toBeUndefined();
    expect(rivalToFollow(RIVAL, rightBy(9), 6)).toBe(RIVAL);
  });

  it('are remembered where they are seen', () => {
    const seen = nextRival(RIVAL, found());
    if (!isSeen(seen)) throw new Error('It was not seen.');
    expect(seen).toMatchObject({ foundOn: 3, logits: LOGITS });
    expect(seen.peakMean).toBeCloseTo(0.78);
    const label = tensor(new Float32Array(1), [1]);
    expect(rememberedRival(seen, { label, bounds: rightBy(0) })).toMatchObject({
      foundOn: 3,
      label,
      bounds: rightBy(0),
      unseen: 0,
    });
  });

  it.each([
    ['nothing is likely', { bestProbability: 0.4 }],
    ['the decoder doubts its own mask', { predictedIou: 0.4 }],
    ['guess and mask have nothing in common', { agreement: 0.1 }],
    ['nothing looks like it', { peak: 0.5 }],
    ['nothing is left of it', { area: 0 }],
  ])('are not seen where %s', (_, evidence) => {
    const next = nextRival(RIVAL, found(evidence));
    expect(isSeen(next)).toBe(false);
    expect(next).toMatchObject({ foundOn: 3, label: undefined, bounds: BOUNDS, unseen: 1 });
  });

  it('are given up after 15 frames on which they were sought in vain', () => {
    expect(nextRival({ ...RIVAL, unseen: 13 }, undefined)).toMatchObject({ unseen: 14 });
    expect(nextRival({ ...RIVAL, unseen: 14 }, undefined)).toBeUndefined();
    expect(restingRival({ ...RIVAL, unseen: 14 })).toMatchObject({ label: undefined, unseen: 14 });
  });

  it('are met where something would be taken for the object if that was lost', () => {
    const [object, last] = [found().evidence, { area: 400, peakMean: 0.8 }];
    const like = found({ bestProbability: 0.95 });
    expect(metRival(like, object, last)).toEqual({
      foundOn: undefined,
      peakMean: undefined,
      logits: LOGITS,
      before: undefined,
    });
    expect(metRival(undefined, object, last)).toBeUndefined();
    expect(metRival(found({ bestProbability: 0.91 }), object, last)).toBeUndefined();
    // Of another size than the object has now.
    expect(metRival(like, { ...object, area: 1500 }, last)).toBeUndefined();
    // Whether the object is the object is in doubt.
    expect(metRival(like, { ...object, predictedIou: 0.8 }, last)).toBeUndefined();
    expect(metRival(like, { ...object, agreement: 0.4 }, last)).toBeUndefined();
  });

  it('are not seen where less than a cell is left of them', () => {
    const seen = nextRival(RIVAL, found());
    if (!isSeen(seen)) throw new Error('It was not seen.');
    expect(rememberedRival(seen, { label: LABEL, bounds: null })).toMatchObject({
      label: undefined,
      bounds: BOUNDS,
      unseen: 1,
    });
  });
});
