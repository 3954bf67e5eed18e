import { tensor } from '../../models/graph.ts';
import { MASK_DIMS, MASK_PROMPT_BOUND, MASK_SIDE } from './decoder.ts';
import type { EmbeddedPrediction } from './memory.ts';

/** What speaks for and against a mask that was found from memory. */
export interface Evidence {
  /** The highest probability of the guess. */
  readonly bestProbability: number;
  /** The decoder's predicted IoU of the mask. */
  readonly predictedIou: number;
  /** IoU of the guess and the mask. */
  readonly agreement: number;
  /** How well the likely cells resemble the remembered ones; see `GuessSummary.peak`. */
  readonly peak: number;
  /** Area of the mask; any unit. */
  readonly area: number;
}

/** What the object was like when it was last seen. */
export interface LastSeen {
  readonly area: number;
  /** Running mean of the peaks; none right after a prompt. */
  readonly peakMean: number | undefined;
}

/**
 * What a lost object was like. On its last frame it was often partly hidden already, so its area is the largest of the recent ones.
 */
export function beforeLoss(latest: LastSeen, recent: readonly LastSeen[]): LastSeen {
  return { peakMean: latest.peakMean, area: Math.max(latest.area, ...recent.map(({ area }) => area)) };
}

/** How an object was sought: near where it was, the same beside another one that is marked, or all over the frame. */
export type Sought = 'followed' | 'contested' | 'lost';

/** The best probability that a guess has at least where the object is there. Beside its like, a memory leaves some to that. */
export const LEAST_BEST: Readonly<Record<Sought, number>> = { followed: 0.9, contested: 0.5, lost: 0.92 };

/**
 * Whether the object is there. A rule of its own decides whether a lost object is found again, for there the whole frame was
 * searched and a look-alike could be met. Constants: `docs/embedded-tracker.md`.
 */
export function isPresent(evidence: Evidence, last: LastSeen, sought: Sought): boolean {
  const { bestProbability, predictedIou, agreement, peak, area } = evidence;
  const areaRatio = Math.min(area, last.area) / Math.max(area, last.area, 1);
  const expectedPeak = last.peakMean ?? -Infinity;
  const certainty = predictedIou * agreement;
  if (sought === 'lost') {
    const convincing =
      certainty >= 0.45 || (predictedIou >= 0.85 && agreement >= 0.2 && bestProbability >= 0.97);
    return (
      bestProbability >= LEAST_BEST.lost && areaRatio >= 0.35 && peak >= 0.7 * expectedPeak && convincing
    );
  }
  return (
    bestProbability >= LEAST_BEST[sought] &&
    certainty >= 0.25 &&
    predictedIou >= 0.5 &&
    areaRatio >= 0.45 &&
    peak >= 0.75 * expectedPeak
  );
}

/** The running mean with one more peak. */
export function nextPeakMean(mean: number | undefined, peak: number): number {
  return mean === undefined ? peak : 0.8 * mean + 0.2 * peak;
}

/** What is said of a frame on which the object was not found. */
export const ABSENT: EmbeddedPrediction = {
  logits: tensor(new Float32Array(MASK_SIDE ** 2).fill(-MASK_PROMPT_BOUND), MASK_DIMS),
  score: 0,
  present: false,
  predictedIou: 0,
  agreement: 0,
  peak: undefined,
  peakMean: undefined,
  prompted: false,
  reviewed: false,
  earlier: [],
};
