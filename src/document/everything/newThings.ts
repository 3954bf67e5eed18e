import type { Proposal } from '../../core/protocol/segmenter.ts';
import { mayOverlap, rleArea, rleIou, subtractRle, type MaskRle } from '../../core/rle.ts';
import { findObject, MAX_OBJECTS, type MaskDocument, type MaskObject } from '../document.ts';
import { withMaskObject } from '../promptedMasks.ts';
import { stackedUnderCovered } from '../stacking.ts';

/** A proposal whose IoU with an object's mask is above this is that object. */
const SAME_THING = 0.5;
/** A proposal of which objects cover more than this is a part of them. */
const KNOWN_PART = 0.5;

/** Things that were found on a frame and are new. */
export interface NewThings {
  /** An object of each, the largest first. */
  readonly objects: readonly MaskObject[];
  /** How many more there are than an ID map can hold. */
  readonly leftOut: number;
}

/**
 * The proposals that show nothing of what a document has on the frame, as objects: where a thing is known, its parts are not new
 * ones. Proposals are not compared with each other, so that things and parts of them may be found together.
 */
export function newThings(
  document: MaskDocument,
  frame: number,
  proposals: readonly Pick<Proposal, 'mask' | 'area' | 'model'>[],
): NewThings {
  const known = document.objects.flatMap(({ track }) => {
    const mask = track.get(frame)?.mask;
    return mask && rleArea(mask) > 0 ? [mask] : [];
  });
  const found = [...proposals].sort((a, b) => b.area - a.area).filter(({ mask }) => isNew(mask, known));
  const objects: MaskObject[] = [];
  let next = document;
  for (const { mask, model } of found) {
    const { document: more, id } = withMaskObject(next, frame, mask, model);
    const object = findObject(more, id);
    if (object) objects.push(object);
    next = more;
  }
  return { objects, leftOut: found.length - objects.length };
}

/** A document with objects that were found on a frame, each under those that it covers. What the document has already stays. */
export function withFound(document: MaskDocument, frame: number, found: readonly MaskObject[]): MaskDocument {
  return found.reduce((next, object) => {
    const { id } = object;
    if (findObject(next, id) || next.objects.length >= MAX_OBJECTS) return next;
    const objects = stackedUnderCovered([...next.objects, object], id, frame, undefined);
    return { ...next, objects, lastId: Math.max(next.lastId, id) };
  }, document);
}

function isNew(mask: MaskRle, known: readonly MaskRle[]): boolean {
  const near = known.filter((other) => mayOverlap(mask, other));
  if (near.some((other) => rleIou(mask, other) > SAME_THING)) return false;
  return rleArea(subtractRle(mask, near)) >= (1 - KNOWN_PART) * rleArea(mask);
}
