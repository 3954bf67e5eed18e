import type { CellBox } from '../grid.ts';

/** A place or a way on a frame, in cells. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * How an object and its look-alike lie to each other and how that changes: when they have overlapped and part again, nothing else
 * tells which is which.
 */
export interface Course {
  /** The last frame on which they stood apart. */
  readonly frame: number;
  /** The middle of the object's box there. */
  readonly object: Place;
  /** The way to it from the middle of the look-alike's. */
  readonly offset: Place;
  /** What is added to the offset from frame to frame; `undefined` while they have stood apart only once. */
  readonly drift: Place | undefined;
}

/** Two boxes stand apart where they share at most so much of the smaller one's area. */
const MOST_SHARED = 0.25;
/** How much the latest drift counts. */
const NEWEST = 0.5;
/** A course is followed on for so many frames at most. */
const LONGEST = 30;

/** The course with one more frame on which both were seen; as it was where they do not stand apart there. */
export function courseAfter(
  course: Course | undefined,
  frame: number,
  object: CellBox,
  rival: CellBox,
): Course | undefined {
  if (sharedPart(object, rival) > MOST_SHARED) return course;
  const middle = middleOf(object);
  const offset = difference(middle, middleOf(rival));
  if (!course) return { frame, object: middle, offset, drift: undefined };
  const elapsed = Math.abs(frame - course.frame);
  if (elapsed === 0) return course;
  const change = difference(offset, course.offset);
  const latest = { x: change.x / elapsed, y: change.y / elapsed };
  return { frame, object: middle, offset, drift: course.drift ? mix(course.drift, latest) : latest };
}

/**
 * Which of two places is the object's, if the other is its look-alike's: positive for the first, negative for the second, and about
 * 1 and −1 where both are where they are expected.
 */
export function leadOfFirst(course: Course, frame: number, first: Place, second: Place): number {
  const { offset, drift } = course;
  if (!drift) return leadOfNearer(course.object, first, second);
  const elapsed = Math.min(Math.abs(frame - course.frame), LONGEST);
  const between = difference(first, second);
  const expected = { x: offset.x + elapsed * drift.x, y: offset.y + elapsed * drift.y };
  return (expected.x * between.x + expected.y * between.y) / (between.x ** 2 + between.y ** 2);
}

/** The same where only the object's own place is known: whether it was nearer to the first or to the second. */
export function leadOfNearer(object: Place, first: Place, second: Place): number {
  const distance = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);
  return (distance(object, second) - distance(object, first)) / distance(first, second);
}

export function middleOf({ x0, y0, x1, y1 }: CellBox): Place {
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}

function difference(a: Place, b: Place): Place {
  return { x: a.x - b.x, y: a.y - b.y };
}

function mix(before: Place, latest: Place): Place {
  const one = (a: number, b: number) => a + NEWEST * (b - a);
  return { x: one(before.x, latest.x), y: one(before.y, latest.y) };
}

/** What two boxes share, of the smaller one's area. */
function sharedPart(a: CellBox, b: CellBox): number {
  const across = Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0));
  const down = Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
  return (across * down) / Math.min(areaOf(a), areaOf(b));
}

function areaOf({ x0, y0, x1, y1 }: CellBox): number {
  return (x1 - x0) * (y1 - y0);
}
