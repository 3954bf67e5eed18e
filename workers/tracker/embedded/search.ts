import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import { FAVOUR } from './contest.ts';
import { attend, attendAlike, attendRival, recentDiscount } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import { isContested, isNear, isSamePlace } from './rival.ts';
import type { Contest, FrameSearch, Search } from './tracking.ts';
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
 * @param areApart whether the masks of two objects are kept apart from each other; indices
 */
export function planSearch(
  objects: readonly Whereabouts[],
  grid: Size,
  areApart: (a: number, b: number) => boolean,
): PlannedSearch {
  const besides = objects.map((_, i) => objects.filter((_, j) => j !== i && areApart(i, j)));
  const searches = objects.map((where, i) => searchFor(where, besides[i] ?? [], grid));
  const contests: Contest[] = [];
  const rivals = objects.map((where, i) => {
    const sought = rivalSearch(where, besides[i] ?? [], grid);
    if (!sought) return undefined;
    const rival = searches.length;
    searches.push({ ...sought.search, meanDescriptor: meanOf(where) });
    contests.push({ object: i, rival, ...sought.contest });
    // What another object claims is not a look-alike.
    objects.forEach((_, j) => {
      if (j !== i && areApart(i, j))
        contests.push({ object: j, rival, places: undefined, favour: FAVOUR.objectFollowed });
    });
    return rival;
  });
  objects.forEach((a, i) => {
    objects.forEach((b, j) => {
      if (j <= i || !areApart(i, j)) return;
      if (!a.lost && !b.lost && !isNear(a.latest.bounds, b.latest.bounds)) return;
      contests.push({ object: i, rival: j, places: placesOf(a, b), favour: favourOf(a, b) });
    });
  });
  return { searches, contests, rivals };
}

function searchFor(where: Whereabouts, besides: readonly Whereabouts[], grid: Size): Search {
  const { memories, latest, lost, rival } = where;
  const others = [rival?.bounds, ...besides.map((other) => other.latest.bounds)];
  const contested = !lost && others.some((other) => isContested(other, latest.bounds));
  const attended = attend(memories, lost, recentDiscount(memories, contested));
  return {
    plan: planAttention(grid, attended, lost ? null : latest.bounds),
    meanDescriptor: meanOf(where),
    unknown: false,
  };
}

function meanOf({ memories, newest }: Whereabouts): Search['meanDescriptor'] {
  return (memories.conditioning[0]?.memory ?? newest).meanDescriptor;
}

interface RivalSearch {
  readonly search: Omit<Search, 'meanDescriptor'>;
  readonly contest: Omit<Contest, 'object' | 'rival'>;
}

function rivalSearch(
  { memories, latest, lost, sought, seeks }: Whereabouts,
  besides: readonly Whereabouts[],
  grid: Size,
): RivalSearch | undefined {
  if (seeks) {
    return {
      search: { plan: planAttention(grid, attendAlike(memories), null), unknown: true },
      contest: { places: undefined, favour: FAVOUR.objectFollowed },
    };
  }
  // A look-alike that is marked is followed for its own sake.
  if (!sought || besides.some((other) => !other.lost && isSamePlace(sought.bounds, other.latest.bounds)))
    return undefined;
  const attended = attendRival(memories, sought.foundOn);
  // No memory shows it any more: of a frame that a run was reminded of all are gone in the end.
  if (attended.length === 0) return undefined;
  // One that is hidden may come out on either side of the object.
  const near = sought.unseen === 0 ? sought.bounds : unite(sought.bounds, latest.bounds);
  return {
    search: { plan: planAttention(grid, attended, near), unknown: false },
    contest: {
      places: { object: lost ? null : latest.bounds, rival: sought.bounds },
      favour: lost ? FAVOUR.rivalFollowed : FAVOUR.bothFollowed,
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

function placesOf(a: Whereabouts, b: Whereabouts): Contest['places'] {
  const place = ({ lost, latest }: Whereabouts) => (lost ? null : latest.bounds);
  return { object: place(a), rival: place(b) };
}

/** Neither of two objects is more than the other, unless only one of them is followed. */
function favourOf(a: Whereabouts, b: Whereabouts): number {
  if (a.lost === b.lost) return FAVOUR.none;
  return a.lost ? FAVOUR.rivalFollowed : FAVOUR.objectFollowed;
}
