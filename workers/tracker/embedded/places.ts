import type { CellBox } from '../masks/grid.ts';
import { cellCount } from './memoryAttention.ts';
import { TUNED } from './tuned.ts';

/** A box in cells; nothing where nobody knows one. */
type Place = CellBox | null | undefined;

/** Whether two things are so near that one may be taken for the other. */
export function areNear(a: Place, b: Place): boolean {
  return gapBetween(a, b) <= TUNED.reach;
}

/** Whether two boxes hold the same thing, or one of two things may hide the other. */
export function isSamePlace(a: Place, b: Place): boolean {
  return sharedPart(a, b) >= TUNED.samePlace;
}

/** The share of the smaller of two boxes that is in both. */
function sharedPart(a: Place, b: Place): number {
  if (!a || !b) return 0;
  const across = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const down = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return (Math.max(0, across) * Math.max(0, down)) / Math.min(cellCount(a), cellCount(b));
}

/** The box round two. */
export function unite(a: CellBox | null, b: CellBox | null): CellBox | null {
  if (!a || !b) return a ?? b;
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

/** Square of the distance between the middles of two boxes. */
export function squareBetween(a: Place, b: Place): number {
  if (!a || !b) return Infinity;
  return ((a.x0 + a.x1 - b.x0 - b.x1) / 2) ** 2 + ((a.y0 + a.y1 - b.y0 - b.y1) / 2) ** 2;
}

/** Cells between two boxes, across or down; 0 where they touch or overlap. */
function gapBetween(a: Place, b: Place): number {
  if (!a || !b) return Infinity;
  return Math.max(0, a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1);
}
