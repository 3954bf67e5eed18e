import type { MemoryEntry, SelectedMemories } from '../memoryBank.ts';
import type { EmbeddedMemory } from './memory.ts';
import { isContested, rivalToFollow, type Rival } from './rival.ts';

/** What is known of an object before a frame is searched for it. */
export interface Whereabouts {
  readonly memories: SelectedMemories<EmbeddedMemory>;
  /** Of where it was last. */
  readonly latest: EmbeddedMemory;
  /** Whether that is longer ago than the frame before. */
  readonly lost: boolean;
  /** The object's look-alike, as of there. */
  readonly rival: Rival | undefined;
  /** That, if the frame is to be searched for it. */
  readonly sought: Rival | undefined;
  /** Whether it is so near that either may be taken for the other. */
  readonly contested: boolean;
}

/** @throws RangeError if nothing is remembered */
export function whereaboutsOf(memories: SelectedMemories<EmbeddedMemory>): Whereabouts {
  const entry = latestBehind(memories);
  if (!entry) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
  const { frame, memory: latest } = entry;
  const rival = latest.rival && { ...latest.rival, foundOn: latest.rival.foundOn ?? frame };
  return {
    ...{ memories, latest, rival },
    lost: Math.abs(frame - memories.frame) > 1,
    sought: rivalToFollow(rival, latest.bounds, memories.frame),
    contested: isContested(rival, latest.bounds),
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
