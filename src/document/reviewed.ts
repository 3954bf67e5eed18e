import {
  includesFrame,
  withoutRange,
  withRange,
  type FrameRange,
  type FrameRanges,
} from '../core/frameRanges.ts';
import type { MaskTrack } from '../core/maskTrack.ts';

/** What a person has settled of an object. */
interface Settled {
  readonly locked: FrameRanges;
  /** Frames whose mask a person has found right; absent where there are none. */
  readonly reviewed?: FrameRanges;
}

/** Whether a person has looked at the object's mask on a frame and found it right. */
export function isReviewed({ reviewed = [] }: Settled, frame: number): boolean {
  return includesFrame(reviewed, frame);
}

/** Whether tracking leaves the object's mask on a frame as it is: the frame is locked, or was reviewed. */
export function isKept(object: Settled, frame: number): boolean {
  return includesFrame(object.locked, frame) || isReviewed(object, frame);
}

/** The first and last frames of all stretches that tracking leaves as they are. */
export function endsOfKept({ locked, reviewed = [] }: Settled): number[] {
  return [...locked, ...reviewed].flatMap(({ first, last }) => [first, last]);
}

/** The object with a range reviewed: its frames that have a mask which is true to the prompts. */
export function withReview<T extends Settled & { readonly track: MaskTrack }>(
  object: T,
  { first, last }: FrameRange,
): T {
  const before = object.reviewed ?? [];
  let reviewed = before;
  for (let frame = first; frame <= last; frame++) {
    const status = object.track.get(frame)?.status;
    if (status !== undefined && status !== 'stale' && !includesFrame(reviewed, frame))
      reviewed = withRange(reviewed, { first: frame, last: frame });
  }
  return reviewed === before ? object : { ...object, reviewed };
}

/** The object with nothing reviewed in a range; the same one if nothing was. */
export function withoutReview<T extends Settled>(object: T, range: FrameRange): T {
  const { reviewed: before, ...rest } = object;
  if (!before?.some(({ first, last }) => first <= range.last && range.first <= last)) return object;
  const reviewed = withoutRange(before, range);
  return (reviewed.length > 0 ? { ...rest, reviewed } : rest) as T;
}

/** The object with what was reviewed in a range given back to tracking: those masks are stale, but for prompted ones. */
export function withReviewGivenBack<T extends Settled & { readonly track: MaskTrack }>(
  object: T,
  range: FrameRange,
): T {
  const next = withoutReview(object, range);
  const { locked } = object;
  if (next === object) return object;
  const isMeant = (frame: number) =>
    range.first <= frame && frame <= range.last && isReviewed(object, frame) && !includesFrame(locked, frame);
  return { ...next, track: object.track.stale(isMeant) };
}

/** How many masks of a clip were reviewed, of all that its objects may have. */
export function reviewProgress(
  objects: readonly Settled[],
  frameCount: number,
): { readonly reviewed: number; readonly all: number } {
  let reviewed = 0;
  for (const object of objects)
    for (const { first, last } of object.reviewed ?? []) reviewed += last - first + 1;
  return { reviewed, all: objects.length * frameCount };
}
