import type { FrameRange } from '../../core/frameRanges.ts';

/** Frames that things are followed through in one go, after they were looked for on the first of them. */
export interface Stretch extends FrameRange {
  /** The frames of its shot that are in the range. */
  readonly shot: FrameRange;
}

/**
 * The stretches of a range: one begins where a shot begins, and every so many frames within a shot.
 *
 * @param shots first frames of new shots, in rising order
 * @param every frames from one look to the next, at least 1
 */
export function stretchesOf(range: FrameRange, shots: readonly number[], every: number): Stretch[] {
  const starts = [range.first, ...shots.filter((start) => start > range.first && start <= range.last)];
  return starts.flatMap((first, i) => {
    const shot = { first, last: (starts[i + 1] ?? range.last + 1) - 1 };
    const looks = Math.ceil((shot.last - shot.first + 1) / every);
    return Array.from({ length: looks }, (_, look) => {
      const from = shot.first + look * every;
      return { first: from, last: Math.min(from + every - 1, shot.last), shot };
    });
  });
}
