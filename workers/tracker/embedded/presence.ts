import { tensor } from '../../models/graph.ts';
import { MASK_DIMS, MASK_PROMPT_BOUND, MASK_SIDE } from './decoder.ts';
import type { EmbeddedPrediction } from './memory.ts';
import { TUNED } from './tuned.ts';

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

/**
 * Whether the object is there. A rule of its own decides whether a lost object is found again, for there the whole frame was
 * searched and a look-alike could be met. Beside its like, a memory leaves some of a guess to that.
 */
export function isPresent(evidence: Evidence, last: LastSeen, sought: Sought): boolean {
  const { bestProbability, predictedIou, agreement, peak, area } = evidence;
  const areaRatio = Math.min(area, last.area) / Math.max(area, last.area, 1);
  const certainty = predictedIou * agreement;
  if (sought === 'lost') {
    const surely =
      predictedIou >= TUNED.sureIou &&
      agreement >= TUNED.lostAgreement &&
      bestProbability >= TUNED.lostSurely;
    return (
      bestProbability >= TUNED.lostBest &&
      areaRatio >= TUNED.lostArea &&
      isPeak(peak, TUNED.lostPeak, last) &&
      (certainty >= TUNED.sureCertainty || surely)
    );
  }
  return (
    bestProbability >= (sought === 'contested' ? TUNED.contestedBest : TUNED.followedBest) &&
    certainty >= TUNED.followedCertainty &&
    predictedIou >= TUNED.leastIou &&
    areaRatio >= TUNED.followedArea &&
    isPeak(peak, TUNED.leastPeak, last)
  );
}

/** Whether a peak is high enough beside its running mean, if there is one. */
export function isPeak(peak: number, share: number, { peakMean }: Pick<LastSeen, 'peakMean'>): boolean {
  return peakMean === undefined || peak >= share * peakMean;
}

/** The running mean with one more peak. */
export function nextPeakMean(mean: number | undefined, peak: number): number {
  return mean === undefined ? peak : (1 - TUNED.peakShare) * mean + TUNED.peakShare * peak;
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
