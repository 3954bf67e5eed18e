import { describe, expect, it } from 'vitest';
import { paintStroke } from './brush.ts';

const size = { width: 9, height: 5 };
type Stroke = Parameters<typeof paintStroke>[2];

function painted(stroke: Stroke, diameter: number, value: 0 | 1 = 1): string[] {
  const raster = new Uint8Array(size.width * size.height).fill(1 - value);
  paintStroke(raster, size, stroke, diameter, value);
  const rows = Array.from({ length: size.height }, (_, y) => raster.subarray(y * 9, y * 9 + 9));
  return rows.map((row) => Array.from(row, (pixel) => (pixel === 1 ? '#' : '.')).join(''));
}

const middle = { x: 4.5, y: 2.5 };

describe('a brush stroke', () => {
  it('is a disc where it is one point', () => {
    expect(painted([middle, middle], 4)).toEqual([
      ...['....#....', '...###...', '..#####..', '...###...', '....#....'],
    ]);
  });

  it('has no gap however far the pointer went', () => {
    expect(
      painted(
        [
          { x: 1.5, y: 2.5 },
          { x: 7.5, y: 2.5 },
        ],
        1,
      ),
    ).toEqual([...['.........', '.........', '.#######.', '.........', '.........']]);
  });

  it('erases as well', () => {
    expect(painted([middle, middle], 2, 0)).toEqual([
      ...['#########', '####.####', '###...###', '####.####', '#########'],
    ]);
  });

  it('meets a pixel however small it is, and stays inside the frame', () => {
    expect(
      painted(
        [
          { x: 3.05, y: 1.05 },
          { x: 3.05, y: 1.05 },
        ],
        0.1,
      ).join(''),
    ).toContain('#');
    expect(
      painted(
        [
          { x: -3, y: 2.5 },
          { x: 0.5, y: 2.5 },
        ],
        2,
      ),
    ).toEqual([...['.........', '#........', '##.......', '#........', '.........']]);
  });
});
