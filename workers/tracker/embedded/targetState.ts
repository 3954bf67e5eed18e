import type { CellBox } from '../masks/grid.ts';
import { stepsFromPrompt, type MemoryEntry, type SelectedMemories } from '../run/memoryBank.ts';
import type { AreApart } from '../videoModel.ts';
import type { EmbeddedMemory } from './memory.ts';
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

/** What a frame is searched for: the memories that it is recognised by, and its state. */
export interface Target {
  /**
   * An object, which a person listed; a distractor, which is followed beside it; or what may be taken for it, and nobody knows yet: that is sought
   * by the object's own memories and state.
   */
  readonly role: 'object' | 'distractor' | 'unknown';
  /** The object, by its index: itself, or the one that it may be taken for. */
  readonly object: number;
  readonly memories: SelectedMemories<EmbeddedMemory>;
  readonly state: TargetState;
}

/** @throws RangeError if nothing is remembered */
export function stateOf(memories: SelectedMemories<EmbeddedMemory>): TargetState {
  const latest = latestBehind(memories);
  if (!latest) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
  const { bounds, area, peakMean } = latest.memory;
  const age = Math.abs(latest.frame - memories.frame);
  return {
    ...{ bounds, area, peakMean, age },
    lost: age > (memories.apart ?? 1),
    usualArea: Math.max(area, ...memories.recent.map(({ memory }) => memory.area)),
    expected: expectedPlace(memories, latest),
  };
}

/** What a frame is searched for. */
export interface Targets {
  /** The objects first, and then what may be taken for them: at most one for each. */
  readonly targets: readonly Target[];
  /** Whether two objects may be taken for each other, and are kept apart; by their indices. */
  readonly areAlike: AreApart;
}

/**
 * What a frame is searched for, by what is remembered of each object. A distractor that is one of the objects is none: it is followed for its own
 * sake. One that is known is sought while it is near, or one of a pair.
 *
 * @param areApart whether the masks of two objects are kept apart; by their indices
 * @throws RangeError if nothing is remembered of one of them
 */
export function targetsOf(
  remembered: readonly SelectedMemories<EmbeddedMemory>[],
  areApart: AreApart,
): Targets {
  const objects = remembered.map((memories, object): Target => ({
    role: 'object',
    object,
    memories,
    state: stateOf(memories),
  }));
  const areAlike = alikeObjects(objects, areApart);
  const others = objects.flatMap((target): Target[] => {
    const { memories, state } = target;
    const step = stepsFromPrompt(memories.conditioning, memories.frame);
    const known = distractorOf(target);
    const isSought =
      known !== undefined &&
      known.state.age <= TUNED.mostUnseen &&
      (areNear(known.state.bounds, state.bounds) || makesPair(known));
    if (isSought && !isListed(known, objects, areAlike)) return [known];
    return TUNED.meets && !state.lost && step % TUNED.every === 0 ? [{ ...target, role: 'unknown' }] : [];
  });
  return { targets: [...objects, ...others], areAlike };
}

function distractorOf({ object, memories: { distractor: memories } }: Target): Target | undefined {
  return memories && { role: 'distractor', object, memories, state: stateOf(memories) };
}

/** Whether an object's distractor is another object that it is known to be like: where it is now, or where it was found. */
function isListed(
  { object, state, memories }: Target,
  objects: readonly Target[],
  areAlike: AreApart,
): boolean {
  const [first] = memories.conditioning;
  return objects.some(
    (other, i) =>
      i !== object &&
      areAlike(object, i) &&
      (isSamePlace(state.bounds, other.state.bounds) ||
        isSamePlace(first?.memory.bounds, placeOn(other, first?.frame))),
  );
}

/**
 * Whether a distractor makes a pair with its object: it was found on a prompted frame, and looks the same. What comes later, or looks a little
 * different, is told from the object by what is remembered of both.
 */
export function makesPair({ memories }: Target): boolean {
  return looksTheSame(memories.conditioning[0]?.memory);
}

/** Whether a distractor looks so much like its object that no memory tells them apart. @param found its memory of the frame it was found on */
function looksTheSame(found: EmbeddedMemory | undefined): boolean {
  return (found?.alike ?? 0) >= TUNED.same;
}

/**
 * Which objects look alike: on a frame on which a person prompted two of them, the distractor that was found of one is the other. What
 * looks like the same third one is alike as well.
 *
 * @param areApart whether the masks of two objects are kept apart; by indices, as the answer
 */
function alikeObjects(objects: readonly Target[], areApart: AreApart): AreApart {
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
  return memories.conditioning.some(
    ({ frame, distractor }) =>
      looksTheSame(distractor) && isSamePlace(distractor?.bounds, placeOn(other, frame)),
  );
}

/** Where a target is on a prompted frame. */
function placeOn({ memories }: Target, frame: number | undefined): CellBox | null | undefined {
  return memories.conditioning.find((entry) => entry.frame === frame)?.memory.bounds;
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
