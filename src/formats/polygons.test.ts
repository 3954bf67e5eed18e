import { describe, expect, it } from 'vitest';
import { FormatError } from '../core/formatError.ts';
import { decodeRle, encodeRle } from '../core/rle.ts';
import { maskOfPolygons, outlinesOf } from './polygons.ts';

/** A mask from rows of `.` and `#`. */
function draw(...rows: string[]) {
  const size = { width: rows[0]!.length, height: rows.length };
  return encodeRle(
    Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0)),
    size,
  );
}

const rows = ({ width, height }: { width: number; height: number }, mask: Uint8Array) =>
  Array.from({ length: height }, (_, y) =>
    Array.from(mask.subarray(y * width, (y + 1) * width), (value) => (value ? '#' : '.')).join(''),
  );

describe('outlinesOf', () => {
  it('goes round the edges of the pixels', () => {
    expect(outlinesOf(draw('....', '.##.', '....'))).toEqual([[1, 1, 3, 1, 3, 2, 1, 2]]);
  });

  it('has one outline for each part; pixels that touch at a corner are two parts', () => {
    expect(outlinesOf(draw('#.', '.#'))).toEqual([
      [0, 0, 1, 0, 1, 1, 0, 1],
      [1, 1, 2, 1, 2, 2, 1, 2],
    ]);
  });

  it('has none for a hole, but one for what lies in it', () => {
    const outlines = outlinesOf(draw('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(outlines).toEqual([
      [0, 0, 5, 0, 5, 5, 0, 5],
      [2, 2, 3, 2, 3, 3, 2, 3],
    ]);
  });

  it('has none for an empty mask', () => {
    expect(outlinesOf(draw('...'))).toEqual([]);
  });
});

describe('maskOfPolygons', () => {
  const size = { width: 6, height: 4 };
  const filled = (...polygons: number[][]) => rows(size, decodeRle(maskOfPolygons(polygons, size)));

  it('takes the pixels whose middle lies inside', () => {
    expect(filled([0.6, 0.4, 3.4, 0.4, 3.4, 2.6, 0.6, 2.6])).toEqual([
      '.##...',
      '.##...',
      '.##...',
      '......',
    ]);
    expect(filled([0, 0, 4.2, 0, 0, 4.2])).toEqual(['####..', '###...', '##....', '#.....']);
  });

  it('cuts off what lies beyond the frame', () => {
    expect(filled([-9, -9, 99, -9, 99, 99, -9, 99])).toEqual(['######', '######', '######', '######']);
  });

  it('joins polygons, also where they overlap', () => {
    expect(filled([0, 0, 3, 0, 3, 2, 0, 2], [1, 1, 5, 1, 5, 3, 1, 3])).toEqual([
      ...['###...', '#####.', '.####.', '......'],
    ]);
  });

  it.each([
    ['two points', [0, 0, 1, 1]],
    ['an odd number of coordinates', [0, 0, 1, 1, 2, 0, 3]],
    ['what is no number', [0, 0, NaN, 1, 2, 0]],
  ])('refuses %s', (_, polygon) => {
    expect(() => maskOfPolygons([polygon], size)).toThrow(FormatError);
  });

  it('refuses more than a mask can have', () => {
    const zigzag = Array.from({ length: 12_000 }, (_, i) => (i % 2 === 0 ? (i % 4) * 4000 : i));
    expect(() => maskOfPolygons([zigzag], { width: 8000, height: 8000 })).toThrow('too complicated');
  });
});
