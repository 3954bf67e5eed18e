import type { SelectedMemories } from '../run/memoryBank.ts';
import type { BankRules } from '../../models/sam2Manifest.ts';
import type { Sam2Memory } from './contract.ts';
import {
  closestConditioning,
  pointerReach,
  selectPointers,
  selectSpatial,
  type PlacedMemory,
  type PlacedPointer,
} from './memorySelection.ts';

export const MEMORY_SLOTS = 7;
export const POINTER_SLOTS = 16;

/** What fills the fixed slots of memory attention. */
export interface HostedSlots {
  readonly memories: readonly PlacedMemory<Sam2Memory>[];
  readonly pointers: readonly PlacedPointer<Sam2Memory>[];
  /** The pointers' distances in time, in units of the longest that a tracked frame's pointer has. */
  readonly shares: Float32Array;
}

/**
 * Seven memories: conditioning frames first, then the tracked ones, the nearest first. Sixteen pointers in the bank's order;
 * where a run in reverse has none to look back on, those of the conditioning frames ahead, at negative distances. An empty
 * slot repeats the newest entry. Defined by `tools/export/masklet_export/replay_hosted.py`.
 */
export function fillSlots(selected: SelectedMemories<Sam2Memory>, rules: BankRules): HostedSlots {
  const spatial = selectSpatial(selected, rules);
  const isConditioning = ({ row }: PlacedMemory<Sam2Memory>) => row === rules.spatialMemories - 1;
  const recent = spatial.filter((memory) => !isConditioning(memory)).reverse();
  const memories = [...spatial.filter(isConditioning), ...recent].slice(0, MEMORY_SLOTS);
  const behind = selectPointers(selected, rules).slice(0, POINTER_SLOTS);
  const chosen = behind.length > 0 ? behind : pointersAhead(selected, rules);
  const longest = Math.max(1, pointerReach(selected.frameCount, rules) - 1);
  const pointers = fill(chosen, POINTER_SLOTS, ({ distance }) => distance);
  return {
    memories: fill(memories, MEMORY_SLOTS, ({ memory }) => distanceOf(memory, selected)),
    pointers,
    shares: Float32Array.from(pointers, ({ distance }) => distance / longest),
  };
}

function pointersAhead(
  selected: SelectedMemories<Sam2Memory>,
  { conditioningFrames }: BankRules,
): PlacedPointer<Sam2Memory>[] {
  return closestConditioning(selected.conditioning, selected.frame, conditioningFrames).map(({ memory }) => ({
    memory,
    distance: distanceOf(memory, selected),
  }));
}

/** How far back in time a memory lies: negative for a frame that the run has still to reach. */
function distanceOf(
  memory: Sam2Memory,
  { frame, direction, conditioning, recent }: SelectedMemories<Sam2Memory>,
): number {
  const entry = [...conditioning, ...recent].find((each) => each.memory === memory);
  return (frame - (entry?.frame ?? frame)) * (direction === 'forward' ? 1 : -1);
}

/** As many as there are slots: what is missing repeats the newest one, the nearest in time, of two the one that was passed. */
function fill<Item>(items: readonly Item[], count: number, distance: (item: Item) => number): Item[] {
  const [newest] = items.toSorted(
    (a, b) => Math.abs(distance(a)) - Math.abs(distance(b)) || distance(b) - distance(a),
  );
  if (newest === undefined) return [];
  return [...items, ...new Array<Item>(count - items.length).fill(newest)];
}
