import { describe, expect, it } from 'vitest';
import { beforeLoss, isPresent, nextPeakMean } from './presence.ts';

const seen = { area: 1000, peakMean: 0.8 };
const good = { bestProbability: 0.99, predictedIou: 0.95, agreement: 0.8, peak: 0.78, area: 980 };

describe('isPresent', () => {
  it('holds for a mask like the last one', () => {
    expect(isPresent(good, seen, false)).toBe(true);
    expect(isPresent(good, seen, true)).toBe(true);
  });

  it.each([
    ['nothing is likely', { bestProbability: 0.85 }],
    ['the decoder does not agree with the guess', { agreement: 0.2 }],
    ['the decoder doubts its own mask', { predictedIou: 0.45 }],
    ['the area collapses', { area: 400 }],
    ['the area explodes', { area: 2300 }],
    ['nothing looks like the object', { peak: 0.5 }],
  ])('does not hold where %s', (_, change) => {
    expect(isPresent({ ...good, ...change }, seen, false)).toBe(false);
  });

  it('asks more of a lost object, but lets it return smaller', () => {
    expect(isPresent({ ...good, bestProbability: 0.91 }, seen, true)).toBe(false);
    expect(isPresent({ ...good, agreement: 0.4 }, seen, true)).toBe(true);
    expect(isPresent({ ...good, agreement: 0.4, bestProbability: 0.95 }, seen, true)).toBe(false);
    expect(isPresent({ ...good, area: 400 }, seen, true)).toBe(true);
  });

  it('does not ask for a peak right after a prompt', () => {
    expect(isPresent({ ...good, peak: 0.1 }, { area: 1000, peakMean: undefined }, false)).toBe(true);
  });
});

describe('beforeLoss', () => {
  it('lets an object return whole that was half hidden when it was last seen', () => {
    const halfHidden = { area: 330, peakMean: 0.8 };
    expect(isPresent(good, halfHidden, true)).toBe(false);
    const last = beforeLoss(halfHidden, [halfHidden, { area: 900, peakMean: 0.9 }]);
    expect(last.peakMean).toBe(0.8);
    expect(isPresent(good, last, true)).toBe(true);
  });

  it('needs no recent memory', () => {
    expect(beforeLoss(seen, [])).toEqual(seen);
  });
});

describe('nextPeakMean', () => {
  it('starts with the first peak and follows slowly', () => {
    expect(nextPeakMean(undefined, 0.9)).toBe(0.9);
    expect(nextPeakMean(0.5, 1)).toBeCloseTo(0.6);
  });
});
