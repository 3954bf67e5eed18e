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
 * where a run in reverse has none to look back on, those of the conditioning frames ahead, at negative distances. What is
 * missing repeats what is there, in turn. Defined by `tools/export/masklet_export/replay_hosted.py`.
 */
export function fillSlots(selected: SelectedMemories<Sam2Memory>, rules: BankRules): HostedSlots {
  const spatial = selectSpatial(selected, rules);
  const isConditioning = ({ row }: PlacedMemory<Sam2Memory>) => row === rules.spatialMemories - 1;
  const recent = spatial.filter((memory) => !isConditioning(memory)).reverse();
  const memories = [...spatial.filter(isConditioning), ...recent].slice(0, MEMORY_SLOTS);
  const behind = selectPointers(selected, rules).slice(0, POINTER_SLOTS);
  const pointers = repeat(behind.length > 0 ? behind : pointersAhead(selected, rules), POINTER_SLOTS);
  const longest = Math.max(1, pointerReach(selected.frameCount, rules) - 1);
  return {
    memories: repeat(memories, MEMORY_SLOTS),
    pointers,
    shares: Float32Array.from(pointers, ({ distance }) => distance / longest),
  };
}

function pointersAhead(
  { frame, direction, conditioning }: SelectedMemories<Sam2Memory>,
  { conditioningFrames }: BankRules,
): PlacedPointer<Sam2Memory>[] {
  const sign = direction === 'forward' ? 1 : -1;
  return closestConditioning(conditioning, frame, conditioningFrames).map((entry) => ({
    memory: entry.memory,
    distance: (frame - entry.frame) * sign,
  }));
}

function repeat<Item>(items: readonly Item[], count: number): Item[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length]).filter(
    (item) => item !== undefined,
  );
}
