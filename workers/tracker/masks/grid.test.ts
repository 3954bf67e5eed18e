import { describe, expect, it } from 'vitest';
import { boundsAbove, growBox, positiveShare } from './grid.ts';

describe('boundsAbove', () => {
  it('is the smallest box, right and bottom exclusive', () => {
    const data = new Float32Array(12);
    data[1 * 4 + 1] = 1;
    data[2 * 4 + 3] = 1;
    expect(boundsAbove({ data, width: 4, height: 3 }, 0.5)).toEqual({ x0: 1, y0: 1, x1: 4, y1: 3 });
  });

  it('is null where nothing is above', () => {
    expect(boundsAbove({ data: new Float32Array(4), width: 2, height: 2 }, 0)).toBeNull();
  });

  it('grows within the grid', () => {
    const grown = growBox({ x0: 1, y0: 5, x1: 3, y1: 6 }, 2, { width: 8, height: 6 });
    expect(grown).toEqual({ x0: 0, y0: 3, x1: 5, y1: 6 });
  });
});

describe('positiveShare', () => {
  it('is the share of positive values in each block, for as many blocks as asked', () => {
    const grid = { data: Float32Array.of(-1, 1, 2, 1, 5, 0, 0, 7, 1, -2, 1, 3), width: 6, height: 2 };
    const shares = { width: 2, height: 1, data: Float32Array.of(0.5, 0.75) };
    expect(positiveShare(grid, 2, { width: 2, height: 1 })).toEqual(shares);
  });
});
