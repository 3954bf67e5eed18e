import { describe, expect, it } from 'vitest';
import { connectedComponents, distanceTransform } from './shape.ts';

function grid(...rows: string[]) {
  const width = rows[0]!.length;
  return {
    width,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0)),
  };
}

describe('connectedComponents', () => {
  it('joins cells that touch at a corner', () => {
    expect(connectedComponents(grid('#..', '.#.', '..#')).count).toBe(1);
  });

  it('keeps apart what does not touch, also across the edge of a row', () => {
    const { labels, count } = connectedComponents(grid('..#', '...', '#..'));
    expect(count).toBe(2);
    expect([...labels]).toEqual([0, 0, 1, 0, 0, 0, 2, 0, 0]);
  });
});

describe('distanceTransform', () => {
  it('equals the distance to the nearest background cell, by trying all', () => {
    // A linear congruential generator: the same blobs at every run.
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    const width = 23;
    const height = 17;
    const data = Uint8Array.from({ length: width * height }, () => (random() < 0.85 ? 1 : 0));
    const distance = distanceTransform({ width, height, data });
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let nearest = Infinity;
        for (let v = -1; v <= height; v++) {
          for (let u = -1; u <= width; u++) {
            const inside = u >= 0 && v >= 0 && u < width && v < height;
            if (!inside || data[v * width + u] === 0) nearest = Math.min(nearest, Math.hypot(u - x, v - y));
          }
        }
        expect(distance[y * width + x]).toBeCloseTo(nearest, 4);
      }
    }
  });

  it('is the same wherever an object lies, at a border too, and zero where there is none', () => {
    const object = ['.##.', '####', '.###'];
    const alone = distanceTransform(grid(...object));
    const moved = distanceTransform(grid('.......', ...object.map((row) => `...${row}`)));
    object.forEach((_, y) =>
      expect(moved.slice((y + 1) * 7 + 3, (y + 2) * 7)).toEqual(alone.slice(y * 4, (y + 1) * 4)),
    );
    expect([...distanceTransform(grid('..', '..'))]).toEqual([0, 0, 0, 0]);
  });

  it('measures to the outside of a grid that is all object', () => {
    expect([...distanceTransform(grid('###', '###', '###'))]).toEqual([1, 1, 1, 1, 2, 1, 1, 1, 1]);
  });
});
