import type { CellBox } from '../masks/grid.ts';
import { stepsFromPrompt, type MemoryEntry, type SelectedMemories } from '../run/memoryBank.ts';
import type { AreApart } from '../videoModel.ts';
import type { EmbeddedMemory } from './memory.ts';
import { cellCount } from './memoryAttention.ts';
import { areNear, isSamePlace } from './places.ts';
import type { LastSeen } from './presence.ts';
import { TUNED } from './tuned.ts';

/** What is known of a target before a frame is searched for it: of an object, or of its distractor. Boxes are in cells. */
export interface TargetState extends LastSeen {
  /** Where it was on the last frame that showed it. */
  readonly bounds: CellBox | null;
  /** How many frames ago that is. */
  readonly age: number;
  /** Whether it was not there on the frame that the run did before. */
  readonly lost: boolean;
  /** The largest of its recent areas: on the last frame that showed it, what is lost was often hidden in part already. */
  readonly usualArea: number;
  /** Where it is now, if it moves on as it did. */
  readonly expected: CellBox | null;
}

/** What a run follows: a state, and the memories that it is recognised by. */
export interface Target {
  readonly memories: SelectedMemories<EmbeddedMemory>;
  readonly state: TargetState;
}

/** An object, and what may be taken for it. */
export interface Followed {
  readonly object: Target;
  /** Its distractor, if the frame is to be searched for it. */
  readonly distractor: Target | undefined;
  /** Whether the frame is to be searched for one that nobody knows yet, where none is followed. */
  readonly seeks: boolean;
}

/** @throws RangeError if nothing is remembered */
export function targetOf(memories: SelectedMemories<EmbeddedMemory>): Target {
  const latest = latestBehind(memories);
  if (!latest) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
  const { bounds, area, peakMean } = latest.memory;
  const age = Math.abs(latest.frame - memories.frame);
  const state = {
    ...{ bounds, area, peakMean, age },
    lost: age > (memories.apart ?? 1),
    usualArea: Math.max(area, ...memories.recent.map(({ memory }) => memory.area)),
    expected: expectedPlace(memories, latest),
  };
  return { memories, state };
}

/** What a frame is to be searched for, by the memories of an object. @throws RangeError if nothing is remembered */
export function followedBy(memories: SelectedMemories<EmbeddedMemory>): Followed {
  const object = targetOf(memories);
  const known = memories.distractor && targetOf(memories.distractor);
  const step = stepsFromPrompt(memories.conditioning, memories.frame);
  const isSought =
    known !== undefined &&
    known.state.age <= TUNED.mostUnseen &&
    (step % TUNED.farEvery === 0 ||
      areNear(known.state.bounds, object.state.bounds) ||
      arePair(object, known));
  return {
    object,
    distractor: isSought ? known : undefined,
    seeks: !object.state.lost && step % TUNED.meetEvery === 0,
  };
}

/**
 * Whether an object and its distractor are a pair: it was found on a prompted frame, they look the same, and are small. What comes later,
 * or looks a little different, is told from the object by what is remembered of both.
 */
export function arePair(object: Target, distractor: Target): boolean {
  const [found] = distractor.memories.conditioning;
  return (
    looksTheSame(found?.memory) &&
    [object, distractor].every(({ state, memories }) =>
      isSmall((memories.conditioning[0]?.memory ?? state).bounds),
    )
  );
}

/** Whether a distractor looks so much like its object that no memory tells them apart. @param found its memory of the frame it was found on */
function looksTheSame(found: EmbeddedMemory | undefined): boolean {
  return (found?.alike ?? 0) >= TUNED.same;
}

/** Whether a thing in this box may be one of a pair. */
function isSmall(bounds: CellBox | null): boolean {
  return bounds !== null && cellCount(bounds) <= TUNED.largestInPair;
}

/**
 * Which objects look alike: on a frame on which a person prompted two of them, the distractor that was found of one is the other. What
 * looks like the same third one is alike as well.
 *
 * @param areApart whether the masks of two objects are kept apart; by indices, as the answer
 */
export function alikeObjects(objects: readonly Target[], areApart: AreApart): AreApart {
  const group = objects.map((_, i) => i);
  objects.forEach((a, i) => {
    objects.forEach((b, j) => {
      if (i === j || !areApart(i, j) || !wasFoundBeside(a, b)) return;
      const [joined, left] = [group[i], group[j]];
      group.forEach((each, k) => {
        if (each === left && joined !== undefined) group[k] = joined;
      });
    });
  });
  return (i, j) => group[i] === group[j] && areApart(i, j);
}

/** Whether the distractor of one object that was found on a prompted frame is the other one, and they are a pair. */
function wasFoundBeside({ memories }: Target, other: Target): boolean {
  return memories.conditioning.some(({ frame, distractor }) => {
    const place = placeOn(other, frame);
    return place && isSmall(place) && isSamePlace(distractor?.bounds, place) && looksTheSame(distractor);
  });
}

/** Where a target is on a prompted frame. */
function placeOn({ memories }: Target, frame: number | undefined): CellBox | null | undefined {
  return memories.conditioning.find((entry) => entry.frame === frame)?.memory.bounds;
}

/** The same objects. None is the distractor of another that it is known to be like: that is followed for its own sake. */
export function withoutMarkedDistractors(objects: readonly Followed[], areAlike: AreApart): Followed[] {
  return objects.map((followed, i) => {
    const { state, memories } = followed.distractor ?? {};
    const [first] = memories?.conditioning ?? [];
    const isMarked = objects.some(
      ({ object }, j) =>
        j !== i &&
        areAlike(i, j) &&
        (isSamePlace(state?.bounds, object.state.bounds) ||
          isSamePlace(first?.memory.bounds, placeOn(object, first?.frame))),
    );
    return isMarked ? { ...followed, distractor: undefined } : followed;
  });
}

/** A target's last place, moved on by as much as it moved between the last two frames that showed it. */
function expectedPlace(
  { frame, recent }: SelectedMemories<EmbeddedMemory>,
  latest: MemoryEntry<EmbeddedMemory>,
): CellBox | null {
  const [last, before] = recent.filter(({ memory }) => memory.bounds);
  const { bounds } = latest.memory;
  const [to, from] = [last?.memory.bounds, before?.memory.bounds];
  if (!TUNED.goesOn || !bounds || !last || !before || !to || !from || last.frame !== latest.frame)
    return bounds;
  const steps = (frame - last.frame) / (last.frame - before.frame);
  const across = ((to.x0 + to.x1 - from.x0 - from.x1) / 2) * steps;
  const down = ((to.y0 + to.y1 - from.y0 - from.y1) / 2) * steps;
  return {
    ...{ x0: bounds.x0 + across, x1: bounds.x1 + across },
    ...{ y0: bounds.y0 + down, y1: bounds.y1 + down },
  };
}

/** The memory that the run left last on its way to the frame: the tracked one, or a prompted frame that it passed. */
function latestBehind<Memory>({
  frame,
  direction,
  conditioning,
  recent,
}: SelectedMemories<Memory>): MemoryEntry<Memory> | undefined {
  const behind = conditioning.find((entry) =>
    direction === 'forward' ? entry.frame < frame : entry.frame > frame,
  );
  return [...recent.slice(0, 1), ...(behind ? [behind] : [])].sort(
    (a, b) => Math.abs(a.frame - frame) - Math.abs(b.frame - frame),
  )[0];
}
