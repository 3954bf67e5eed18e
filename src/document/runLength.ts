import type { FrameRange } from '../core/frameRanges.ts';
import type { ObjectToTrack, TrackSpan } from '../core/protocol/segmenter.ts';

type Objects = readonly ObjectToTrack[];

/** How many frames a run goes through: each once in each direction, whatever the number of objects. */
export function runLength(objects: Objects): number {
  return lengthOf(objects, 'forward') + lengthOf(objects, 'backward');
}

/** The first so many frames of a run: of the span that it begins with. */
export function beginningOf(objects: Objects, frames: number): FrameRange | undefined {
  const spans = spansOf(objects);
  const span = spans.find(({ direction }) => direction === 'forward') ?? spans[0];
  if (span === undefined) return undefined;
  const { direction, first, last } = span;
  return direction === 'forward'
    ? { first, last: Math.min(first + frames - 1, last) }
    : { first: Math.max(first - frames + 1, last), last: first };
}

function lengthOf(objects: Objects, direction: TrackSpan['direction']): number {
  const ranges = spansOf(objects)
    .filter((span) => span.direction === direction)
    .map(({ first, last }) => [Math.min(first, last), Math.max(first, last)] as const)
    .sort(([a], [b]) => a - b);
  let [length, end] = [0, -1];
  for (const [first, last] of ranges) {
    length += Math.max(0, last - Math.max(first - 1, end));
    end = Math.max(end, last);
  }
  return length;
}

function spansOf(objects: Objects): readonly TrackSpan[] {
  return objects.flatMap(({ spans = [] }) => spans);
}
