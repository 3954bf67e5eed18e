import type { MemoryEntry, SelectedMemories } from '../run/memoryBank.ts';
import type { BankRules } from '../../models/sam2Manifest.ts';

/** A spatial memory of a frame, and which row of the temporal positions it takes. */
export interface PlacedMemory<Memory> {
  readonly memory: Memory;
  readonly row: number;
}

/** An object pointer, and how far back in time it lies: negative for a frame that the run has still to reach. */
export interface PlacedPointer<Memory> {
  readonly memory: Memory;
  readonly distance: number;
}

/**
 * The conditioning frames that take part where there are more than `most` (−1: no limit): the closest before the frame, the
 * closest at or after it, then by distance. Source: `select_closest_cond_frames` of the SAM 2 paper's code.
 *
 * @param entries at equal distance their order stays
 */
export function closestConditioning<Memory>(
  entries: readonly MemoryEntry<Memory>[],
  frame: number,
  most: number,
): readonly MemoryEntry<Memory>[] {
  if (most < 0 || entries.length <= most) return entries;
  const distance = (entry: MemoryEntry<Memory>) => Math.abs(entry.frame - frame);
  const nearest = entries.toSorted((a, b) => distance(a) - distance(b));
  const before = nearest.find((entry) => entry.frame < frame);
  const after = nearest.find((entry) => entry.frame >= frame);
  const first = [before, after].filter((entry) => entry !== undefined);
  const rest = nearest.filter((entry) => !first.includes(entry));
  return [...first, ...rest].slice(0, Math.max(most, first.length));
}

/**
 * The spatial memories that condition a frame: all selected prompted frames, past and future, in the last row of the temporal
 * positions; then the frames at distance r = 6…1 behind it, in row r − 1. A distance, not a rank: what is missing is left out. A
 * prompted frame that was not selected stands in for a tracked one at its distance.
 */
export function selectSpatial<Memory>(
  { frame, direction, conditioning, recent }: SelectedMemories<Memory>,
  { spatialMemories, conditioningFrames }: BankRules,
): PlacedMemory<Memory>[] {
  const selected = closestConditioning(conditioning, frame, conditioningFrames);
  const others = [...recent, ...conditioning.filter((entry) => !selected.includes(entry))];
  const placed = selected.map(({ memory }) => ({ memory, row: spatialMemories - 1 }));
  for (let distance = spatialMemories - 1; distance > 0; distance--) {
    const at = frame + (direction === 'forward' ? -distance : distance);
    const entry = others.find((other) => other.frame === at);
    if (entry) placed.push({ memory: entry.memory, row: distance - 1 });
  }
  return placed;
}

/**
 * The object pointers that condition a frame: of all prompted frames that the run has passed or is at, then of the tracked
 * ones less than `pointerReach` frames behind.
 */
export function selectPointers<Memory>(
  memories: SelectedMemories<Memory>,
  rules: BankRules,
): PlacedPointer<Memory>[] {
  const { frame, direction, conditioning, recent } = memories;
  const reach = pointerReach(memories.frameCount, rules);
  const behind = (entry: MemoryEntry<Memory>) => (frame - entry.frame) * (direction === 'forward' ? 1 : -1);
  const placed = [...conditioning, ...recent.filter((entry) => behind(entry) > 0 && behind(entry) < reach)];
  return placed
    .map((entry) => ({ memory: entry.memory, distance: behind(entry) }))
    .filter(({ distance }) => distance >= 0);
}

/** The number of frames over which pointers reach, the frame itself included: never more than the clip has. */
export function pointerReach(frameCount: number, { objectPointers }: BankRules): number {
  return Math.min(frameCount, objectPointers);
}

/** [channels]: the sine position of a distance, given in units of the longest that a tracked frame's pointer has. */
export function sinePosition(share: number, channels: number): Float32Array {
  const half = channels / 2;
  const position = new Float32Array(channels);
  for (let i = 0; i < half; i++) {
    const phase = share / 10000 ** ((2 * Math.floor(i / 2)) / half);
    position[i] = Math.sin(phase);
    position[half + i] = Math.cos(phase);
  }
  return position;
}
