import type { CellBox } from '../grid.ts';

/** A place or a way on a frame, in cells. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where something was, and how it moves. */
interface Motion extends Place {
  readonly frame: number;
  /** What is added from frame to frame; `undefined` while it was seen only once. */
  readonly drift: Place | undefined;
}

/** What was seen of a thing on a frame. */
export interface Shown {
  /** In cells of the frame. */
  readonly bounds: CellBox;
  /** Any unit. */
  readonly area: number;
}

/** How much of an object shows. */
interface Extent {
  readonly area: number;
  /** Of its box, in cells. */
  readonly width: number;
  readonly height: number;
}

/** What is usual of an object. */
export interface Habit {
  /** The latest frames on which it was seen, oldest first; none is smaller than usual where its look-alike may have hidden a part. */
  readonly extents: readonly Extent[];
  /** The middle of its box, on frames on which its area was usual. */
  readonly motion: Motion;
}

/**
 * How an object and its look-alike lie to each other and how that changes: when they have overlapped and part again, nothing else
 * tells which is which.
 */
export interface Course {
  /** The way from the middle of the look-alike's box to that of the object's, on frames on which they stood apart. */
  readonly motion: Motion;
  /** Running means of the areas of the object and of its look-alike. */
  readonly areas: readonly [number, number];
}

/** What is usual is the median over so many frames: a mask that takes in a look-alike as it passes soon gives it back, or parts from it. */
const USUAL_FRAMES = 20;
/** A thing is about as large as it was from this ratio on: else something hides a part of it, or its mask has taken in something. */
const STEADY = 0.8;
/** Less of a thing than this share of its usual area is a part of it; between, it may have turned or bent. */
const PART = 0.7;
/** Two things stand apart where their boxes share at most so much of the smaller one's area. */
const MOST_SHARED = 0.25;
/** How much the latest drift counts, and the latest area. */
const NEWEST = { drift: 0.5, area: 0.2 };
/** A motion goes on for so many frames at most. */
const LONGEST = 30;

/**
 * What is usual with one more frame on which the object was seen.
 *
 * @param hidden whether its look-alike may hide a part of it: then the area that it usually has is no smaller
 */
export function habitAfter(
  habit: Habit | undefined,
  frame: number,
  { bounds, area }: Shown,
  hidden: boolean,
): Habit {
  const middle = middleOf(bounds);
  const shown = { area, width: bounds.x1 - bounds.x0, height: bounds.y1 - bounds.y0 };
  if (!habit) return { extents: [shown], motion: motionAfter(undefined, frame, middle) };
  const usual = usualExtent(habit);
  return {
    extents: [...habit.extents, hidden ? largest(shown, usual) : shown].slice(-USUAL_FRAMES),
    motion: ratio(area, usual.area) >= STEADY ? motionAfter(habit.motion, frame, middle) : habit.motion,
  };
}

export function usualExtent({ extents }: Habit): Extent {
  return {
    area: median(extents.map(({ area }) => area)),
    width: median(extents.map(({ width }) => width)),
    height: median(extents.map(({ height }) => height)),
  };
}

/** Whether so little of an object shows that something may hide the rest. @param area as the habit's */
export function isPart(habit: Habit | undefined, area: number): boolean {
  return habit !== undefined && area < PART * usualExtent(habit).area;
}

/** Where all of an object may be if what shows of it is within the bounds: the rest of what is usual may be on any side. In cells. */
export function reachOf(bounds: CellBox, habit: Habit): CellBox {
  const { width, height } = usualExtent(habit);
  const across = Math.max(0, width - (bounds.x1 - bounds.x0));
  const down = Math.max(0, height - (bounds.y1 - bounds.y0));
  return { x0: bounds.x0 - across, y0: bounds.y0 - down, x1: bounds.x1 + across, y1: bounds.y1 + down };
}

function largest(a: Extent, b: Extent): Extent {
  return {
    area: Math.max(a.area, b.area),
    width: Math.max(a.width, b.width),
    height: Math.max(a.height, b.height),
  };
}

/** Of an even number of values the larger one in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The course with one more frame on which both were seen; `undefined` while they have not stood apart. */
export function courseAfter(
  course: Course | undefined,
  frame: number,
  object: Shown,
  rival: Shown,
): Course | undefined {
  const areas = [object.area, rival.area] as const;
  const before = course?.areas ?? areas;
  const apart =
    sharedPart(object.bounds, rival.bounds) <= MOST_SHARED &&
    areas.every((area, i) => ratio(area, before[i] ?? area) >= STEADY);
  if (!course && !apart) return undefined;
  const offset = difference(middleOf(object.bounds), middleOf(rival.bounds));
  return {
    motion: course && !apart ? course.motion : motionAfter(course?.motion, frame, offset),
    areas: [mix(before[0], areas[0], NEWEST.area), mix(before[1], areas[1], NEWEST.area)],
  };
}

/**
 * Which of two places is the object's, if the other is its look-alike's: positive for the first, negative for the second, and about
 * 1 and −1 where both are where they are expected. As long as nobody knows how the two move, the object's own way tells.
 */
export function leadOfFirst(
  course: Course | undefined,
  habit: Habit,
  frame: number,
  first: Place,
  second: Place,
): number {
  if (!course?.motion.drift) {
    const place = expectedAt(habit.motion, frame);
    return (distance(place, second) - distance(place, first)) / distance(first, second);
  }
  const offset = expectedAt(course.motion, frame);
  const between = difference(first, second);
  return (offset.x * between.x + offset.y * between.y) / (between.x ** 2 + between.y ** 2);
}

export function middleOf({ x0, y0, x1, y1 }: CellBox): Place {
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}

function motionAfter(before: Motion | undefined, frame: number, { x, y }: Place): Motion {
  const elapsed = before ? Math.abs(frame - before.frame) : 0;
  if (!before || elapsed === 0) return { frame, x, y, drift: before?.drift };
  const latest = { x: (x - before.x) / elapsed, y: (y - before.y) / elapsed };
  const { drift = latest } = before;
  const mixed = { x: mix(drift.x, latest.x, NEWEST.drift), y: mix(drift.y, latest.y, NEWEST.drift) };
  return { frame, x, y, drift: mixed };
}

function expectedAt({ x, y, drift = { x: 0, y: 0 }, ...at }: Motion, frame: number): Place {
  const elapsed = Math.min(Math.abs(frame - at.frame), LONGEST);
  return { x: x + elapsed * drift.x, y: y + elapsed * drift.y };
}

function difference(a: Place, b: Place): Place {
  return { x: a.x - b.x, y: a.y - b.y };
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function mix(before: number, latest: number, weight: number): number {
  return before + weight * (latest - before);
}

function ratio(a: number, b: number): number {
  return Math.min(a, b) / Math.max(a, b, 1);
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
