import { expect, it } from 'vitest';
import type { TrackSpan } from '../core/protocol/segmenter.ts';
import { beginningOf, runLength } from './runLength.ts';

const span = (first: number, last: number): TrackSpan => ({
  ...{ first, last, behind: [], origin: 0 },
  direction: last >= first ? 'forward' : 'backward',
});
const objects = (...all: TrackSpan[][]) =>
  all.map((spans, at) => ({ objectId: at + 1, prompts: new Map(), spans }));

it('a run is as long as the frames that it goes through, once in each direction', () => {
  expect(runLength(objects([span(1, 9), span(5, 0)]))).toBe(9 + 6);
  expect(runLength(objects([span(1, 4)], [span(3, 9)], [span(20, 21)]))).toBe(9 + 2);
  expect(runLength(objects([span(0, 9)], [span(2, 3)]))).toBe(10);
  expect(runLength([])).toBe(0);
});

it('a run begins with its first forward span', () => {
  expect(beginningOf(objects([span(5, 0), span(7, 99)]), 10)).toEqual({ first: 7, last: 16 });
  expect(beginningOf(objects([span(50, 0)]), 10)).toEqual({ first: 41, last: 50 });
  expect(beginningOf(objects([span(3, 5)]), 10)).toEqual({ first: 3, last: 5 });
  expect(beginningOf([], 10)).toBeUndefined();
});
