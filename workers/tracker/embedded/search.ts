import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import { FAVOUR } from './contest.ts';
import { attend, attendAlike, attendRival, recentDiscount } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import { isContested, isNear } from './rival.ts';
import type { AreApart } from '../videoModel.ts';
import type { Contest, FrameSearch, Search } from './tracking.ts';
import { TUNED } from './tuned.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What a frame is searched for, and where the searches for look-alikes are. */
export interface PlannedSearch extends FrameSearch {
  /** For each object the index of the search for its look-alike, if there is one. The objects' own searches come first. */
  readonly rivals: readonly (number | undefined)[];
}

/**
 * What a frame is searched for: each object, its look-alike, and who contests whom.
 *
 * @param grid cells of the frame
 * @param areAlike whether two objects may be taken for each other, and are kept apart
 */
export function planSearch(objects: readonly Whereabouts[], grid: Size, areAlike: AreApart): PlannedSearch {
  const searches = objects.map((where, i) => searchFor(where, besideIt(objects, i, areAlike), grid));
  const contests: Contest[] = [];
  const rivals = objects.map((where, i) => {
    const sought = rivalSearch(where, grid);
    if (!sought) return undefined;
    const rival = searches.length;
    searches.push({ ...sought.search, meanDescriptor: meanOf(where), beside: undefined });
    contests.push({ object: i, rival, marked: false, ...sought.contest });
    // What another object claims is not a look-alike.
    objects.forEach((_, other) => {
      if (other !== i && areAlike(i, other))
        contests.push({ object: other, rival, ...UNKNOWN, marked: false });
    });
    return rival;
  });
  objects.forEach((a, object) => {
    objects.forEach((b, rival) => {
      if (rival <= object || !areAlike(object, rival) || !mayMeet(a, b)) return;
      const places = { object: placeOf(a), rival: placeOf(b) };
      contests.push({ object, rival, places, favour: favourOf(a, b), marked: true });
    });
  });
  return { searches, contests, rivals };
}

/** What is sought as a look-alike, and is none of what others claim. */
const UNKNOWN = { places: undefined, favour: FAVOUR.objectFollowed };

/** Whether two objects may be taken for each other: they are near, or one of them may be anywhere. */
function mayMeet(a: Whereabouts, b: Whereabouts): boolean {
  return a.lost || b.lost || isNear(a.latest.bounds, b.latest.bounds);
}

/** The nearest of the objects that are followed and may be taken for this one; an index. */
function besideIt(objects: readonly Whereabouts[], i: number, areAlike: AreApart): number | undefined {
  const where = objects[i];
  let nearest: number | undefined;
  let least = Infinity;
  objects.forEach((other, j) => {
    if (!where || j === i || other.lost || !areAlike(i, j) || !mayMeet(where, other)) return;
    const distance = distanceBetween(where.expected, other.expected);
    if (nearest !== undefined && distance >= least) return;
    nearest = j;
    least = distance;
  });
  return nearest;
}

/** Between the middles of two boxes, squared; far where one of them is nowhere. */
function distanceBetween(a: CellBox | null, b: CellBox | null): number {
  if (!a || !b) return Infinity;
  return ((a.x0 + a.x1 - b.x0 - b.x1) / 2) ** 2 + ((a.y0 + a.y1 - b.y0 - b.y1) / 2) ** 2;
}

function searchFor(where: Whereabouts, beside: number | undefined, grid: Size): Search {
  const { memories, latest, lost, rival } = where;
  const contested = !lost && isContested(rival?.bounds, latest.bounds);
  const what = !lost && beside !== undefined ? 'marked' : contested ? 'rival' : 'nothing';
  const attended = attend(memories, lost, recentDiscount(memories, what));
  return {
    plan: planAttention(grid, attended, lost ? null : latest.bounds),
    meanDescriptor: meanOf(where),
    unknown: false,
    beside,
  };
}

function meanOf({ memories, newest }: Whereabouts): Search['meanDescriptor'] {
  return (memories.conditioning[0]?.memory ?? newest).meanDescriptor;
}

interface RivalSearch {
  readonly search: Pick<Search, 'plan' | 'unknown'>;
  readonly contest: Omit<Contest, 'object' | 'rival' | 'marked'>;
}

function rivalSearch(
  { memories, latest, lost, sought, seeks }: Whereabouts,
  grid: Size,
): RivalSearch | undefined {
  if (seeks) {
    return {
      search: { plan: planAttention(grid, attendAlike(memories), null), unknown: true },
      contest: UNKNOWN,
    };
  }
  if (!sought) return undefined;
  const attended = attendRival(memories, sought.foundOn);
  // No memory shows it any more: of a frame that a run was reminded of all are gone in the end.
  if (attended.length === 0) return undefined;
  // One that is hidden may come out on either side of the object.
  const near = sought.unseen === 0 ? sought.bounds : unite(sought.bounds, latest.bounds);
  return {
    search: { plan: planAttention(grid, attended, near), unknown: false },
    contest: {
      places: { object: lost ? null : latest.bounds, rival: sought.bounds },
      favour: lost ? FAVOUR.rivalFollowed : TUNED.favour,
    },
  };
}

function unite(a: CellBox, b: CellBox | null): CellBox {
  if (!b) return a;
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

function placeOf({ lost, expected }: Whereabouts): CellBox | null {
  return lost ? null : expected;
}

/** Neither of two objects is more than the other, unless only one of them is followed. */
function favourOf(a: Whereabouts, b: Whereabouts): number {
  if (a.lost === b.lost) return FAVOUR.none;
  return a.lost ? FAVOUR.rivalFollowed : FAVOUR.objectFollowed;
}
