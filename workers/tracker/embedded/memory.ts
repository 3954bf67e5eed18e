import type { MemoryEntry, MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import type { MaskPrediction } from '../videoModel.ts';
import type { AttendableFrame, AttendedFrame } from './memoryAttention.ts';
import { nextPeakMean, type LastSeen } from './presence.ts';
import type { Rival, SeenRival } from './rival.ts';
import type { Remembered } from './tracking.ts';
import { TUNED } from './tuned.ts';

/** Where and what an object was on the last frame that it was seen on. */
export interface Seen extends LastSeen, Pick<AttendableFrame, 'bounds'> {
  readonly frame: number;
}

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
  /** What its memory is to be compared with. */
  readonly earlier: readonly MemoryEntry<EmbeddedMemory>[];
  /** Where the object was, if it is not there. */
  readonly lastSeen?: Seen;
  /** Its look-alike: as it is to be remembered, or as it was. */
  readonly rival?: SeenRival | Rival | undefined;
}

/** What one frame leaves for later ones. */
export interface EmbeddedMemory extends Omit<Remembered, 'likeness'>, LastSeen {
  /** How much the object looks as on earlier frames, by frame: cosines. */
  readonly likeness: ReadonlyMap<number, number>;
  readonly predictedIou: number;
  /** Predicted IoU times agreement. */
  readonly certainty: number;
  readonly reviewed: boolean;
  /** Where the object was, on a frame that shows its look-alike only. */
  readonly lastSeen: Seen | undefined;
  readonly rival: Rival | undefined;
}

/** Whether a mask is sure enough to be kept for long. */
export function isTrusted({
  predictedIou,
  certainty,
}: Pick<EmbeddedMemory, 'predictedIou' | 'certainty'>): boolean {
  return predictedIou >= TUNED.sureIou && certainty >= TUNED.sureCertainty;
}

/** Which memories a run keeps. */
export function memoryRules(): MemoryRules<EmbeddedMemory> {
  return {
    recentKept: TUNED.recentKept,
    longTerm: {
      every: TUNED.longTermEvery,
      most: TUNED.longTerm,
      isTrusted,
      // A mask that was given is not compared: it is never the one most alike.
      likeness: (older, newer) => newer.memory.likeness.get(older.frame) ?? -Infinity,
      confidence: ({ certainty }) => certainty,
    },
    forgets: true,
  };
}

/** The memory of a frame with this mask. */
export function memoryOf(
  { likeness, ...remembered }: Remembered,
  prediction: EmbeddedPrediction,
  rival: Rival | undefined,
): EmbeddedMemory {
  const { predictedIou, agreement, peak, peakMean, reviewed, earlier, lastSeen } = prediction;
  return {
    ...remembered,
    likeness: new Map(earlier.map(({ frame }, i) => [frame, likeness[i] ?? -Infinity])),
    peakMean: peak === undefined ? undefined : nextPeakMean(peakMean, peak),
    ...{ predictedIou, reviewed },
    certainty: predictedIou * agreement,
    ...{ lastSeen, rival },
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
  {
    frame,
    conditioning,
    longTerm,
    recent,
  }: SelectedMemories<AttendableFrame & Pick<EmbeddedMemory, 'reviewed' | 'lastSeen'>>,
  lost: boolean,
  discount: number,
): AttendedFrame[] {
  const seen = recent.filter(({ memory }) => !memory.lastSeen);
  // The newest and the oldest that is kept.
  const ends = new Set([...seen.slice(0, 1), ...seen.slice(-1)]);
  return [
    ...conditioning.map(({ memory, frame: prompted }) => {
      const local = !lost && Math.abs(prompted - frame) <= TUNED.promptNear;
      return { memory, local, whole: true, discount: 0 };
    }),
    ...longTerm.map(({ memory }) => ({ memory, local: false, whole: lost, discount: 0 })),
    ...[...ends].map(({ memory }) => ({ memory, local: !lost, whole: lost, discount })),
  ];
}

/** What is beside an object, so near that either may be taken for the other. */
export type Beside = 'nothing' | 'rival' | 'marked';

/** How much less an object's recent memories are believed. */
export function recentDiscount(
  { conditioning }: Pick<SelectedMemories<EmbeddedMemory>, 'conditioning'>,
  beside: Beside,
): number {
  const reviewed = conditioning.some(({ memory }) => memory.reviewed);
  return Math.min(
    TUNED.recentDiscount,
    reviewed ? Infinity : TUNED.clickDiscount,
    beside === 'rival' ? TUNED.besideDiscount : Infinity,
    beside === 'marked' ? TUNED.markedDiscount : Infinity,
  );
}

/** How an object's memories take part where the whole frame is searched for what looks like it: those that are surely of the object. */
export function attendAlike({ conditioning, longTerm }: SelectedMemories<EmbeddedMemory>): AttendedFrame[] {
  return [
    ...conditioning.map(({ memory }) => ({ memory, local: false, whole: true, discount: 0 })),
    ...longTerm.map(({ memory }) => ({ memory, local: false, whole: false, discount: 0 })),
  ];
}

/** How the memories of an object's rival take part: where it was seen, and near where that was. */
export function attendRival(
  { conditioning, longTerm, recent, ...place }: SelectedMemories<EmbeddedMemory>,
  foundOn: number | undefined,
): AttendedFrame[] {
  const ofRival = (entries: readonly MemoryEntry<EmbeddedMemory>[]) =>
    entries.flatMap(({ frame, memory: { rival, ...memory } }) =>
      rival?.label && (rival.foundOn ?? frame) === foundOn
        ? { frame, memory: { ...memory, label: rival.label, bounds: rival.bounds, lastSeen: undefined } }
        : [],
    );
  const ofIt = { conditioning: ofRival(conditioning), longTerm: ofRival(longTerm), recent: ofRival(recent) };
  return attend({ ...place, ...ofIt }, false, Math.min(TUNED.recentDiscount, TUNED.rivalDiscount));
}
