import { describe, expect, it } from 'vitest';
import { encodeRle, rleBounds, type MaskRle } from '../../../src/core/rle.ts';
import { boxToCorrect } from './givenMask.ts';

const size = { width: 10, height: 10 };

function rectangle(x0: number, y0: number, x1: number, y1: number): MaskRle {
  const mask = new Uint8Array(100);
  for (let y = y0; y < y1; y++) mask.fill(1, y * 10 + x0, y * 10 + x1);
  return encodeRle(mask, size);
}

describe('the box that stands for a mask', () => {
  it('is the mask’s, grown to hold the clicks that add', () => {
    const mask = rectangle(2, 3, 6, 8);
    expect(boxToCorrect(mask, [])).toEqual(rleBounds(mask));
    expect(
      boxToCorrect(mask, [
        { x: 9.5, y: 5, label: 1 },
        { x: 0, y: 0, label: 0 },
      ]),
    ).toEqual({ x0: 2, y0: 3, x1: 9.5, y1: 8 });
  });

  it('is none for an empty mask', () => {
    expect(boxToCorrect(rectangle(0, 0, 0, 0), [])).toBeUndefined();
  });
});
