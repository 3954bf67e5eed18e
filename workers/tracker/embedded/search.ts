import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { AreApart } from '../videoModel.ts';
import { FAVOUR } from './contest.ts';
import { attend, recentDiscount, type Beside, type EmbeddedMemory } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import { areNear, squareBetween, unite } from './places.ts';
import type { Followed, TargetState } from './targetState.ts';
import type { Contest, FrameSearch, Search } from './tracking.ts';
import { TUNED } from './tuned.ts';

/** What a frame is searched for, and where the searches for distractors are. */
export interface PlannedSearch extends FrameSearch {
  /** For each object the index of the search for its distractor, if there is one. The objects' own searches come first. */
  readonly distractors: readonly (number | undefined)[];
}

/**
 * What a frame is searched for: each object, its distractor, and who contests whom.
 *
 * @param grid cells of the frame
 * @param areAlike whether two objects may be taken for each other, and are kept apart
 */
export function planSearch(objects: readonly Followed[], grid: Size, areAlike: AreApart): PlannedSearch {
  const states = objects.map(({ object }) => object);
  const searches = objects.map((followed, i) => {
    const beside = besideIt(states, i, areAlike);
    return { ...objectSearch(followed, states[beside ?? -1], grid), beside };
  });
  const contests: Contest[] = [];
  const distractors = objects.map((followed, i) => {
    const rival = searches.length;
    const sought = distractorSearch(followed, grid) ?? unknownSearch(followed, grid);
    if (!sought) return undefined;
    searches.push(sought.search);
    contests.push({ object: i, rival, marked: false, ...sought.contest });
    // What another object claims is no distractor.
    states.forEach((_, other) => {
      if (other !== i && areAlike(i, other))
        contests.push({ object: other, rival, ...UNKNOWN, marked: false });
    });
    return rival;
  });
  states.forEach((a, object) => {
    states.forEach((b, rival) => {
      if (rival <= object || !areAlike(object, rival)) return;
      const places = { object: placeOf(a), rival: placeOf(b) };
      contests.push({ object, rival, places, favour: favourOf(a, b), marked: true });
    });
  });
  return { searches, contests, distractors };
}

/** What is sought as a distractor, and is none of what others claim. */
const UNKNOWN = { places: undefined, favour: FAVOUR.objectFollowed };

/** The nearest of the objects that are followed and may be taken for this one; an index. */
function besideIt(objects: readonly TargetState[], i: number, areAlike: AreApart): number | undefined {
  const state = objects[i];
  let nearest: number | undefined;
  let least = Infinity;
  objects.forEach((other, j) => {
    if (!state || j === i || other.lost || !areAlike(i, j)) return;
    const square = squareBetween(state.expected, other.expected);
    if (nearest !== undefined && square >= least) return;
    nearest = j;
    least = square;
  });
  return nearest;
}

/** An object is sought where it was and where its like was: what is taken for that there is what the like is taken for here. */
function objectSearch({ object, distractor }: Followed, like: TargetState | undefined, grid: Size): Search {
  const { latest, lost } = object;
  if (lost) return searchFor(object, 'nothing', true, null, grid);
  const { bounds } = latest;
  if (like) return searchFor(object, 'marked', false, bounds && unite(bounds, like.latest.bounds), grid);
  const isContested = areNear(distractor?.latest.bounds, bounds);
  return searchFor(object, isContested ? 'distractor' : 'nothing', false, bounds, grid);
}

/** Without recent memories from so long ago that they say little about where a hidden distractor is. */
function lately(memories: SelectedMemories<EmbeddedMemory>): SelectedMemories<EmbeddedMemory> {
  const { frame, apart = 1, recent } = memories;
  const most = TUNED.recentKept * apart;
  return { ...memories, recent: recent.filter((entry) => Math.abs(entry.frame - frame) <= most) };
}

interface DistractorSearch {
  readonly search: Search;
  readonly contest: Omit<Contest, 'object' | 'rival' | 'marked'>;
}

/** A distractor is sought near where it was; one that is hidden may come out on either side of the object. */
function distractorSearch({ object, distractor }: Followed, grid: Size): DistractorSearch | undefined {
  if (!distractor) return undefined;
  const { bounds } = distractor.latest;
  const isHidden = distractor.lost && areNear(bounds, object.latest.bounds);
  const near = isHidden ? unite(bounds, object.latest.bounds) : bounds;
  return {
    search: {
      ...searchFor({ ...distractor, memories: lately(distractor.memories) }, 'object', false, near, grid),
      meanDescriptor: meanOf(object),
    },
    contest: {
      places: { object: object.lost ? null : object.latest.bounds, rival: bounds },
      favour: object.lost ? FAVOUR.rivalFollowed : TUNED.favour,
    },
  };
}

/** A distractor that nobody knows yet is sought all over the frame, by the memories that are surely of the object. */
function unknownSearch({ object, seeks }: Followed, grid: Size): DistractorSearch | undefined {
  if (!seeks) return undefined;
  const plan = planAttention(grid, attend({ ...object.memories, recent: [] }, false, 0), null);
  const search = { plan, meanDescriptor: meanOf(object), unknown: true, beside: undefined };
  return { search, contest: UNKNOWN };
}

function searchFor(
  state: TargetState,
  beside: Beside,
  everywhere: boolean,
  near: CellBox | null,
  grid: Size,
): Search {
  const { memories } = state;
  const attended = attend(memories, everywhere, recentDiscount(memories, beside));
  const plan = planAttention(grid, attended, near);
  return { plan, meanDescriptor: meanOf(state), unknown: false, beside: undefined };
}

function meanOf({ memories, latest }: TargetState): Search['meanDescriptor'] {
  return (memories.conditioning[0]?.memory ?? latest).meanDescriptor;
}

function placeOf({ lost, expected }: TargetState): CellBox | null {
  return lost ? null : expected;
}

/** Neither of two objects is more than the other, unless only one of them is followed. */
function favourOf(a: TargetState, b: TargetState): number {
  if (a.lost === b.lost) return FAVOUR.none;
  return a.lost ? FAVOUR.rivalFollowed : FAVOUR.objectFollowed;
}
