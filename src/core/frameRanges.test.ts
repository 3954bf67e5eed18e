import { describe, expect, it } from 'vitest';
import {
  includesFrame,
  includesRange,
  withoutRange,
  withRange,
  type FrameRanges,
  rangesOf,
} from './frameRanges.ts';

const ranges: FrameRanges = [
  { first: 2, last: 4 },
  { first: 8, last: 8 },
];

describe('frame ranges', () => {
  it('join where they meet or overlap', () => {
    expect(withRange(ranges, { first: 5, last: 6 })).toEqual([
      { first: 2, last: 6 },
      { first: 8, last: 8 },
    ]);
    expect(withRange(ranges, { first: 3, last: 7 })).toEqual([{ first: 2, last: 8 }]);
    expect(withRange([], { first: 1, last: 1 })).toEqual([{ first: 1, last: 1 }]);
  });

  it('are cut, and split, by what is taken out', () => {
    expect(withoutRange(ranges, { first: 3, last: 3 })).toEqual([
      { first: 2, last: 2 },
      { first: 4, last: 4 },
      { first: 8, last: 8 },
    ]);
    expect(withoutRange(ranges, { first: 4, last: 9 })).toEqual([{ first: 2, last: 3 }]);
  });

  it('know their frames', () => {
    expect([1, 2, 4, 5, 8, 9].map((frame) => includesFrame(ranges, frame))).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(includesRange(ranges, { first: 3, last: 4 })).toBe(true);
    expect(includesRange(ranges, { first: 4, last: 8 })).toBe(false);
  });
});

describe('rangesOf', () => {
  it('joins frames that follow each other', () => {
    expect(rangesOf([])).toEqual([]);
    expect(rangesOf([0, 1, 2, 5])).toEqual([
      { first: 0, last: 2 },
      { first: 5, last: 5 },
    ]);
  });
});
