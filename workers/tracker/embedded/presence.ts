import { tensor } from '../../models/graph.ts';
import { MASK_DIMS, MASK_PROMPT_BOUND, MASK_SIDE } from './decoder.ts';
import type { EmbeddedPrediction } from './memory.ts';
import type { Target } from './targetState.ts';
import type { FoundEvidence } from './tracking.ts';
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
 * How a target was sought: an object near where it was (`followed`), the same as one of a pair (`contested`), or all over the frame (`lost`); a
 * distractor, or one that makes a pair with its object.
 */
export type Sought = 'followed' | 'contested' | 'lost' | 'distractor' | 'pairedDistractor';

/**
 * What is asked for, at least. It is less beside a look-alike, for each one's memory leaves a part of the guess to the other; and of a
 * distractor, for one that is not seen protects no frame.
 */
function leastOf(sought: Sought) {
  const followed = {
    ...{ best: TUNED.followedBest, certainty: TUNED.followedCertainty },
    ...{ area: TUNED.leastArea, peak: TUNED.leastPeak },
  };
  const contested = { ...followed, best: TUNED.contestedBest };
  const distractor = { ...contested, certainty: TUNED.distractorCertainty, area: 0 };
  const pairedDistractor = { ...distractor, certainty: 0 };
  // The whole frame was searched, and a look-alike could be met; but the object may come back turned.
  const lost = { ...followed, certainty: TUNED.sureCertainty, peak: TUNED.lostPeak };
  return { followed, contested, distractor, pairedDistractor, lost }[sought];
}

/** Share of the larger of two areas that the smaller one has; of areas that are 0, none. Any unit. */
export function areaRatio(a: number, b: number): number {
  return Math.min(a, b) / Math.max(a, b, 1);
}

/** Whether what was found is the target. */
export function isPresent(evidence: Evidence, last: LastSeen, sought: Sought): boolean {
  const { bestProbability, predictedIou, agreement, peak, area } = evidence;
  const least = leastOf(sought);
  const isSurelyBack =
    sought === 'lost' &&
    predictedIou >= TUNED.sureIou &&
    agreement >= TUNED.lostAgreement &&
    bestProbability >= TUNED.lostSurely;
  return (
    area > 0 &&
    bestProbability >= least.best &&
    (predictedIou * agreement >= least.certainty || isSurelyBack) &&
    areaRatio(area, last.area) >= least.area &&
    (last.peakMean === undefined || peak >= least.peak * last.peakMean)
  );
}

/**
 * Whether what was found is the target. One that nobody knew yet is a distractor where it would be taken for the object if that was lost. While there
 * is doubt about the object it is not believed, for it may be the object itself.
 *
 * @param isInPair whether it was sought as one of a pair
 * @param object what was found of the object that it may be taken for, if that is there
 */
export function isTarget(
  evidence: Evidence,
  { role, state }: Pick<Target, 'role' | 'state'>,
  isInPair: boolean,
  object: Evidence | undefined,
): boolean {
  if (role === 'unknown')
    return (
      object !== undefined &&
      isTrusted(object) &&
      isPresent(evidence, { ...state, area: object.area }, 'lost')
    );
  if (role === 'distractor') return isPresent(evidence, state, isInPair ? 'pairedDistractor' : 'distractor');
  if (state.lost) {
    // One whose mask is sure may come back at another distance.
    const area = isTrusted(evidence) ? evidence.area : state.usualArea;
    return isPresent(evidence, { ...state, area }, 'lost');
  }
  return isPresent(evidence, state, isInPair ? 'contested' : 'followed');
}

/** Whether a mask is sure enough to be kept for long. */
export function isTrusted({
  predictedIou,
  agreement,
}: Pick<Evidence, 'predictedIou' | 'agreement'>): boolean {
  return predictedIou >= TUNED.sureIou && predictedIou * agreement >= TUNED.sureCertainty;
}

/** A mask's score: the best of the decoder's other masks and the agreement rank frames by their true IoU (docs/embedded-tracker.md). */
export function scoreOf({ readingIou, agreement }: Pick<FoundEvidence, 'readingIou' | 'agreement'>): number {
  return readingIou ** TUNED.scorePower * agreement;
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
  alike: undefined,
  earlier: [],
};
