import { describe, expect, it } from 'vitest';
import { courseAfter, leadOfFirst, leadOfNearer } from './course.ts';

/** A box of 10 by 10 cells round a place. */
const box = (x: number, y: number) => ({ x0: x - 5, y0: y - 5, x1: x + 5, y1: y + 5 });

describe('courseAfter', () => {
  it('follows how the object lies to its look-alike, and how that changes', () => {
    const once = courseAfter(undefined, 4, box(40, 20), box(20, 20));
    expect(once).toEqual({ frame: 4, object: { x: 40, y: 20 }, offset: { x: 20, y: 0 }, drift: undefined });
    const twice = courseAfter(once, 6, box(40, 22), box(24, 20));
    expect(twice).toEqual({
      frame: 6,
      object: { x: 40, y: 22 },
      offset: { x: 16, y: 2 },
      drift: { x: -2, y: 1 },
    });
    expect(courseAfter(twice, 7, box(41, 22), box(29, 20))).toMatchObject({
      offset: { x: 12, y: 2 },
      drift: { x: -3, y: 0.5 },
    });
  });

  it('stays as it was where the two overlap: what is seen of them then is not all of them', () => {
    const once = courseAfter(undefined, 4, box(40, 20), box(20, 20));
    expect(courseAfter(once, 5, box(40, 20), box(33, 20))).toBe(once);
    expect(courseAfter(once, 5, box(40, 20), box(32.5, 20))).not.toBe(once);
    expect(courseAfter(undefined, 5, box(40, 20), box(40, 22))).toBeUndefined();
  });
});

describe('leadOfFirst', () => {
  const course = { frame: 10, object: { x: 40, y: 20 }, offset: { x: 12, y: 0 }, drift: { x: -3, y: 0 } };
  const [left, right] = [
    { x: 30, y: 20 },
    { x: 42, y: 20 },
  ];

  it('says which of two places the object is at, forward and backward in time', () => {
    expect(leadOfFirst(course, 10, right, left)).toBeCloseTo(1);
    expect(leadOfFirst(course, 11, left, right)).toBeCloseTo(-0.75);
    // By then they have passed each other.
    expect(leadOfFirst(course, 18, left, right)).toBeCloseTo(1);
    expect(leadOfFirst(course, 2, left, right)).toBeCloseTo(1);
  });

  it('says nothing while one is expected to be where the other is', () => {
    expect(leadOfFirst(course, 14, left, right)).toBeCloseTo(0);
  });

  it('goes by where the object was as long as nobody knows how the two move', () => {
    const resting = { ...course, drift: undefined };
    expect(leadOfFirst(resting, 18, left, right)).toBeCloseTo(leadOfNearer(course.object, left, right));
    expect(leadOfNearer({ x: 40, y: 20 }, left, right)).toBeCloseTo(-8 / 12);
    expect(leadOfNearer({ x: 36, y: 20 }, left, right)).toBeCloseTo(0);
  });
});
