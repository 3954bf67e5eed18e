import { decodeRle, rleArea, rleIou, type MaskRle } from '../../src/core/rle.ts';
import { maskOf } from './painting.ts';
import type { PlantedClip } from './planted.ts';

/** Numbers of frames, and of how many. */
export interface TrialCounts {
  /** Frames without any of the object, and those of them with an empty mask. */
  readonly hidden: number;
  readonly leftEmpty: number;
  /** Frames that show at least half of the object, and those of them with an empty mask. */
  readonly clear: number;
  readonly falseEmpty: number;
  /** Clear frames whose mask holds more of the twin than of the object. */
  readonly switched: number;
  /** Times that the object comes back after hidden frames, and is followed again (IoU above 0.5) within three clear frames. */
  readonly returns: number;
  readonly foundAgain: number;
}

/** A frame shows an object clearly from this share of it. */
export const CLEAR_SHARE = 0.5;
const FOUND_WITHIN = 3;
const FOUND_IOU = 0.5;

/** How a tracker stood a trial, by its mask on each frame. */
export function countTrial(
  tracked: readonly { readonly mask: MaskRle }[],
  { truth, whole, twin }: Pick<PlantedClip, 'truth' | 'whole' | 'twin'>,
): TrialCounts {
  const masks = tracked.map(({ mask }) => mask);
  const area = (of: readonly MaskRle[], frame: number) => rleArea(maskOf(of, frame));
  const frames = truth.map((_, frame) => frame);
  const hidden = frames.filter((frame) => area(truth, frame) === 0);
  const clear = frames.filter(
    (frame) => area(truth, frame) > 0 && area(truth, frame) >= CLEAR_SHARE * area(whole, frame),
  );
  const isEmpty = (frame: number) => area(masks, frame) === 0;
  const returns = clear.filter((frame, i) =>
    hidden.some((gone) => gone < frame && gone > (clear[i - 1] ?? -1)),
  );
  const found = returns.filter((frame) => {
    const from = clear.indexOf(frame);
    return clear
      .slice(from, from + FOUND_WITHIN)
      .some((at) => rleIou(maskOf(masks, at), maskOf(truth, at)) > FOUND_IOU);
  });
  const switched = clear.filter((frame) => {
    const mask = decodeRle(maskOf(masks, frame));
    return common(mask, maskOf(twin, frame)) > common(mask, maskOf(truth, frame));
  });
  return {
    hidden: hidden.length,
    leftEmpty: hidden.filter(isEmpty).length,
    clear: clear.length,
    falseEmpty: clear.filter(isEmpty).length,
    switched: switched.length,
    returns: returns.length,
    foundAgain: found.length,
  };
}

/** The same where the object was followed from the last frame back to the first: it comes back before hidden frames. */
export function countTrialBackward(
  tracked: readonly { readonly mask: MaskRle }[],
  { truth, whole, twin }: Pick<PlantedClip, 'truth' | 'whole' | 'twin'>,
): TrialCounts {
  return countTrial(tracked.toReversed(), {
    truth: truth.toReversed(),
    whole: whole.toReversed(),
    twin: twin.toReversed(),
  });
}

function common(mask: Uint8Array, other: MaskRle): number {
  return decodeRle(other).reduce((sum, value, at) => sum + value * (mask[at] ?? 0), 0);
}
