import type { DeviceTensor } from '../../models/graph.ts';
import type { CellBox } from '../masks/grid.ts';
import { isTrusted } from './memory.ts';
import { cellCount } from './memoryAttention.ts';
import { isPeak, isPresent, nextPeakMean, type LastSeen } from './presence.ts';
import type { Found, FoundEvidence, Remembered } from './tracking.ts';
import { TUNED } from './tuned.ts';

/**
 * A thing that looks like the object and is followed beside it, so that neither is taken for the other: as a memory of the
 * object holds it.
 */
export interface Rival {
  /** The prompted frame that it was found on; `undefined` in that frame's own memory. */
  readonly foundOn: number | undefined;
  /** [cells], its share of each on the memory's frame; `undefined` where it was not seen. */
  readonly label: DeviceTensor | undefined;
  /** Where it was seen last, in cells of the frame. */
  readonly bounds: CellBox;
  /** Frames since then that were searched for it. */
  readonly unseen: number;
  /** Running mean of the peaks, as the object has it. */
  readonly peakMean: number | undefined;
}

/** A look-alike that was seen on a frame, to be remembered. */
export interface SeenRival extends Pick<Rival, 'foundOn' | 'peakMean'> {
  /** [1, 1, 256, 256]. */
  readonly logits: DeviceTensor;
  /** As it was before. */
  readonly before: Rival | undefined;
}

/** Whether the rival was seen on the frame at hand. */
export function isSeen(rival: Rival | SeenRival | undefined): rival is SeenRival {
  return rival !== undefined && 'logits' in rival;
}

/** Whether one of two things may be taken for the other; by their bounds, in cells. */
export function isContested(a: CellBox | null | undefined, b: CellBox | null): boolean {
  return gapBetween(a, b) <= TUNED.touching;
}

/** Whether two things are so near that every frame is searched for both; by their bounds, in cells. */
export function isNear(a: CellBox | null | undefined, b: CellBox | null): boolean {
  return gapBetween(a, b) <= TUNED.near;
}

/** Whether two boxes hold the same thing. */
export function isSamePlace(a: CellBox, b: CellBox | null): boolean {
  if (!b) return false;
  const across = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const down = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  const both = Math.max(0, across) * Math.max(0, down);
  return both >= TUNED.samePlace * Math.min(cellCount(a), cellCount(b));
}

/**
 * The rival, if a frame is to be searched for it.
 *
 * @param object its bounds, in cells
 * @param step frames since the prompt
 */
export function rivalToFollow(
  rival: Rival | undefined,
  object: CellBox | null,
  step: number,
): Rival | undefined {
  return isNear(rival?.bounds, object) || step % TUNED.farEvery === 0 ? rival : undefined;
}

/** A look-alike that a person's prompt has led to. */
export function newRival(logits: DeviceTensor): SeenRival {
  return { foundOn: undefined, peakMean: undefined, logits, before: undefined };
}

/**
 * A look-alike that nobody knew yet: what would be taken for the object if that was lost. While there is doubt about the object it is not
 * believed, for it may be the object itself.
 *
 * @param last the object, before this frame
 */
export function metRival(
  found: Found | undefined,
  { predictedIou, agreement, area }: FoundEvidence,
  last: LastSeen,
): SeenRival | undefined {
  const sure = isTrusted({ predictedIou, certainty: predictedIou * agreement });
  const alike = found && sure && isPresent(found.evidence, { ...last, area }, 'lost');
  return alike ? newRival(found.logits) : undefined;
}

/** What a frame that was searched for a rival leaves of it; `undefined` where it is given up. */
export function nextRival(rival: Rival, found: Found | undefined): SeenRival | Rival | undefined {
  if (!found || !isRivalSeen(found.evidence, rival)) return unseenRival(rival);
  const { logits, evidence } = found;
  return {
    foundOn: rival.foundOn,
    peakMean: nextPeakMean(rival.peakMean, evidence.peak),
    logits,
    before: rival,
  };
}

/** A rival on a frame that was not searched for it. */
export function restingRival(rival: Rival): Rival {
  return { ...rival, label: undefined };
}

function unseenRival(rival: Rival): Rival | undefined {
  const unseen = rival.unseen + 1;
  return unseen < TUNED.mostUnseen ? { ...rival, label: undefined, unseen } : undefined;
}

/** A rival is believed sooner than the object is: one that is not seen is not remembered, and cannot protect the next frame. */
function isRivalSeen(
  { bestProbability, predictedIou, agreement, peak, area }: FoundEvidence,
  rival: Rival,
): boolean {
  return (
    area > 0 &&
    bestProbability >= TUNED.contestedBest &&
    predictedIou >= TUNED.leastIou &&
    predictedIou * agreement >= TUNED.rivalCertainty &&
    isPeak(peak, TUNED.leastPeak, rival)
  );
}

/** The rival as a memory holds it: not seen where too little of it was. */
export function rememberedRival(
  { foundOn, peakMean, before }: SeenRival,
  { label, bounds }: Pick<Remembered, 'label' | 'bounds'>,
): Rival | undefined {
  if (!bounds) return before && unseenRival(before);
  return { foundOn, peakMean, label, bounds, unseen: 0 };
}

/** Cells between two boxes, across or down; 0 where they touch or overlap. */
function gapBetween(a: CellBox | null | undefined, b: CellBox | null): number {
  if (!a || !b) return Infinity;
  return Math.max(0, a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1);
}
