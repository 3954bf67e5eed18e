import { describe, expect, it } from 'vitest';
import { areNear, isSamePlace, squareBetween, unite } from './places.ts';

const BOX = { x0: 10, y0: 10, x1: 20, y1: 20 };
/** A box so many cells right of that. */
const rightBy = (gap: number) => ({ x0: 20 + gap, y0: 10, x1: 30 + gap, y1: 20 });

describe('two places', () => {
  it('are near up to eight cells', () => {
    expect(areNear(BOX, rightBy(8))).toBe(true);
    expect(areNear(BOX, rightBy(9))).toBe(false);
    expect(areNear(BOX, { x0: 12, y0: 29, x1: 15, y1: 31 })).toBe(false);
    expect(areNear(BOX, null)).toBe(false);
    expect(areNear(undefined, BOX)).toBe(false);
  });

  it('are the same where most of the smaller one is in both', () => {
    expect(isSamePlace(BOX, { x0: 12, y0: 10, x1: 22, y1: 20 })).toBe(true);
    expect(isSamePlace(BOX, { x0: 8, y0: 5, x1: 40, y1: 30 })).toBe(true);
    expect(isSamePlace(BOX, { x0: 16, y0: 10, x1: 26, y1: 20 })).toBe(false);
    expect(isSamePlace(BOX, rightBy(2))).toBe(false);
    expect(isSamePlace(BOX, null)).toBe(false);
  });

  it('make one together, as far as they are known', () => {
    expect(unite(BOX, rightBy(3))).toEqual({ x0: 10, y0: 10, x1: 33, y1: 20 });
    expect(unite(BOX, null)).toBe(BOX);
    expect(unite(null, null)).toBeNull();
  });

  it('are as far apart as their middles', () => {
    expect(squareBetween(BOX, rightBy(2))).toBe(144);
    expect(squareBetween(BOX, null)).toBe(Infinity);
  });
});
