import type { MemoryEntry, MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import type { MaskPrediction } from '../videoModel.ts';
import type { AttendableFrame, AttendedFrame } from './memoryAttention.ts';
import { isTrusted, nextPeakMean, type LastSeen } from './presence.ts';
import type { Remembered } from './tracking.ts';
import { TUNED } from './tuned.ts';

/** A mask of the embedded model, with what its memory needs to know. */
export interface EmbeddedPrediction extends MaskPrediction {
  /** The model's estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  readonly present: boolean;
  /** Predicted IoU of the mask, 0 to 1. */
  readonly predictedIou: number;
  /** IoU of the guess that prompted the mask, and the mask; 1 where a person prompted it. */
  readonly agreement: number;
  /** Resemblance to the best memory, of this frame; `undefined` where a person prompted it. */
  readonly peak: number | undefined;
  /** Running mean of the resemblance before this frame. */
  readonly peakMean: number | undefined;
  /** Whether a person prompted the mask. */
  readonly prompted: boolean;
  /** Whether a person has said more than a single click, or has chosen among its readings. */
  readonly reviewed: boolean;
  /** Of a distractor that was found on a prompted frame: how much it looks like the object, a cosine. */
  readonly alike: number | undefined;
  /** What its memory is to be compared with. */
  readonly earlier: readonly MemoryEntry<EmbeddedMemory>[];
  /** See `Found`. The memory takes it. */
  remembered?: Remembered | undefined;
}

/** What one frame leaves for later ones. */
export interface EmbeddedMemory extends Omit<Remembered, 'likeness'>, LastSeen {
  /** How much the object looks as on earlier frames, by frame: cosines. */
  readonly likeness: ReadonlyMap<number, number>;
  readonly predictedIou: number;
  readonly agreement: number;
  readonly reviewed: boolean;
  /** See `EmbeddedPrediction`. */
  readonly alike: number | undefined;
}

/** Which memories a run keeps. */
export function memoryRules(): MemoryRules<EmbeddedMemory> {
  return {
    recentKept: TUNED.recentKept,
    longTerm: {
      every: TUNED.every,
      most: TUNED.longTerm,
      isTrusted,
      // A mask that was given is not compared: it is never the one most alike.
      likeness: (older, newer) => newer.memory.likeness.get(older.frame) ?? -Infinity,
      confidence: ({ predictedIou, agreement }) => predictedIou * agreement,
    },
    forgets: true,
  };
}

/** The memory of a frame with this mask. */
export function memoryOf(
  { likeness, ...remembered }: Remembered,
  { predictedIou, agreement, peak, peakMean, reviewed, alike, earlier }: EmbeddedPrediction,
): EmbeddedMemory {
  return {
    ...remembered,
    likeness: new Map(earlier.map(({ frame }, i) => [frame, likeness[i] ?? -Infinity])),
    peakMean: peak === undefined ? undefined : nextPeakMean(peakMean, peak),
    ...{ predictedIou, agreement, reviewed, alike },
  };
}

/** What a frame's memory is compared with when the long-term ones are chosen. */
export function comparedMemories({
  conditioning,
  longTerm,
}: SelectedMemories<EmbeddedMemory>): MemoryEntry<EmbeddedMemory>[] {
  const [first] = [...conditioning].sort((a, b) => a.frame - b.frame);
  return [...(first ? [first] : []), ...longTerm];
}

/**
 * How the selected memories take part in the attention of their frame. While the object is lost, all of every frame is
 * searched and nothing is expected to be where it was.
 */
export function attend(
  { frame, conditioning, longTerm, recent }: SelectedMemories<AttendableFrame>,
  lost: boolean,
  discount: number,
): AttendedFrame[] {
  // The newest and the oldest that is kept.
  const ends = new Set([...recent.slice(0, 1), ...recent.slice(-1)]);
  return [
    ...conditioning.map(({ memory, frame: prompted }) => {
      const local = !lost && Math.abs(prompted - frame) <= TUNED.promptNear;
      return { memory, local, whole: true, discount: 0 };
    }),
    ...longTerm.map(({ memory }) => ({ memory, local: false, whole: lost, discount: 0 })),
    ...[...ends].map(({ memory }) => ({ memory, local: !lost, whole: lost, discount })),
  ];
}

/** What is beside a target, so near that either may be taken for the other; beside a distractor is always its object. */
export type Beside = 'nothing' | 'distractor' | 'pair' | 'object';

/** How much less a target's recent memories are believed. */
export function recentDiscount(
  { conditioning }: Pick<SelectedMemories<EmbeddedMemory>, 'conditioning'>,
  beside: Beside,
): number {
  const reviewed = beside === 'object' || conditioning.some(({ memory }) => memory.reviewed);
  const most = {
    nothing: Infinity,
    distractor: TUNED.doubtDiscount,
    pair: TUNED.pairDiscount,
    object: TUNED.distractorDiscount,
  };
  return Math.min(TUNED.recentDiscount, reviewed ? Infinity : TUNED.doubtDiscount, most[beside]);
}
