import type { CellBox } from '../masks/grid.ts';
import { stepsFromPrompt, type MemoryEntry, type SelectedMemories } from '../run/memoryBank.ts';
import { cellCount } from './memoryAttention.ts';
import type { EmbeddedMemory, Seen } from './memory.ts';
import type { AreApart } from '../videoModel.ts';
import { isSamePlace, rivalToFollow, type Rival } from './rival.ts';
import { TUNED } from './tuned.ts';

/** What is known of an object before a frame is searched for it. */
export interface Whereabouts {
  readonly memories: SelectedMemories<EmbeddedMemory>;
  /** The one that the run left last. */
  readonly newest: EmbeddedMemory;
  /** Where it was last. */
  readonly latest: Seen;
  /** Where it is now, if it moves on as it did; in cells. */
  readonly expected: CellBox | null;
  /** Whether that is longer ago than the frame that the run did before. */
  readonly lost: boolean;
  /** The object's look-alike, as the newest memory holds it. */
  readonly rival: Rival | undefined;
  /** That, if the frame is to be searched for it. */
  readonly sought: Rival | undefined;
  /** Whether the frame is to be searched for a look-alike that nobody knows yet: one on which it may be remembered for long. */
  readonly seeks: boolean;
}

/** @throws RangeError if nothing is remembered */
export function whereaboutsOf(memories: SelectedMemories<EmbeddedMemory>): Whereabouts {
  const entry = latestBehind(memories);
  if (!entry) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
  const { frame, memory: newest } = entry;
  const { bounds, area, peakMean } = newest;
  const latest = newest.lastSeen ?? { frame, bounds, area, peakMean };
  const rival = newest.rival && { ...newest.rival, foundOn: newest.rival.foundOn ?? frame };
  const lost = Math.abs(latest.frame - memories.frame) > (memories.apart ?? 1);
  const step = stepsFromPrompt(memories.conditioning, memories.frame);
  const sought = rivalToFollow(rival, latest.bounds, step);
  return {
    ...{ memories, newest, latest, lost, rival, sought },
    expected: expectedPlace(memories, latest),
    seeks: !lost && !sought && step % TUNED.meetEvery === 0,
  };
}

/**
 * Which objects look alike: on a frame on which a person prompted two of them, the look-alike that was found of one is the other. What
 * looks like the same third one is alike as well.
 *
 * @param areApart whether the masks of two objects are kept apart; by indices, as the answer
 */
export function alikeObjects(objects: readonly Whereabouts[], areApart: AreApart): AreApart {
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

/** Whether the look-alike of one object that was found on a prompted frame is the other one, and that is not too large. */
function wasFoundBeside({ memories }: Whereabouts, other: Whereabouts): boolean {
  return memories.conditioning.some(({ frame, memory: { rival } }) => {
    const there = other.memories.conditioning.find((entry) => entry.frame === frame);
    const place = there?.memory.bounds;
    return (
      rival !== undefined &&
      place &&
      cellCount(place) <= TUNED.largestMarked &&
      isSamePlace(rival.bounds, place)
    );
  });
}

/** The same objects, none of which is the look-alike of another that it is known to be like: that is followed for its own sake. */
export function withoutMarkedRivals(objects: readonly Whereabouts[], areAlike: AreApart): Whereabouts[] {
  return objects.map((where, i) => {
    const { rival } = where;
    const marked =
      rival &&
      objects.some((other, j) => j !== i && areAlike(i, j) && isSamePlace(rival.bounds, other.latest.bounds));
    return marked ? { ...where, rival: undefined, sought: undefined } : where;
  });
}

/** The object's last place, moved on by as much as it moved between the last two frames that it was seen on. */
function expectedPlace({ frame, recent }: SelectedMemories<EmbeddedMemory>, latest: Seen): CellBox | null {
  const [last, before] = recent.filter(({ memory }) => !memory.lastSeen && memory.bounds);
  const { bounds } = latest;
  const [to, from] = [last?.memory.bounds, before?.memory.bounds];
  if (!bounds || !last || !before || !to || !from || last.frame !== latest.frame) return bounds;
  const steps = (TUNED.motion * (frame - last.frame)) / (last.frame - before.frame);
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
