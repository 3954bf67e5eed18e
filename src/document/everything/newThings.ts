import type { Proposal } from '../../core/protocol/segmenter.ts';
import { mayOverlap, rleArea, rleIou, subtractRle, type MaskRle } from '../../core/rle.ts';
import { withMaskObject, type MaskDocument } from '../document.ts';

/** A proposal whose IoU with an object's mask is above this is that object. */
const SAME_THING = 0.5;
/** A proposal of which objects cover more than this is a part of them. */
const KNOWN_PART = 0.5;

/**
 * Makes an object of each proposal that shows nothing of what is followed already: where a thing is known, its parts are not new
 * ones. Proposals are not compared with each other, so that things and parts of them may be found together. The largest come first
 * and lie lowest. No more than an ID map can hold.
 */
export function withNewThings(
  document: MaskDocument,
  frame: number,
  proposals: readonly Proposal[],
): MaskDocument {
  const known = document.objects.flatMap(({ track }) => {
    const mask = track.get(frame)?.mask;
    return mask && rleArea(mask) > 0 ? [mask] : [];
  });
  let next = document;
  for (const { mask } of [...proposals].sort((a, b) => b.area - a.area))
    if (isNew(mask, known)) next = withMaskObject(next, frame, mask).document;
  return next;
}

function isNew(mask: MaskRle, known: readonly MaskRle[]): boolean {
  const near = known.filter((other) => mayOverlap(mask, other));
  if (near.some((other) => rleIou(mask, other) > SAME_THING)) return false;
  return rleArea(subtractRle(mask, near)) >= (1 - KNOWN_PART) * rleArea(mask);
}
