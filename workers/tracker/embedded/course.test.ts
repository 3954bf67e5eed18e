import { describe, expect, it } from 'vitest';
import { courseAfter, habitAfter, leadOfFirst, reachOf, usualExtent } from './course.ts';

/** All of what `shown` shows. */
const WHOLE = { area: 100, width: 10, height: 10 };

/** A square of 10 by 10 cells round a place. */
const shown = (x: number, y: number, area = 100) => ({
  bounds: { x0: x - 5, y0: y - 5, x1: x + 5, y1: y + 5 },
  area,
});

describe('habitAfter', () => {
  it('follows where the object is, and how it moves', () => {
    const once = habitAfter(undefined, 4, shown(40, 20), false);
    expect(once).toEqual({ extents: [WHOLE], motion: { frame: 4, x: 40, y: 20, drift: undefined } });
    const twice = habitAfter(once, 6, shown(44, 18), false);
    expect(twice.motion).toEqual({ frame: 6, x: 44, y: 18, drift: { x: 2, y: -1 } });
    expect(habitAfter(twice, 7, shown(45, 18), false).motion.drift).toEqual({ x: 1.5, y: -0.5 });
  });

  it('does not believe where a thing of another area is', () => {
    const once = habitAfter(undefined, 4, shown(40, 20), false);
    expect(habitAfter(once, 5, shown(44, 20, 120), false).motion.x).toBe(44);
    for (const area of [126, 79])
      expect(habitAfter(once, 5, shown(44, 20, area), false).motion).toBe(once.motion);
  });

  it('has a usual area that stays for ten frames with another one', () => {
    let habit = habitAfter(undefined, 0, shown(40, 20), false);
    for (let frame = 1; frame < 30; frame++) habit = habitAfter(habit, frame, shown(40, 20), false);
    for (let frame = 30; frame < 39; frame++) habit = habitAfter(habit, frame, shown(40, 20, 150), false);
    expect(usualExtent(habit)).toEqual(WHOLE);
    for (let frame = 39; frame < 41; frame++) habit = habitAfter(habit, frame, shown(40, 20, 150), false);
    expect(usualExtent(habit)).toEqual({ ...WHOLE, area: 150 });
  });

  it('knows that a thing is no smaller because something hides a part of it', () => {
    const once = habitAfter(undefined, 4, shown(40, 20), false);
    const [half, more] = [shown(40, 20, 50), shown(40, 20, 150)];
    const narrow = { ...half, bounds: { ...half.bounds, x1: 40 } };
    expect(habitAfter(once, 5, narrow, true).extents).toEqual([WHOLE, WHOLE]);
    expect(habitAfter(once, 5, narrow, false).extents).toEqual([WHOLE, { area: 50, width: 5, height: 10 }]);
    expect(habitAfter(once, 5, more, true).extents).toEqual([WHOLE, { ...WHOLE, area: 150 }]);
  });
});

describe('reachOf', () => {
  it('adds what is missing of the usual size on either side', () => {
    const habit = habitAfter(undefined, 4, shown(40, 20), false);
    const part = { x0: 40, y0: 10, x1: 43, y1: 22 };
    expect(reachOf(part, habit)).toEqual({ x0: 33, y0: 10, x1: 50, y1: 22 });
  });
});

describe('courseAfter', () => {
  it('follows how the object lies to its look-alike, and how that changes', () => {
    const once = courseAfter(undefined, 4, shown(40, 20), shown(20, 20, 80));
    expect(once).toEqual({ motion: { frame: 4, x: 20, y: 0, drift: undefined }, areas: [100, 80] });
    const twice = courseAfter(once, 6, shown(40, 22), shown(24, 20, 90));
    expect(twice?.motion).toEqual({ frame: 6, x: 16, y: 2, drift: { x: -2, y: 1 } });
    expect(twice?.areas).toEqual([100, 82]);
    expect(courseAfter(twice, 7, shown(41, 22), shown(29, 20, 80))?.motion).toMatchObject({
      ...{ x: 12, y: 2 },
      drift: { x: -3, y: 0.5 },
    });
  });

  it('stays as it was where their boxes overlap, or one is not as large as before: what is seen then is not all of it', () => {
    const once = courseAfter(undefined, 4, shown(40, 20), shown(20, 20));
    expect(courseAfter(once, 5, shown(40, 20), shown(33, 20))?.motion).toBe(once?.motion);
    expect(courseAfter(once, 5, shown(40, 20), shown(32.5, 20))?.motion.frame).toBe(5);
    expect(courseAfter(once, 5, shown(40, 20), shown(25, 20, 79))?.motion).toBe(once?.motion);
    expect(courseAfter(once, 5, shown(40, 20, 126), shown(25, 20))?.motion).toBe(once?.motion);
    // It has become smaller for good.
    let course = once;
    for (let frame = 5; frame < 15; frame++)
      course = courseAfter(course, frame, shown(40, 20), shown(25, 20, 60));
    expect(course?.motion.frame).toBeGreaterThan(5);
    expect(courseAfter(undefined, 5, shown(40, 20), shown(40, 22))).toBeUndefined();
  });
});

describe('leadOfFirst', () => {
  const habit = { extents: [WHOLE], motion: { frame: 10, x: 40, y: 20, drift: { x: -1, y: 0 } } };
  const course = { motion: { frame: 10, x: 12, y: 0, drift: { x: -3, y: 0 } }, areas: [100, 80] } as const;
  const [left, right] = [
    { x: 30, y: 20 },
    { x: 42, y: 20 },
  ];

  it('says which of two places the object is at, forward and backward in time', () => {
    expect(leadOfFirst(course, habit, 10, right, left)).toBeCloseTo(1);
    expect(leadOfFirst(course, habit, 11, left, right)).toBeCloseTo(-0.75);
    // By then they have passed each other.
    expect(leadOfFirst(course, habit, 18, left, right)).toBeCloseTo(1);
    expect(leadOfFirst(course, habit, 2, left, right)).toBeCloseTo(1);
  });

  it('says nothing while one is expected to be where the other is', () => {
    expect(leadOfFirst(course, habit, 14, left, right)).toBeCloseTo(0);
  });

  it('goes by how the object moves where there is no course, or nobody knows how it goes on', () => {
    const resting = { ...course, motion: { ...course.motion, drift: undefined } };
    for (const unknown of [undefined, resting]) {
      expect(leadOfFirst(unknown, habit, 10, left, right)).toBeCloseTo(-8 / 12);
      expect(leadOfFirst(unknown, habit, 14, left, right)).toBeCloseTo(0);
      expect(leadOfFirst(unknown, habit, 20, left, right)).toBeCloseTo(1);
    }
  });

  it('does not go on for ever', () => {
    expect(leadOfFirst(course, habit, 40, left, right)).toBe(leadOfFirst(course, habit, 90, left, right));
  });
});
