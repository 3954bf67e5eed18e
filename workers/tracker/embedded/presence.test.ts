import { describe, expect, it } from 'vitest';
import { beforeLoss, isPresent, nextPeakMean } from './presence.ts';

const seen = { area: 1000, peakMean: 0.8 };
const good = { bestProbability: 0.99, predictedIou: 0.95, agreement: 0.8, peak: 0.78, area: 980 };

describe('isPresent', () => {
  it('holds for a mask like the last one', () => {
    expect(isPresent(good, seen, 'followed')).toBe(true);
    expect(isPresent(good, seen, 'lost')).toBe(true);
  });

  it.each([
    ['nothing is likely', { bestProbability: 0.85 }],
    ['the decoder does not agree with the guess', { agreement: 0.2 }],
    ['the decoder doubts its own mask', { predictedIou: 0.45 }],
    ['the area collapses', { area: 400 }],
    ['the area explodes', { area: 2300 }],
    ['nothing looks like the object', { peak: 0.5 }],
  ])('does not hold where %s', (_, change) => {
    expect(isPresent({ ...good, ...change }, seen, 'followed')).toBe(false);
  });

  it('asks less of a guess beside one that is marked, which has its share of it', () => {
    expect(isPresent({ ...good, bestProbability: 0.5 }, seen, 'followed')).toBe(false);
    expect(isPresent({ ...good, bestProbability: 0.5 }, seen, 'contested')).toBe(true);
  });

  it('asks more of a lost object, but lets it return smaller', () => {
    expect(isPresent({ ...good, bestProbability: 0.91 }, seen, 'lost')).toBe(false);
    expect(isPresent({ ...good, agreement: 0.4 }, seen, 'lost')).toBe(true);
    expect(isPresent({ ...good, agreement: 0.4, bestProbability: 0.95 }, seen, 'lost')).toBe(false);
    expect(isPresent({ ...good, area: 400 }, seen, 'lost')).toBe(true);
  });

  it('does not ask for a peak right after a prompt', () => {
    expect(isPresent({ ...good, peak: 0.1 }, { area: 1000, peakMean: undefined }, 'followed')).toBe(true);
  });
});

describe('beforeLoss', () => {
  it('lets an object return whole that was half hidden when it was last seen', () => {
    const halfHidden = { area: 330, peakMean: 0.8 };
    expect(isPresent(good, halfHidden, 'lost')).toBe(false);
    const last = beforeLoss(halfHidden, [halfHidden, { area: 900, peakMean: 0.9 }]);
    expect(last.peakMean).toBe(0.8);
    expect(isPresent(good, last, 'lost')).toBe(true);
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
