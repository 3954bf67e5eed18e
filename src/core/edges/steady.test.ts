import { describe, expect, it } from 'vitest';
import { encodeRle, type MaskRle } from '../rle.ts';
import { steadyMask } from './steady.ts';

const SIZE = { width: 60, height: 40 };

/** A box, and single pixels beside it. */
function box(x0: number, x1: number, ...more: readonly (readonly [x: number, y: number])[]): MaskRle {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 10; y < 30; y++) pixels.fill(1, y * SIZE.width + Math.max(0, x0), y * SIZE.width + x1);
  for (const [x, y] of more) pixels[y * SIZE.width + x] = 1;
  return encodeRle(pixels, SIZE);
}

describe('an edge that is steadied', () => {
  it('loses what only one of three frames has, and gets what only one lacks', () => {
    const bump = box(10, 30, [30, 15], [30, 16]);
    expect(steadyMask(bump, { before: box(10, 30), after: box(10, 30) }, 4)).toEqual(box(10, 30));
    expect(steadyMask(box(10, 30), { before: bump, after: bump }, 4)).toEqual(bump);
  });

  it('does not lag behind a thing that moves or grows', () => {
    expect(steadyMask(box(20, 40), { before: box(10, 30), after: box(30, 50) }, 4)).toEqual(box(20, 40));
    expect(steadyMask(box(20, 40), { before: box(22, 38), after: box(18, 42) }, 4)).toEqual(box(20, 40));
  });

  it('loses a speck that one frame has; nothing changes where it reaches nowhere', () => {
    const speck = box(10, 30, [40, 20]);
    expect(steadyMask(speck, { before: box(10, 30), after: box(10, 30) }, 4)).toEqual(box(10, 30));
    expect(steadyMask(speck, { before: box(10, 30), after: box(10, 30) }, 0)).toEqual(speck);
  });

  it('is as it is without both neighbours, and beside frames on which the thing is another', () => {
    const mask = box(10, 30);
    expect(steadyMask(mask, {}, 4)).toBe(mask);
    expect(steadyMask(mask, { before: mask }, 4)).toBe(mask);
    expect(steadyMask(mask, { before: box(10, 14), after: mask }, 4)).toBe(mask);
    expect(steadyMask(mask, { before: box(0, 0), after: mask }, 4)).toBe(mask);
  });

  it('is moved onto a thing that leaves the frame', () => {
    const leaving = box(0, 18);
    expect(steadyMask(leaving, { before: box(2, 20), after: box(0, 16) }, 4)).toEqual(leaving);
  });
});
