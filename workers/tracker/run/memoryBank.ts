export type Direction = 'forward' | 'backward';

/** Which memories a run keeps; constants of the model family. Which of them condition a frame is the model's own rule. */
export interface MemoryRules<Memory> {
  /** How many tracked memories are kept, the newest: no more than the model can still ask for. */
  readonly recentKept: number;
  /** Tracked memories that are kept for long, to know the object again; none where left out. */
  readonly longTerm?: LongTermRules<Memory>;
  /**
   * Whether a run forgets what it tracked before a prompt, and before a span of its own. Otherwise all stay that the frames to come
   * can ask for, in whichever direction they were tracked.
   */
  readonly forgets?: boolean;
  /** Whether a correction of a tracked mask is decoded on features that memories condition. */
  readonly remindsCorrections?: boolean;
}

export interface LongTermRules<Memory> {
  /** Only every so many frames from a prompt is a candidate. */
  readonly every: number;
  readonly most: number;
  /** Whether a memory is sure enough to be kept. */
  isTrusted(memory: Memory): boolean;
  /** How much two memories show the object alike, the older one of the run first; larger is more alike. */
  likeness(older: MemoryEntry<Memory>, newer: MemoryEntry<Memory>): number;
  /** Of two that are alike the less confident one goes. */
  confidence(memory: Memory): number;
}

export interface MemoryEntry<Memory> {
  readonly frame: number;
  readonly memory: Memory;
}

/** The memory of a prompted frame. */
export interface PromptedEntry<Memory> extends MemoryEntry<Memory> {
  /** Of what looks like the object there: its distractor, once the run passes the frame. */
  readonly distractor?: Memory | undefined;
}

/** The memories of one target: of an object, or of the distractor that is followed beside it. */
export interface Memories<Memory> {
  /** Of prompted frames; of the frame that a distractor was found on. */
  readonly conditioning: readonly PromptedEntry<Memory>[];
  /** Of tracked frames, those of the long term. */
  readonly longTerm: readonly MemoryEntry<Memory>[];
  /** Of tracked frames, the newest first. */
  readonly recent: readonly MemoryEntry<Memory>[];
}

/** What a run has added to an object's memories on the way. */
export interface TrackedMemories<Memory> extends Omit<Memories<Memory>, 'conditioning'> {
  /** Of tracked frames on which a later span in the other direction will look back, the newest first. */
  readonly ahead: readonly MemoryEntry<Memory>[];
  /** All of its distractor. */
  readonly distractor?: Memories<Memory> | undefined;
}

/** Where a frame stands in a run. */
export interface FramePlace {
  readonly frame: number;
  /** The direction of the run that reached it. */
  readonly direction: Direction;
  /** Frames of the whole clip. */
  readonly frameCount: number;
  /** Frames from the one that the run gave the model before; 1 where left out. */
  readonly apart?: number;
}

/** The memories that can condition one frame. */
export interface SelectedMemories<Memory> extends Memories<Memory>, FramePlace {
  /** Of the object's distractor. */
  readonly distractor?: SelectedMemories<Memory> | undefined;
}

/** Frames from the nearest prompted one: what a run does every so often, it does by these, so that a trimmed clip has the same masks. */
export function stepsFromPrompt(conditioning: readonly { readonly frame: number }[], frame: number): number {
  return Math.min(...conditioning.map((prompted) => Math.abs(prompted.frame - frame)));
}

/**
 * What an object remembers when it comes to a frame: all prompted frames, past and future alike, nearest first; all of the
 * long term; and the recent ones that lie behind it in the run's direction, the nearest first.
 */
export function selectMemories<Memory>(
  memories: Memories<Memory>,
  place: FramePlace,
): SelectedMemories<Memory> {
  const distance = (entry: MemoryEntry<Memory>) => Math.abs(entry.frame - place.frame);
  const nearestFirst = (entries: readonly MemoryEntry<Memory>[]) =>
    [...entries].sort((a, b) => distance(a) - distance(b));
  return {
    ...place,
    conditioning: nearestFirst(memories.conditioning),
    longTerm: memories.longTerm,
    recent: nearestFirst(memories.recent.filter((entry) => isBehind(entry, place))),
  };
}

/** Whether a run has passed an entry's frame when it comes to another. */
function isBehind(
  entry: MemoryEntry<unknown>,
  { frame, direction }: Pick<FramePlace, 'frame' | 'direction'>,
): boolean {
  return direction === 'forward' ? entry.frame < frame : entry.frame > frame;
}

/**
 * The long-term memories once `entry` may join them. Where that makes one too many, the two most alike of them and the first
 * prompted frame are found, and the less confident goes, the newer at a tie; never the prompted one.
 *
 * @param step the entry's frames from the nearest prompt
 */
export function keepLongTerm<Memory>(
  longTerm: readonly MemoryEntry<Memory>[],
  first: MemoryEntry<Memory> | undefined,
  entry: MemoryEntry<Memory>,
  step: number,
  rules: LongTermRules<Memory>,
): readonly MemoryEntry<Memory>[] {
  if (step % rules.every !== 0 || !rules.isTrusted(entry.memory)) return longTerm;
  const candidates = [...longTerm, entry];
  if (candidates.length <= rules.most) return candidates;
  const all = first ? [first, ...candidates] : candidates;
  let alike = -Infinity;
  let leaving = entry;
  all.forEach((older, i) => {
    for (const newer of all.slice(i + 1)) {
      const likeness = rules.likeness(older, newer);
      if (likeness <= alike) continue;
      alike = likeness;
      const olderGoes = older !== first && rules.confidence(older.memory) < rules.confidence(newer.memory);
      leaving = olderGoes ? older : newer;
    }
  });
  return candidates.filter((candidate) => candidate !== leaving);
}

/**
 * The memories of one object in one run: prompted frames are kept for good, of the tracked ones only as many as the rules
 * can still select. So the bank does not grow with the length of the video. It owns its memories. Those of its distractor, which nobody
 * listed, are a bank as well.
 */
export class MemoryBank<Memory> {
  readonly #rules: MemoryRules<Memory>;
  readonly #free: (memory: Memory) => void;
  readonly #turns: readonly number[];
  readonly #conditioning: PromptedEntry<Memory>[] = [];
  #distractor: MemoryBank<Memory> | undefined;
  #ahead: readonly MemoryEntry<Memory>[] = [];
  #longTerm: readonly MemoryEntry<Memory>[] = [];
  #recent: readonly MemoryEntry<Memory>[] = [];

  /**
   * @param free told of each memory that leaves the bank
   * @param turns frames at which later spans start to go backward
   */
  constructor(
    rules: MemoryRules<Memory>,
    free: (memory: Memory) => void = () => undefined,
    turns: readonly number[] = [],
  ) {
    this.#rules = rules;
    this.#free = free;
    this.#turns = rules.forgets ? [] : turns;
  }

  /** Number of memories held. */
  get size(): number {
    return this.#conditioning.length + this.#held().size;
  }

  /** Adds the memory of a prompted frame. */
  addConditioning(entry: PromptedEntry<Memory>): void {
    this.#conditioning.push(entry);
  }

  /**
   * Adds a memory of the distractor, after that of the object. Where the object's is kept for long, so may be the distractor's.
   *
   * @param isNew whether it is followed from this frame on, in place of another
   */
  addDistractor(entry: MemoryEntry<Memory>, isNew: boolean): void {
    const isCandidate = this.#longTerm.some(({ frame }) => frame === entry.frame);
    if (isNew) this.#followDistractor(entry, this.#free);
    else if (this.#distractor) this.#distractor.addTracked(entry, isCandidate);
    else this.#free(entry.memory);
  }

  /** Adds the memory of a tracked frame, later in the run's direction than all before it. */
  addTracked(entry: MemoryEntry<Memory>, isCandidate = true): void {
    const { recentKept, longTerm } = this.#rules;
    const recent = [entry, ...this.#recent].slice(0, recentKept);
    const step = stepsFromPrompt(this.#conditioning, entry.frame);
    const kept =
      longTerm && isCandidate
        ? keepLongTerm(this.#longTerm, this.#conditioning[0], entry, step, longTerm)
        : this.#longTerm;
    const isAhead = this.#turns.some((turn) => turn < entry.frame && entry.frame <= turn + recentKept);
    this.#keepTracked(
      { recent, longTerm: kept, ahead: isAhead ? [entry, ...this.#ahead] : this.#ahead },
      entry,
    );
  }

  /**
   * Passes a prompted frame. Where the rules say so, what was tracked last is forgotten. From here on, the distractor is the one of
   * that frame.
   *
   * @param around frames on either side of it that are forgotten, whatever the rules say
   */
  passPrompt(frame: number, around = -1): void {
    const stays = (entry: MemoryEntry<Memory>) => Math.abs(entry.frame - frame) > around;
    this.#keepTracked({
      recent: this.#rules.forgets ? [] : this.#recent.filter(stays),
      longTerm: this.#longTerm,
      ahead: this.#ahead.filter(stays),
    });
    this.#followThatOf(this.#conditioning.find((entry) => entry.frame === frame));
  }

  /**
   * Starts a span of its own at a frame. Of what was tracked before, the memories stay that its first frames look back on, unless
   * the rules say that all are forgotten.
   */
  startSpan(frame: number, direction: Direction): void {
    const nearestBehind = <Entry extends MemoryEntry<Memory>>(entries: readonly Entry[]) =>
      entries
        .filter((entry) => isBehind(entry, { frame, direction }))
        .sort((a, b) => Math.abs(a.frame - frame) - Math.abs(b.frame - frame));
    if (this.#rules.forgets) this.clearTracked();
    const tracked = [...new Set([...this.#recent, ...this.#ahead])];
    const recent = nearestBehind(tracked).slice(0, this.#rules.recentKept);
    this.#keepTracked({ recent, longTerm: this.#longTerm, ahead: this.#ahead });
    this.#followThatOf(nearestBehind(this.#conditioning)[0]);
  }

  /** Whether a tracked frame is among the recent ones. */
  hasRecent(frame: number): boolean {
    return this.#recent.some((entry) => entry.frame === frame);
  }

  /** Forgets all tracked frames. */
  clearTracked(): void {
    this.#keepTracked({ recent: [], longTerm: [], ahead: [] });
    this.#followDistractor();
  }

  /** Forgets everything, as the run ends. */
  clear(): void {
    this.clearTracked();
    for (const { memory, distractor } of this.#conditioning.splice(0)) {
      this.#free(memory);
      if (distractor !== undefined) this.#free(distractor);
    }
  }

  /**
   * The memories of tracked frames, as they are now. Later changes do not touch them, but free them as they leave: they last
   * only where memories are plain data.
   */
  get tracked(): TrackedMemories<Memory> {
    const distractor = this.#distractor && this.#distractor.#all();
    return { longTerm: this.#longTerm, recent: this.#recent, ahead: this.#ahead, distractor };
  }

  /** Puts back what `tracked` once gave. */
  restoreTracked({ longTerm, recent, ahead, distractor }: TrackedMemories<Memory>): void {
    this.#longTerm = longTerm;
    this.#recent = recent;
    this.#ahead = ahead;
    this.#followDistractor(distractor?.conditioning[0], this.#free);
    if (distractor) this.#distractor?.restoreTracked({ ...distractor, ahead: [], distractor: undefined });
  }

  /** Whether a frame’s memory may be kept for long. */
  isCandidate(frame: number): boolean {
    const { longTerm } = this.#rules;
    return longTerm !== undefined && stepsFromPrompt(this.#conditioning, frame) % longTerm.every === 0;
  }

  select(place: FramePlace): SelectedMemories<Memory> {
    return { ...selectMemories(this.#all(), place), distractor: this.#distractor?.select(place) };
  }

  #all(): Memories<Memory> {
    return { conditioning: [...this.#conditioning], longTerm: this.#longTerm, recent: this.#recent };
  }

  /** Follows the distractor of a prompted frame, if it has one; its first memory stays the frame's. */
  #followThatOf(prompted: PromptedEntry<Memory> | undefined): void {
    const { frame, distractor: first } = prompted ?? {};
    const entry = frame !== undefined && first !== undefined ? { frame, memory: first } : undefined;
    this.#followDistractor(entry, (memory) => {
      if (memory !== first) this.#free(memory);
    });
  }

  /** Follows a distractor, or none, in place of the one before. @param free told of each memory of it that leaves */
  #followDistractor(first?: MemoryEntry<Memory>, free: (memory: Memory) => void = this.#free): void {
    this.#distractor?.clear();
    const { longTerm } = this.#rules;
    const rules = longTerm && { ...this.#rules, longTerm: { ...longTerm, isTrusted: () => true } };
    this.#distractor = first && new MemoryBank(rules ?? this.#rules, free);
    if (first) this.#distractor?.addConditioning(first);
  }

  /** @param entry a new one, which may be in no list */
  #keepTracked({ recent, longTerm, ahead }: TrackedMemories<Memory>, entry?: MemoryEntry<Memory>): void {
    const leaving = this.#held();
    if (entry) leaving.add(entry);
    this.#recent = recent;
    this.#longTerm = longTerm;
    this.#ahead = ahead;
    for (const each of this.#held()) leaving.delete(each);
    for (const { memory } of leaving) this.#free(memory);
  }

  /** The memories of tracked frames, each once. */
  #held(): Set<MemoryEntry<Memory>> {
    return new Set([...this.#recent, ...this.#longTerm, ...this.#ahead]);
  }
}
