import { rleArea, type MaskRle } from '../../../src/core/rle.ts';
import { tensor } from '../../models/graph.ts';
import { maskShare } from '../masks/videoMask.ts';
import type { PromptedMask } from '../videoModel.ts';
import { MASK_DIMS, MASK_PROMPT_BOUND, MASK_SIDE } from './decoder.ts';
import type { EmbeddedFeatures } from './features.ts';
import type { EmbeddedPrediction } from './memory.ts';

/** A mask that was given: sure of every pixel. @throws RangeError if it is not of the frame's size */
export function givenMask(
  { video, letterbox: box }: EmbeddedFeatures,
  mask: MaskRle,
): EmbeddedPrediction & PromptedMask {
  if (mask.width !== video.width || mask.height !== video.height) {
    throw new RangeError(
      `A mask prompt of ${mask.width}×${mask.height} does not fit frames of ${video.width}×${video.height}.`,
    );
  }
  const logits = tensor(givenLogits({ letterbox: box }, mask), MASK_DIMS);
  return { logits, mask, score: 1, present: rleArea(mask) > 0, ...fromPerson(1, true) };
}

/** A mask of a frame as logits on the mask grid. */
export function givenLogits(
  { letterbox: box }: Pick<EmbeddedFeatures, 'letterbox'>,
  mask: MaskRle,
): Float32Array {
  return maskShare(mask, box, MASK_SIDE).data.map((share) => (2 * share - 1) * MASK_PROMPT_BOUND);
}

/** What is known of a mask that a person prompted. */
export function fromPerson(predictedIou: number, reviewed: boolean) {
  const unknown = { peak: undefined, peakMean: undefined, alike: undefined };
  return { predictedIou, agreement: 1, ...unknown, prompted: true, reviewed, earlier: [] };
}
