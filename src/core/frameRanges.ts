/** Frames from `first` to `last`, both included. */
export interface FrameRange {
  readonly first: number;
  readonly last: number;
}

/** A set of frames as ranges in rising order that neither meet nor overlap. A value. */
export type FrameRanges = readonly FrameRange[];

/** Whether a frame is in the set. */
export function includesFrame(ranges: FrameRanges, frame: number): boolean {
  return ranges.some(({ first, last }) => first <= frame && frame <= last);
}

/** Whether every frame of `range` is in the set. */
export function includesRange(ranges: FrameRanges, range: FrameRange): boolean {
  return ranges.some(({ first, last }) => first <= range.first && range.last <= last);
}

/** The set with a range added; ranges that meet become one. */
export function withRange(ranges: FrameRanges, { first, last }: FrameRange): FrameRanges {
  const meets = (other: FrameRange) => other.first <= last + 1 && first <= other.last + 1;
  const met = ranges.filter(meets);
  const joined = {
    first: Math.min(first, ...met.map((other) => other.first)),
    last: Math.max(last, ...met.map((other) => other.last)),
  };
  return [...ranges.filter((other) => !meets(other)), joined].sort((a, b) => a.first - b.first);
}

/** The set without the frames of a range, which may cut a range in two. */
export function withoutRange(ranges: FrameRanges, { first, last }: FrameRange): FrameRanges {
  return ranges.flatMap((other) =>
    [
      { first: other.first, last: Math.min(other.last, first - 1) },
      { first: Math.max(other.first, last + 1), last: other.last },
    ].filter((part) => part.first <= part.last),
  );
}

/** Frames in rising order as ranges. */
export function rangesOf(frames: readonly number[]): FrameRanges {
  const ranges: { first: number; last: number }[] = [];
  for (const frame of frames) {
    const range = ranges.at(-1);
    if (range?.last === frame - 1) range.last = frame;
    else ranges.push({ first: frame, last: frame });
  }
  return ranges;
}
