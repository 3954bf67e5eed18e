import type { Size } from '../../../src/core/geometry.ts';
import type { CellBox } from '../masks/grid.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { AreApart } from '../videoModel.ts';
import { FAVOUR, type Contest } from './contest.ts';
import { attend, recentDiscount, type Beside, type EmbeddedMemory } from './memory.ts';
import { planAttention } from './memoryAttention.ts';
import { areNear, isSamePlace, squareBetween, unite } from './places.ts';
import { makesPair, type Target, type Targets } from './targetState.ts';
import type { FrameSearch, Search } from './tracking.ts';
import { TUNED } from './tuned.ts';

/**
 * What a frame is searched for: each target by a search of its own, and which of them contest each other. Objects share first, and then each with
 * its distractor, for which no person vouches.
 *
 * @param grid cells of the frame
 */
export function planSearch(
  { targets, areAlike }: Targets,
  grid: Size,
): Pick<FrameSearch, 'searches' | 'rounds'> {
  const isPair = (i: number, j: number): boolean => {
    const [a, b] = [targets[Math.min(i, j)], targets[Math.max(i, j)]];
    if (!a || !b || a.role !== 'object' || b.role === 'unknown') return false;
    if (b.role === 'object') return areAlike(i, j);
    return a.object === b.object && makesPair(b);
  };
  const searches = targets.map((target, i) => {
    const beside = besideIt(targets, i, isPair);
    const object = targets[target.object] ?? target;
    const other = beside === undefined ? distractorBeside(targets, target) : targets[beside];
    return { ...searchFor(target, { object, other, isInPair: beside !== undefined }, grid), beside };
  });
  const contests = targets.flatMap((b, rival) =>
    targets.slice(0, rival).flatMap((a, object): Contest[] => {
      if (isPair(object, rival)) {
        const places = { object: placeOf(a), rival: placeOf(b) };
        return [{ object, rival, places, favour: favourOf(a, b), pair: true }];
      }
      if (a.role !== 'object' || b.role === 'object') return [];
      if (a.object === b.object && b.role === 'distractor') return [{ object, rival, ...contestOf(a, b) }];
      // What another object claims is no distractor.
      return a.object === b.object || areAlike(object, b.object) ? [{ object, rival, ...UNKNOWN }] : [];
    }),
  );
  const isOwn = ({ rival, places }: Contest) => places !== undefined && targets[rival]?.role === 'distractor';
  return { searches, rounds: [contests.filter((each) => !isOwn(each)), contests.filter(isOwn)] };
}

/** What is sought as a distractor, and is none of what others claim. */
const UNKNOWN = { places: undefined, favour: FAVOUR.objectFollowed, pair: false };

/** The distractor of an object. */
function distractorBeside(targets: readonly Target[], { role, object }: Target): Target | undefined {
  return targets.find((each) => role === 'object' && each.role === 'distractor' && each.object === object);
}

/** The nearest of the targets that are followed and make a pair with this one; an index. */
function besideIt(targets: readonly Target[], i: number, isPair: AreApart): number | undefined {
  let nearest: number | undefined;
  let least = Infinity;
  targets.forEach(({ state }, j) => {
    if (j === i || state.lost || !isPair(i, j)) return;
    const square = squareBetween(targets[i]?.state.expected, state.expected);
    if (nearest !== undefined && square >= least) return;
    nearest = j;
    least = square;
  });
  return nearest;
}

/** What a target is sought beside. */
interface Surroundings {
  /** The object itself, or the one that it may be taken for. */
  readonly object: Target;
  /** The other one of a pair; otherwise an object's distractor, if it has one. */
  readonly other: Target | undefined;
  readonly isInPair: boolean;
}

/**
 * An object is sought where it was, and a lost one everywhere. One of a pair is sought where the other one was as well: the memory of each takes
 * the one for the other, wherever that is. A distractor that is hidden may come out on either side of its object. One that nobody knows yet may be
 * anywhere, and is sought by the memories that are surely of the object.
 */
function searchFor(
  target: Target,
  { object, other, isInPair }: Surroundings,
  grid: Size,
): Omit<Search, 'beside'> {
  const { role, memories, state } = target;
  const { bounds, lost } = state;
  const besides = (beside: Beside) => recentDiscount(memories, beside);
  const ask = (attended: Parameters<typeof planAttention>[1], near: CellBox | null) => ({
    plan: planAttention(grid, attended, near),
    meanDescriptor: meanOf(object),
    unknown: role === 'unknown',
    lost: role === 'object' && lost,
  });
  if (role === 'unknown') return ask(attend({ ...memories, recent: [] }, false, 0), null);
  if (role === 'distractor') {
    const isHidden = lost && areNear(bounds, object.state.bounds);
    const near = isInPair || isHidden ? unite(bounds, object.state.bounds) : bounds;
    return ask(
      attend(lately(memories), false, besides(isInPair ? besideLike(object, target) : 'object')),
      near,
    );
  }
  if (lost) return ask(attend(memories, true, besides('nothing')), null);
  if (isInPair && other) {
    const beside = other.role === 'distractor' ? besideLike(target, other) : 'pair';
    return ask(attend(memories, false, besides(beside)), bounds && unite(bounds, other.state.bounds));
  }
  const beside = areNear(other?.state.bounds, bounds) ? 'distractor' : 'nothing';
  return ask(attend(memories, false, besides(beside)), bounds);
}

/**
 * What is beside an object, or beside its distractor, where they are a pair. Where one may hide the other, recent memories show a half of the
 * visible one as each of the two.
 */
function besideLike(object: Target, distractor: Target): Beside {
  return isSamePlace(object.state.expected, distractor.state.expected) ? 'distractor' : 'pair';
}

/** Without recent memories from so long ago that they say little about where a hidden distractor is. */
function lately(memories: SelectedMemories<EmbeddedMemory>): SelectedMemories<EmbeddedMemory> {
  const { frame, apart = 1, recent } = memories;
  const most = TUNED.recentKept * apart;
  return { ...memories, recent: recent.filter((entry) => Math.abs(entry.frame - frame) <= most) };
}

/** Who gets what an object and its distractor both claim, where they are no pair. */
function contestOf({ state: { bounds, lost } }: Target, { state: distractor }: Target) {
  return {
    places: { object: lost ? null : bounds, rival: distractor.bounds },
    favour: lost ? FAVOUR.rivalFollowed : TUNED.favour,
    pair: false,
  };
}

/** The mean of the first frame that an object was prompted on. */
function meanOf({ memories: { conditioning, recent } }: Target): Search['meanDescriptor'] {
  const [first] = [...conditioning, ...recent];
  if (!first) throw new RangeError('Nothing is remembered of an object.');
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
