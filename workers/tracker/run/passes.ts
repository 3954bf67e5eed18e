import type { ObjectToTrack, TrackSpan } from '../../../src/core/protocol/segmenter.ts';
import type { Direction } from './memoryBank.ts';

/** Frames that a run goes over without a gap, in order. */
export interface Pass {
  readonly direction: Direction;
  readonly from: number;
  readonly to: number;
}

/** The spans of an object that is followed through the whole clip: from its first prompt to the end, then back to the start. */
export function wholeClip(firstPrompt: number, frameCount: number): TrackSpan[] {
  const spans: TrackSpan[] = [];
  const shared = { behind: [], origin: firstPrompt };
  spans.push({ ...shared, direction: 'forward', first: firstPrompt, last: frameCount - 1 });
  if (firstPrompt > 0) spans.push({ ...shared, direction: 'backward', first: firstPrompt - 1, last: 0 });
  return spans;
}

/** The passes that go over all spans: forward ones first, each frame once in each direction whatever the number of objects. */
export function planPasses(spans: readonly TrackSpan[]): Pass[] {
  const inDirection = (direction: Direction) => {
    const sign = direction === 'forward' ? 1 : -1;
    const passes: Pass[] = [];
    const sorted = spans
      .filter((span) => span.direction === direction)
      .sort((a, b) => sign * (a.first - b.first));
    for (const { first, last } of sorted) {
      const before = passes.at(-1);
      if (before && sign * (first - before.to) <= 1) {
        const to = sign * (last - before.to) > 0 ? last : before.to;
        passes[passes.length - 1] = { ...before, to };
      } else {
        passes.push({ direction, from: first, to: last });
      }
    }
    return passes;
  };
  return [...inDirection('forward'), ...inDirection('backward')];
}

/** The span of an object that a frame of a pass belongs to. */
export function spanAt(
  spans: NonNullable<ObjectToTrack['spans']>,
  direction: Direction,
  frame: number,
): TrackSpan | undefined {
  return spans.find(
    (span) =>
      span.direction === direction &&
      Math.min(span.first, span.last) <= frame &&
      frame <= Math.max(span.first, span.last),
  );
}
