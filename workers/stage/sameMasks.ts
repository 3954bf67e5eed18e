import { isSameEdge, PLAIN_EDGE } from '../../src/core/edges/edgeSettings.ts';
import type { SceneMask, ShapeToMake } from '../../src/core/stageScene.ts';
import type { MaskRle } from '../../src/core/rle.ts';

/** Whether two lists of masks have the same shapes. */
export function haveSameShapes(a: readonly SceneMask[], b: readonly SceneMask[]): boolean {
  return areSame(
    a,
    b,
    (one, other) => isSameRle(one.mask, other.mask) && isSameShape(one.shape, other.shape),
  );
}

/** Whether two lists of masks have the same shapes and the same soft edges. */
export function haveSameEdges(a: readonly SceneMask[], b: readonly SceneMask[]): boolean {
  const isSameSoft = (one: SceneMask, other: SceneMask) =>
    isSameEdge(one.edge ?? PLAIN_EDGE, other.edge ?? PLAIN_EDGE);
  return areSame(a, b, isSameSoft) && haveSameShapes(a, b);
}

function areSame(
  a: readonly SceneMask[],
  b: readonly SceneMask[],
  isSame: (one: SceneMask, other: SceneMask) => boolean,
): boolean {
  return (
    a.length === b.length &&
    a.every((one, at) => {
      const other = b[at];
      return other !== undefined && isSame(one, other);
    })
  );
}

function isSameShape(a: ShapeToMake | undefined, b: ShapeToMake | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const isSame = (one: MaskRle | undefined, other: MaskRle | undefined) =>
    one && other ? isSameRle(one, other) : one === other;
  return (
    isSameEdge(a.edge, b.edge) &&
    isSame(a.neighbours.before, b.neighbours.before) &&
    isSame(a.neighbours.after, b.neighbours.after)
  );
}

function isSameRle(a: MaskRle, b: MaskRle): boolean {
  return (
    a.width === b.width &&
    a.counts.length === b.counts.length &&
    a.counts.every((count, at) => count === b.counts[at])
  );
}
