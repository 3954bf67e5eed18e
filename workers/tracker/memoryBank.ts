export type Direction = 'forward' | 'backward';

/** Which memories condition a frame; constants of the model family. */
export interface MemoryRules {
  /** Ranks of the tracked memories that are used, counted back from the frame: 1 is the latest. */
  readonly recentRanks: readonly number[];
}

export interface MemoryEntry<Memory> {
  readonly frame: number;
  readonly memory: Memory;
}

/** The memories that condition one frame. */
export interface SelectedMemories<Memory> {
  /** The frame that is conditioned, and the direction of the run that reached it. */
  readonly frame: number;
  readonly direction: Direction;
  /** Prompted frames, nearest first, past and future alike. */
  readonly conditioning: readonly MemoryEntry<Memory>[];
  /** Tracked frames before this one in the run's direction, latest first. */
  readonly recent: readonly MemoryEntry<Memory>[];
}

/**
 * Which of the memories condition `frame`. Tracked memories are those before it in the run's direction; a rank that does
 * not exist is left out.
 */
export function selectMemories<Memory>(
  conditioning: readonly MemoryEntry<Memory>[],
  tracked: readonly MemoryEntry<Memory>[],
  frame: number,
  direction: Direction,
  rules: MemoryRules,
): SelectedMemories<Memory> {
  const distance = (entry: MemoryEntry<Memory>) => Math.abs(entry.frame - frame);
  const before = tracked
    .filter((entry) => (direction === 'forward' ? entry.frame < frame : entry.frame > frame))
    .sort((a, b) => distance(a) - distance(b));
  return {
    frame,
    direction,
    conditioning: [...conditioning].sort((a, b) => distance(a) - distance(b)),
    recent: rules.recentRanks.flatMap((rank) => before[rank - 1] ?? []),
  };
}

/**
 * The memories of one object in one run: prompted frames are kept for good, of the tracked ones only as many as the rules
 * can still select. So the bank does not grow with the length of the video.
 */
export class MemoryBank<Memory> {
  readonly #rules: MemoryRules;
  readonly #conditioning: MemoryEntry<Memory>[] = [];
  #tracked: MemoryEntry<Memory>[] = [];

  constructor(rules: MemoryRules) {
    this.#rules = rules;
  }

  /** Number of memories held. */
  get size(): number {
    return this.#conditioning.length + this.#tracked.length;
  }

  /** Adds the memory of a prompted frame. */
  addConditioning(entry: MemoryEntry<Memory>): void {
    this.#conditioning.push(entry);
  }

  /** Adds the memory of a tracked frame, later in the run's direction than all before it. */
  addTracked(entry: MemoryEntry<Memory>): void {
    this.#tracked = [entry, ...this.#tracked].slice(0, Math.max(0, ...this.#rules.recentRanks));
  }

  /** Forgets the tracked frames, as a run in the other direction starts. */
  clearTracked(): void {
    this.#tracked = [];
  }

  select(frame: number, direction: Direction): SelectedMemories<Memory> {
    return selectMemories(this.#conditioning, this.#tracked, frame, direction, this.#rules);
  }
}
