import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import { FAVOUR } from './contest.ts';
import { attend, attendAlike, attendRival, recentDiscount } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import type { Rival } from './rival.ts';
import type { RivalSearch, Search } from './tracking.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What a frame is asked for an object, and for its look-alike. @param grid cells of the frame */
export function searchFor(where: Whereabouts, grid: Size): Search {
  const { memories, newest, latest, lost, contested, sought, seeks } = where;
  const near = lost ? null : latest.bounds;
  return {
    plan: planAttention(grid, attend(memories, lost, recentDiscount(memories, contested)), near),
    meanDescriptor: (memories.conditioning[0]?.memory ?? newest).meanDescriptor,
    rival: seeks
      ? {
          plan: planAttention(grid, attendAlike(memories), null),
          places: undefined,
          favour: FAVOUR.objectFollowed,
        }
      : sought && searchForRival(sought, where, near, grid),
  };
}

/** Nothing where no memory shows it any more: of a frame that a run was reminded of all are gone in the end. */
function searchForRival(
  rival: Rival,
  { memories, latest, lost }: Whereabouts,
  object: CellBox | null,
  grid: Size,
): RivalSearch | undefined {
  const attended = attendRival(memories, rival.foundOn);
  if (attended.length === 0) return undefined;
  // One that is hidden may come out on either side of the object.
  const near = rival.unseen === 0 ? rival.bounds : unite(rival.bounds, latest.bounds);
  return {
    plan: planAttention(grid, attended, near),
    places: { object, rival: rival.bounds },
    favour: lost ? FAVOUR.rivalFollowed : FAVOUR.bothFollowed,
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
