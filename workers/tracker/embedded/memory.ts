import { tensor, type DeviceTensor } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { boundsAbove, meanPool, positiveCount } from '../grid.ts';
import type { MemoryRules, SelectedMemories } from '../memoryBank.ts';
import type { MaskPrediction } from '../videoModel.ts';
import { MASK_CELL, MASK_SIDE } from './decoder.ts';
import { CELL, DESCRIPTOR, type EmbeddedFeatures } from './features.ts';
import { OBJECT_SHARE, type AttendableFrame, type AttendedFrame } from './memoryAttention.ts';
import { nextPeakMean, type LastSeen } from './presence.ts';

/** Up to this many frames from a prompted one, the object is expected near where it was there. */
const PROMPT_LOCALITY = 2;
/**
 * How much less a recent memory is believed than a prompted or long-term one. Recent memories are the most like the frame and
 * win the softmax, and would carry their own mistakes on. Less so while the prompted mask comes from a single click that nobody
 * has confirmed: it may itself be wrong.
 */
const RECENT_DISCOUNT = { reviewed: 5, unreviewed: 2.5 };

/** Of the recent memories the last and the fourth last take part; where there are not so many yet, the oldest there is. */
const RECENT_RANKS = [1, 4] as const;

/** A mask of the embedded model, with what its memory needs to know. */
export interface EmbeddedPrediction extends MaskPrediction {
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
}

/** What one frame leaves for later ones. */
export interface EmbeddedMemory extends AttendableFrame, LastSeen {
  readonly meanDescriptor: DeviceTensor;
  /** Mean descriptor of the object, centred on the frame's mean. */
  readonly look: Float32Array;
  readonly predictedIou: number;
  /** Predicted IoU times agreement. */
  readonly certainty: number;
  readonly reviewed: boolean;
}

export const MEMORY_RULES: MemoryRules<EmbeddedMemory> = {
  recentKept: Math.max(...RECENT_RANKS),
  longTerm: {
    every: 5,
    most: 3,
    isTrusted: ({ predictedIou, certainty }) => predictedIou >= 0.85 && certainty >= 0.45,
    likeness: (a, b) => cosine(a.look, b.look),
    confidence: ({ certainty }) => certainty,
  },
};

/** The memory of a frame with this mask. */
export function memoryOf(features: EmbeddedFeatures, prediction: EmbeddedPrediction): EmbeddedMemory {
  const { logits, predictedIou, agreement, peak, peakMean, reviewed } = prediction;
  const object = { width: MASK_SIDE, height: MASK_SIDE, data: logits.map((logit) => (logit > 0 ? 1 : 0)) };
  const share = meanPool(object, CELL / MASK_CELL);
  const { width, height } = features.grid;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    data.set(share.data.subarray(y * share.width, y * share.width + width), y * width);
  return {
    grid: features.grid,
    descriptors: features.descriptors,
    meanDescriptor: features.meanDescriptor,
    label: tensor(data, [data.length]),
    bounds: boundsAbove({ width, height, data }, OBJECT_SHARE),
    look: objectLook(features, data),
    area: positiveCount(logits),
    peakMean: peak === undefined ? undefined : nextPeakMean(peakMean, peak),
    predictedIou,
    certainty: predictedIou * agreement,
    reviewed,
  };
}

/**
 * How the selected memories take part in the attention of their frame. While the object is lost, all of every frame is
 * searched and nothing is expected to be where it was.
 */
export function attend(
  { frame, conditioning, longTerm, recent }: SelectedMemories<EmbeddedMemory>,
  lost: boolean,
): AttendedFrame[] {
  const reviewed = conditioning.some(({ memory }) => memory.reviewed);
  const ranked = new Set(RECENT_RANKS.flatMap((rank) => recent[Math.min(rank, recent.length) - 1] ?? []));
  const discount = reviewed ? RECENT_DISCOUNT.reviewed : RECENT_DISCOUNT.unreviewed;
  return [
    ...conditioning.map(({ memory, frame: prompted }) => {
      const local = !lost && Math.abs(prompted - frame) <= PROMPT_LOCALITY;
      return { memory, local, whole: true, discount: 0 };
    }),
    ...longTerm.map(({ memory }) => ({ memory, local: false, whole: lost, discount: 0 })),
    ...[...ranked].map(({ memory }) => ({ memory, local: !lost, whole: lost, discount })),
  ];
}

/** Mean descriptor of the object's cells, each weighted by its share of the object. */
function objectLook(features: EmbeddedFeatures, label: Float32Array): Float32Array {
  const descriptors = onCpu(features.descriptors).data;
  const mean = onCpu(features.meanDescriptor).data;
  const look = new Float32Array(DESCRIPTOR);
  label.forEach((share, cell) => {
    if (share === 0) return;
    for (let channel = 0; channel < DESCRIPTOR; channel++) {
      const value = (descriptors[cell * DESCRIPTOR + channel] ?? 0) - (mean[channel] ?? 0);
      look[channel] = (look[channel] ?? 0) + share * value;
    }
  });
  return look;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const other = b[i] ?? 0;
    product += value * other;
    squaresA += value * value;
    squaresB += other * other;
  });
  return product / Math.max(Math.sqrt(squaresA * squaresB), 1e-12);
}
