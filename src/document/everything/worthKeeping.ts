import { mayOverlap, rleArea, rleIou } from '../../core/rle.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import type { MaskDocument, MaskObject } from '../document.ts';

/** Which of the masklets that were found by themselves are kept. */
export interface KeepRules {
  /** Frames that a masklet must be seen on, at least; in a shorter shot, on all of its frames. */
  readonly minFrames: number;
  /** Its mean score, at least. */
  readonly minScore: number;
}

export const KEEP_RULES: KeepRules = { minFrames: 5, minScore: 0.5 };

/** Two masks of one frame with an IoU above this are of the same thing. */
const SAME_MASK = 0.7;
/** Two masklets are one where that holds for this share of the frames that the shorter one is seen on. */
const SAME_SHARE = 0.5;

/**
 * Drops those of the masklets that were found which are short or unsure, or which another object shows already. Of those that are the
 * same thing, the one with most of sure masks stays, and takes over the others' masks of frames on which it is not seen. Objects that
 * were not found by themselves stay as they are.
 *
 * @param frameCount frames of the shot
 * @param isFound whether an object is one of those masklets
 */
export function withoutPoorMasklets(
  document: MaskDocument,
  frameCount: number,
  isFound: (object: MaskObject) => boolean,
  { minFrames, minScore }: KeepRules = KEEP_RULES,
): MaskDocument {
  const isLong = ({ frames }: Seen) => frames.size >= Math.min(minFrames, frameCount);
  const isSure = ({ scoreSum, frames }: Seen) => scoreSum >= minScore * frames.size;
  const others = document.objects
    .filter((object) => !isFound(object))
    .map(seenPart)
    .filter(({ frames }) => frames.size > 0);
  const worthIt = document.objects
    .filter(isFound)
    .map(seenPart)
    .filter((masklet) => isLong(masklet) && isSure(masklet))
    .sort((a, b) => b.scoreSum - a.scoreSum);
  const kept: Seen[] = [];
  for (const masklet of worthIt) {
    if (others.some((other) => isSameThing(masklet, other))) continue;
    const at = kept.findIndex((other) => isSameThing(masklet, other));
    const same = kept[at];
    if (same === undefined) kept.push(masklet);
    else kept[at] = seenPart(withMasksOf(same, masklet));
  }
  const byId = new Map(kept.map(({ object }) => [object.id, object]));
  const objects = document.objects.flatMap((object) =>
    isFound(object) ? (byId.get(object.id) ?? []) : [object],
  );
  return { ...document, objects };
}

/** A masklet where it is to be seen. */
interface Seen {
  readonly object: MaskObject;
  readonly frames: ReadonlyMap<number, FrameMask>;
  readonly scoreSum: number;
}

function seenPart(object: MaskObject): Seen {
  const frames = new Map([...object.track].filter(([, { mask }]) => rleArea(mask) > 0));
  let scoreSum = 0;
  for (const { score } of frames.values()) scoreSum += score;
  return { object, frames, scoreSum };
}

function isSameThing(a: Seen, b: Seen): boolean {
  const [shorter, longer] = a.frames.size <= b.frames.size ? [a, b] : [b, a];
  let same = 0;
  for (const [frame, { mask }] of shorter.frames) {
    const other = longer.frames.get(frame)?.mask;
    if (other && mayOverlap(mask, other) && rleIou(mask, other) > SAME_MASK) same++;
  }
  return same >= SAME_SHARE * shorter.frames.size;
}

function withMasksOf({ object, frames }: Seen, other: Seen): MaskObject {
  const more = [...other.frames].filter(([frame]) => !frames.has(frame));
  return more.length > 0 ? { ...object, track: object.track.with(more) } : object;
}
