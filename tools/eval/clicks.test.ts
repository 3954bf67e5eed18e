import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../src/core/rle.ts';
import { nextClick } from './clicks.ts';

const size = { width: 40, height: 30 };

function rectangles(...list: [x: number, y: number, width: number, height: number][]) {
  const pixels = new Uint8Array(size.width * size.height);
  for (const [x, y, width, height] of list) {
    for (let row = y; row < y + height; row++)
      pixels.fill(1, row * size.width + x, row * size.width + x + width);
  }
  return encodeRle(pixels, size);
}

const nothing = rectangles();

describe('nextClick', () => {
  it('starts in the middle of the object', () => {
    expect(nextClick(nothing, rectangles([10, 10, 11, 5]))).toMatchObject({ y: 12.5, label: 1 });
    expect(nextClick(nothing, rectangles([10, 10, 7, 7]))).toEqual({ x: 13.5, y: 13.5, label: 1 });
  });

  it('adds where the largest error is missing object', () => {
    const truth = rectangles([2, 2, 9, 9], [20, 20, 5, 5]);
    const mask = rectangles([2, 2, 9, 9], [35, 2, 2, 2]);
    expect(nextClick(mask, truth)).toEqual({ x: 22.5, y: 22.5, label: 1 });
  });

  it('takes away where the largest error is too much', () => {
    const truth = rectangles([2, 2, 9, 9]);
    const mask = rectangles([2, 2, 9, 8], [20, 10, 7, 7]);
    expect(nextClick(mask, truth)).toEqual({ x: 23.5, y: 13.5, label: 0 });
  });

  it('has nothing to say of a perfect mask', () => {
    const truth = rectangles([2, 2, 9, 9]);
    expect(nextClick(truth, truth)).toBeUndefined();
    expect(nextClick(nothing, nothing)).toBeUndefined();
  });
});
