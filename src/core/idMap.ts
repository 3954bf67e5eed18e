import type { Size } from './geometry.ts';
import { paintRle, type MaskRle } from './rle.ts';

export interface IdMapObject {
  /** The pixel value, 1 to 255. 0 is background. */
  readonly objectId: number;
  /** The object on this frame; `undefined` where it has no mask. */
  readonly mask: MaskRle | undefined;
}

/** @throws RangeError if an id map, with one byte a pixel, cannot hold the id. */
export function checkObjectId(objectId: number): void {
  if (!Number.isInteger(objectId) || objectId < 1 || objectId > 255) {
    throw new RangeError(`An object’s id in a PNG is a whole number from 1 to 255, not ${objectId}.`);
  }
}

/** @throws RangeError if the mask is not of the clip's size. */
export function checkMaskSize(mask: MaskRle, { width, height }: Size): void {
  if (mask.width !== width || mask.height !== height) {
    throw new RangeError(
      `A mask of ${mask.width}×${mask.height} does not fit a frame of ${width}×${height}.`,
    );
  }
}

/**
 * Draws objects into one row-major map of ids, one byte a pixel. In the order given: where masks overlap, the later
 * object's pixels win.
 * @throws RangeError if an id is not 1 to 255, or a mask is not of this size.
 */
export function composeIdMap(size: Size, objects: Iterable<IdMapObject>): Uint8Array {
  const map = new Uint8Array(size.width * size.height);
  for (const { objectId, mask } of objects) {
    checkObjectId(objectId);
    if (mask === undefined) continue;
    checkMaskSize(mask, size);
    paintRle(mask, map, objectId);
  }
  return map;
}
