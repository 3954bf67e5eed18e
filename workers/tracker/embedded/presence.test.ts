import { describe, expect, it } from 'vitest';
import { isPresent, isTarget, nextPeakMean, type Evidence } from './presence.ts';
import type { Target, TargetState } from './targetState.ts';

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
    ['the area collapses', { area: 390 }],
    ['the area explodes', { area: 2600 }],
    ['nothing looks like the object', { peak: 0.5 }],
  ])('does not hold where %s', (_, change) => {
    expect(isPresent({ ...good, ...change }, seen, 'followed')).toBe(false);
  });

  it('asks less of a guess of one of a pair, of which the other one has its share', () => {
    expect(isPresent({ ...good, bestProbability: 0.5 }, seen, 'followed')).toBe(false);
    expect(isPresent({ ...good, bestProbability: 0.5 }, seen, 'contested')).toBe(true);
  });

  it('asks for more agreement where the object was lost, unless all else is sure', () => {
    const doubtful = { ...good, agreement: 0.4, bestProbability: 0.95 };
    expect(isPresent(doubtful, seen, 'followed')).toBe(true);
    expect(isPresent(doubtful, seen, 'lost')).toBe(false);
    expect(isPresent({ ...doubtful, bestProbability: 0.97 }, seen, 'lost')).toBe(true);
  });

  it('asks for a little less resemblance where the object was lost, for it may come back turned', () => {
    const turned = { ...good, peak: 0.76 * seen.peakMean };
    expect(isPresent(turned, seen, 'followed')).toBe(false);
    expect(isPresent(turned, seen, 'lost')).toBe(true);
  });

  it('does not ask for a peak right after a prompt', () => {
    expect(isPresent({ ...good, peak: 0.1 }, { area: 1000, peakMean: undefined }, 'followed')).toBe(true);
  });
});

describe('isPresent of a distractor', () => {
  it('believes it sooner than an object, whatever its size', () => {
    const doubtful = { ...good, bestProbability: 0.5, predictedIou: 0.5, agreement: 0.2, area: 20 };
    expect(isPresent(doubtful, seen, 'followed')).toBe(false);
    expect(isPresent(doubtful, seen, 'distractor')).toBe(true);
  });

  it('believes one of a pair whatever the guess was, for the other one has its share of that', () => {
    const left = { ...good, agreement: 0.01 };
    expect(isPresent(left, seen, 'distractor')).toBe(false);
    expect(isPresent(left, seen, 'pairedDistractor')).toBe(true);
    expect(isPresent({ ...left, bestProbability: 0.4 }, seen, 'pairedDistractor')).toBe(false);
  });

  it.each([
    ['nothing is likely', { bestProbability: 0.4 }],
    ['guess and mask have nothing in common', { agreement: 0.1 }],
    ['nothing looks like it', { peak: 0.5 }],
    ['nothing is left of it', { area: 0 }],
  ])('does not hold where %s', (_, change) => {
    expect(isPresent({ ...good, ...change }, seen, 'distractor')).toBe(false);
  });
});

describe('isTarget of an object', () => {
  const isObject = (evidence: Evidence, of: TargetState, isInPair = false) =>
    isTarget(evidence, { role: 'object', state: of }, isInPair, undefined);
  const state = (lost: boolean, usualArea = 330) =>
    ({ area: 330, peakMean: 0.8, lost, usualArea }) as TargetState;

  it('lets an object return whole that was half hidden when it was last seen', () => {
    const unsure = { ...good, predictedIou: 0.84 };
    expect(isObject(unsure, state(true))).toBe(false);
    expect(isObject(unsure, state(true, 900))).toBe(true);
    expect(isObject({ ...unsure, area: 340 }, state(true))).toBe(true);
  });

  it('lets an object whose mask is sure return at any size', () => {
    expect(isObject(good, state(true))).toBe(true);
    expect(isObject(good, state(false))).toBe(false);
  });

  it('asks for the area of the frame before as long as the object is followed', () => {
    expect(isObject(good, state(false, 900))).toBe(false);
    expect(isObject({ ...good, area: 340 }, state(false, 900))).toBe(true);
  });

  it('asks less of a guess of one of a pair', () => {
    const shared = { ...good, area: 340, bestProbability: 0.6 };
    expect(isObject(shared, state(false))).toBe(false);
    expect(isObject(shared, state(false), true)).toBe(true);
  });
});

describe('isTarget of what nobody knew', () => {
  const isMet = (evidence: Evidence, object: Evidence | undefined) =>
    isTarget(evidence, { role: 'unknown', state: seen as Target['state'] }, false, object);
  it('holds for what would be taken for the object if that was lost', () => {
    expect(isMet(good, good)).toBe(true);
    expect(isMet({ ...good, bestProbability: 0.89 }, good)).toBe(false);
    // Of another size than the object has now.
    expect(isMet(good, { ...good, area: 3000 })).toBe(false);
  });

  it('does not hold where the object is not there', () => {
    expect(isMet(good, undefined)).toBe(false);
  });

  it('does not hold while it is in doubt whether the object is the object', () => {
    expect(isMet(good, { ...good, predictedIou: 0.8 })).toBe(false);
    expect(isMet(good, { ...good, agreement: 0.4 })).toBe(false);
  });
});

describe('nextPeakMean', () => {
  it('starts with the first peak and follows slowly', () => {
    expect(nextPeakMean(undefined, 0.9)).toBe(0.9);
    expect(nextPeakMean(0.5, 1)).toBeCloseTo(0.6);
  });
});
