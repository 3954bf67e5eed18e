import { expect, it } from 'vitest';
import type { TrackSpan } from '../../../src/core/protocol/segmenter.ts';
import { planPasses, spanAt, wholeClip } from './passes.ts';

const span = (first: number, last: number): TrackSpan => ({
  direction: first <= last ? 'forward' : 'backward',
  first,
  last,
  behind: [],
  origin: first,
});

it('follows through the whole clip from the first prompt on, then back', () => {
  const passes = planPasses([...wholeClip(4, 10), ...wholeClip(6, 10)]);
  expect(passes).toEqual([
    { direction: 'forward', from: 4, to: 9 },
    { direction: 'backward', from: 5, to: 0 },
  ]);
  expect(planPasses(wholeClip(0, 3))).toEqual([{ direction: 'forward', from: 0, to: 2 }]);
});

it('goes over frames that several spans share once, and over none that nobody asked for', () => {
  const spans = [span(8, 12), span(2, 4), span(5, 6), span(3, 3), span(9, 7), span(4, 1), span(9, 8)];
  expect(planPasses(spans)).toEqual([
    { direction: 'forward', from: 2, to: 6 },
    { direction: 'forward', from: 8, to: 12 },
    { direction: 'backward', from: 9, to: 7 },
    { direction: 'backward', from: 4, to: 1 },
  ]);
});

it('knows the span of a frame', () => {
  const spans = [span(2, 4), span(9, 7)];
  expect(spanAt(spans, 'forward', 4)?.first).toBe(2);
  expect(spanAt(spans, 'forward', 8)).toBeUndefined();
  expect(spanAt(spans, 'backward', 8)?.first).toBe(9);
});
