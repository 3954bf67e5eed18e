import { MEANT_OVERLAP } from '../core/limits.ts';
import { liesOn, sharedPart, type MaskRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';

/**
 * The list with an object under those that its first mask covers on a frame: what was masked before is in front, and stays to be
 * seen. The same list where it covers none of them, or has masks on other frames.
 *
 * @param former the mask that it had on the frame before
 */
export function stackedUnderCovered(
  objects: readonly MaskObject[],
  id: number,
  frame: number,
  former: MaskRle | undefined,
): readonly MaskObject[] {
  const object = objects.find((each) => each.id === id);
  const mask = object?.track.get(frame)?.mask;
  if (object === undefined || mask === undefined || object.track.size > 1) return objects;
  const isCovered = ({ track }: MaskObject) => {
    const other = track.get(frame)?.mask;
    return other !== undefined && liesOn(other, mask) && !(former && liesOn(other, former));
  };
  const place = objects.indexOf(object);
  const lowest = objects.findIndex((other) => other !== object && isCovered(other));
  if (lowest < 0 || lowest > place) return objects;
  return objects.toSpliced(place, 1).toSpliced(lowest, 0, object);
}

/** Whether one of two objects lies on the other, as a person has seen: on a frame where one of them was prompted. */
export function areMeantToOverlap(a: MaskObject, b: MaskObject): boolean {
  return [...new Set([...a.prompts.keys(), ...b.prompts.keys()])].some((frame) => {
    const [own, other] = [a.track.get(frame), b.track.get(frame)];
    if (own === undefined || other === undefined) return false;
    if (own.status === 'prompted' && other.status === 'prompted')
      return sharedPart(own.mask, other.mask) > MEANT_OVERLAP;
    return liesOn(own.mask, other.mask) || liesOn(other.mask, own.mask);
  });
}
