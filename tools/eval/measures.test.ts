import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../src/core/rle.ts';
import { boundaryMap, boundaryMeasure, clipQuality, jAndF, measure } from './measures.ts';

/** A mask from rows of `#` and `.`. */
function mask(...rows: string[]) {
  const pixels = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  return encodeRle(pixels, { width: rows[0]!.length, height: rows.length });
}

/** A square of `side` at (x, y) on 100×100: a diagonal of 141.4 pixels, so a tolerance of 2. */
function square(x: number, y: number, side: number) {
  const pixels = new Uint8Array(100 * 100);
  for (let row = y; row < y + side; row++) pixels.fill(1, row * 100 + x, row * 100 + x + side);
  return encodeRle(pixels, { width: 100, height: 100 });
}

const nothing = square(0, 0, 0);

describe('boundaryMap', () => {
  it('marks where a pixel differs from the right, lower, or lower right one', () => {
    const pixels = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    // oxfmt-ignore
    expect(Array.from(boundaryMap(pixels, { width: 4, height: 4 }))).toEqual([
      1, 1, 1, 0,
      1, 0, 1, 0,
      1, 1, 1, 0,
      0, 0, 0, 0,
    ]);
  });

  it('has no edge along the border of the frame', () => {
    expect(Array.from(boundaryMap(Uint8Array.of(1, 1, 1, 1), { width: 2, height: 2 }))).toEqual([0, 0, 0, 0]);
    expect(Array.from(boundaryMap(Uint8Array.of(1, 0, 1, 0), { width: 2, height: 2 }))).toEqual([1, 0, 1, 0]);
  });
});

describe('J', () => {
  it('is the intersection over the union', () => {
    const { j } = measure(mask('##..', '##..'), mask('.##.', '.##.'));
    expect(j).toBeCloseTo(2 / 6);
    // Squares of 10, moved by 5: 50 of 150.
    expect(measure(square(20, 20, 10), square(25, 20, 10)).j).toBeCloseTo(1 / 3);
  });

  it('is 1 where both are empty, 0 where one is', () => {
    expect(measure(nothing, nothing).j).toBe(1);
    expect(measure(nothing, square(5, 5, 5)).j).toBe(0);
  });
});

describe('F', () => {
  it('is 1 for the same mask, and where both are empty', () => {
    expect(boundaryMeasure(square(20, 20, 30), square(20, 20, 30))).toBe(1);
    expect(boundaryMeasure(nothing, nothing)).toBe(1);
  });

  it('is 0 where only one is empty, or boundaries are far apart', () => {
    expect(boundaryMeasure(nothing, square(20, 20, 30))).toBe(0);
    expect(boundaryMeasure(square(20, 20, 30), nothing)).toBe(0);
    expect(boundaryMeasure(square(0, 0, 10), square(60, 60, 10))).toBe(0);
  });

  it('forgives two pixels on a frame of 100×100, not three', () => {
    expect(boundaryMeasure(square(20, 20, 30), square(22, 20, 30))).toBe(1);
    // The boundary is a ring of 31×31, 120 pixels. Moved by 3, the left side (31) has nothing near. Top and bottom (30 each)
    // overlap or are up to 2 off. Of the right side's other 29, the 2 nearest to each of top and bottom are near those.
    expect(boundaryMeasure(square(20, 20, 30), square(23, 20, 30))).toBeCloseTo((30 + 30 + 4) / 120);
  });

  it('weighs precision and recall: by hand on one row', () => {
    // Boundaries: of the first mask at 1 and 3, of the second at 1. Within 1 pixel: precision 1/2, recall 1.
    const found = mask('..##......');
    const wanted = mask('..########');
    expect(boundaryMeasure(found, wanted, 1)).toBeCloseTo((2 * 0.5 * 1) / 1.5);
    expect(boundaryMeasure(wanted, found, 1)).toBeCloseTo((2 * 0.5 * 1) / 1.5);
    // Within 2 pixels the second edge is near the first boundary as well.
    expect(boundaryMeasure(found, wanted, 2)).toBe(1);
  });

  it('measures distance in a disc, not in a square', () => {
    // A single pixel has a boundary of 2×2; that of one moved by (2, 2) touches it at a corner: √2 off.
    expect(boundaryMeasure(square(20, 20, 1), square(22, 22, 1), 1)).toBe(0);
    expect(boundaryMeasure(square(20, 20, 1), square(22, 22, 1), 1.5)).toBeCloseTo(0.25);
  });
});

describe('clipQuality', () => {
  it('leaves out the first frame, which was given, and the last, as DAVIS does', () => {
    const frames = [1, 0.8, 0.6, 0].map((j) => ({ j, f: j / 2 }));
    const quality = clipQuality(frames);
    expect(quality.j).toBeCloseTo(0.7);
    expect(quality.f).toBeCloseTo(0.35);
    expect(jAndF(quality)).toBeCloseTo(0.525);
  });
});
