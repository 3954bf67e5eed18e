import { describe, expect, it } from 'vitest';
import type { FramePrompts } from './prompts.ts';
import { withBox, withMovedPoint, withoutBox, withoutPoint, withPoint } from './promptEdits.ts';

const box = { x0: 1, y0: 2, x1: 3, y1: 4 };
const two: FramePrompts = {
  points: [
    { x: 1, y: 1, label: 1 },
    { x: 2, y: 2, label: 0 },
  ],
  box,
};

describe('prompt edits', () => {
  it('add, move and remove one point and leave the rest', () => {
    expect(withPoint(two, { x: 3, y: 3 }, 1).points.map(({ x }) => x)).toEqual([1, 2, 3]);
    expect(withMovedPoint(two, 1, { x: 9, y: 8 })).toEqual({
      points: [two.points[0], { x: 9, y: 8, label: 0 }],
      box,
    });
    expect(withoutPoint(two, 0)).toEqual({ points: [two.points[1]], box });
  });

  it('change nothing where there is no such point', () => {
    expect(withMovedPoint(two, 5, { x: 0, y: 0 })).toBe(two);
  });

  it('replace and remove the box', () => {
    expect(withBox(two, { ...box, x0: 0 }).box?.x0).toBe(0);
    expect(withoutBox(two)).toEqual({ points: two.points });
  });
});
