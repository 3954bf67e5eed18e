import type { MaskObject } from './document.ts';

/**
 * The pixel value of each object in exported ID maps: 1 to N without gaps, in the order in which the objects were made. It is the
 * object's id as long as none was deleted, and the order of the list does not change it.
 */
export function exportNumbers(objects: readonly MaskObject[]): ReadonlyMap<number, number> {
  return new Map(
    objects
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .map((id, at) => [id, at + 1]),
  );
}
