import { MEANT_OVERLAP } from '../../../src/core/limits.ts';
import { sharedPart } from '../../../src/core/rle.ts';
import type { Masklet } from './masklet.ts';

/**
 * Puts objects into layers, so that no two of one layer are meant to overlap: a ball and the man who holds it. Only objects of one
 * layer are kept apart. Nearly always there is one layer.
 */
export function layersOf<T>(objects: readonly T[], areMeant: (a: T, b: T) => boolean): T[][] {
  const layers: T[][] = [];
  for (const object of objects) {
    const layer = layers.find((others) => !others.some((other) => areMeant(object, other)));
    if (layer) layer.push(object);
    else layers.push([object]);
  }
  return layers;
}

/** Whether one of two objects lies on the other: it is known, or a person prompted their masks so on one frame. */
export function areMeantToOverlap(a: AnyMasklet, b: AnyMasklet): boolean {
  if (a.overlapping.includes(b.objectId) || b.overlapping.includes(a.objectId)) return true;
  return [...a.prompted].some(([frame, { mask }]) => {
    const other = b.prompted.get(frame);
    return other !== undefined && sharedPart(mask, other.mask) > MEANT_OVERLAP;
  });
}

type AnyMasklet = Pick<Masklet<unknown, object>, 'objectId' | 'overlapping' | 'prompted'>;
