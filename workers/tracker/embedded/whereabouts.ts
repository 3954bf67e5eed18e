import { stepsFromPrompt, type MemoryEntry, type SelectedMemories } from '../run/memoryBank.ts';
import { LONG_TERM, type EmbeddedMemory, type Seen } from './memory.ts';
import { rivalToFollow, type Rival } from './rival.ts';

/** What is known of an object before a frame is searched for it. */
export interface Whereabouts {
  readonly memories: SelectedMemories<EmbeddedMemory>;
  /** The one that the run left last. */
  readonly newest: EmbeddedMemory;
  /** Where it was last. */
  readonly latest: Seen;
  /** Whether that is longer ago than the frame before. */
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
  const lost = Math.abs(latest.frame - memories.frame) > 1;
  const step = stepsFromPrompt(memories.conditioning, memories.frame);
  const sought = rivalToFollow(rival, latest.bounds, step);
  return {
    ...{ memories, newest, latest, lost, rival, sought },
    seeks: !lost && !sought && step % LONG_TERM.every === 0,
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
