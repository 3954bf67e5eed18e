import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { AreApart } from '../videoModel.ts';
import { FAVOUR, type Contest } from './contest.ts';
import { attend, recentDiscount, type Beside, type EmbeddedMemory } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import { areNear, mayHide, squareBetween, unite } from './places.ts';
import { arePair, type Followed, type Target } from './targetState.ts';
import type { FrameSearch, Search } from './tracking.ts';
import { TUNED } from './tuned.ts';

/** What a frame is searched for, and where the searches for distractors are. */
export interface PlannedSearch extends Omit<FrameSearch, 'expected'> {
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
  /** By search; `undefined` is what nobody knows yet. */
  const targets: (Target | undefined)[] = objects.map(({ object }) => object);
  const distractors = objects.map(({ distractor, seeks }) =>
    distractor || seeks ? targets.push(distractor) - 1 : undefined,
  );
  const isPair = (i: number, j: number): boolean => {
    const [a, b] = [targets[i], targets[j]];
    if (!a || !b) return false;
    if (Math.max(i, j) < objects.length) return areAlike(i, j);
    if (distractors[i] === j) return arePair(a, b);
    return distractors[j] === i && arePair(b, a);
  };
  const besides = targets.map((_, i) => besideIt(targets, i, isPair));
  const searches = objects.map((followed, i) => objectSearch(followed, targets[besides[i] ?? -1], grid));
  const contests: Contest[] = [];
  objects.forEach((followed, object) => {
    const rival = distractors[object];
    if (rival === undefined) return;
    const { distractor } = followed;
    searches.push(
      distractor
        ? distractorSearch(followed.object, distractor, besides[rival] !== undefined, grid)
        : unknownSearch(followed.object, grid),
    );
    if (!distractor) contests.push({ object, rival, ...UNKNOWN });
    else if (!isPair(object, rival))
      contests.push({ object, rival, ...contestOf(followed.object, distractor) });
    // What another object claims is no distractor.
    objects.forEach((_, other) => {
      if (other !== object && areAlike(object, other)) contests.push({ object: other, rival, ...UNKNOWN });
    });
  });
  targets.forEach((a, object) => {
    targets.forEach((b, rival) => {
      if (!a || !b || rival <= object || !isPair(object, rival)) return;
      const places = { object: placeOf(a), rival: placeOf(b) };
      contests.push({ object, rival, places, favour: favourOf(a, b), pair: true });
    });
  });
  return {
    searches: searches.map((search, i) => ({ ...search, beside: besides[i] })),
    ...{ contests, distractors },
  };
}

/** What is sought as a distractor, and is none of what others claim. */
const UNKNOWN = { places: undefined, favour: FAVOUR.objectFollowed, pair: false };

/** The nearest of the targets that are followed and make a pair with this one; an index. */
function besideIt(targets: readonly (Target | undefined)[], i: number, isPair: AreApart): number | undefined {
  let nearest: number | undefined;
  let least = Infinity;
  targets.forEach((other, j) => {
    if (j === i || other?.state.lost !== false || !isPair(i, j)) return;
    const square = squareBetween(targets[i]?.state.expected, other.state.expected);
    if (nearest !== undefined && square >= least) return;
    nearest = j;
    least = square;
  });
  return nearest;
}

type PlainSearch = Omit<Search, 'beside'>;

/** One of a pair is sought where it was and where the other one was: the memory of each takes the one for the other, wherever that is. */
function objectSearch({ object, distractor }: Followed, other: Target | undefined, grid: Size): PlainSearch {
  const { bounds, lost } = object.state;
  if (lost) return searchFor(object, 'nothing', true, null, grid);
  if (other) {
    const beside = other === distractor ? besideLike(object, other) : 'pair';
    return searchFor(object, beside, false, bounds && unite(bounds, other.state.bounds), grid);
  }
  const isContested = areNear(distractor?.state.bounds, bounds);
  return searchFor(object, isContested ? 'distractor' : 'nothing', false, bounds, grid);
}

/**
 * What is beside an object, or beside its distractor, where they are a pair. Where one may hide the other, recent memories show a half of the
 * visible one as each of the two.
 */
function besideLike(object: Target, distractor: Target): Beside {
  return mayHide(object.state.expected, distractor.state.expected) ? 'distractor' : 'pair';
}

/** Without recent memories from so long ago that they say little about where a hidden distractor is. */
function lately(memories: SelectedMemories<EmbeddedMemory>): SelectedMemories<EmbeddedMemory> {
  const { frame, apart = 1, recent } = memories;
  const most = TUNED.recentKept * apart;
  return { ...memories, recent: recent.filter((entry) => Math.abs(entry.frame - frame) <= most) };
}

/** A distractor is sought near where it was; one that is hidden may come out on either side of the object. */
function distractorSearch(object: Target, distractor: Target, isInPair: boolean, grid: Size): PlainSearch {
  const { bounds, lost } = distractor.state;
  const isHidden = lost && areNear(bounds, object.state.bounds);
  const near = isInPair || isHidden ? unite(bounds, object.state.bounds) : bounds;
  const target = { ...distractor, memories: lately(distractor.memories) };
  const search = searchFor(target, isInPair ? besideLike(object, distractor) : 'object', false, near, grid);
  return { ...search, meanDescriptor: meanOf(object) };
}

/** Who gets what an object and its distractor both claim, where they are no pair. */
function contestOf({ state: { bounds, lost } }: Target, distractor: Target) {
  return {
    places: { object: lost ? null : bounds, rival: distractor.state.bounds },
    favour: lost ? FAVOUR.rivalFollowed : TUNED.favour,
    pair: false,
  };
}

/** A distractor that nobody knows yet is sought all over the frame, by the memories that are surely of the object. */
function unknownSearch(object: Target, grid: Size): PlainSearch {
  const plan = planAttention(grid, attend({ ...object.memories, recent: [] }, false, 0), null);
  return { plan, meanDescriptor: meanOf(object), unknown: true };
}

function searchFor(
  target: Target,
  beside: Beside,
  everywhere: boolean,
  near: CellBox | null,
  grid: Size,
): PlainSearch {
  const { memories } = target;
  const attended = attend(memories, everywhere, recentDiscount(memories, beside));
  const plan = planAttention(grid, attended, near);
  return { plan, meanDescriptor: meanOf(target), unknown: false };
}

/** The mean of the first frame that a target was prompted on, or found. */
function meanOf({ memories: { conditioning, recent } }: Target): Search['meanDescriptor'] {
  const [first] = [...conditioning, ...recent];
  if (!first) throw new RangeError('Nothing is remembered of a target.');
  return first.memory.meanDescriptor;
}

function placeOf({ state: { lost, expected } }: Target): CellBox | null {
  return lost ? null : expected;
}

/** Neither of two objects is more than the other, unless only one of them is followed. */
function favourOf({ state: a }: Target, { state: b }: Target): number {
  if (a.lost === b.lost) return FAVOUR.none;
  return a.lost ? FAVOUR.rivalFollowed : FAVOUR.objectFollowed;
}
