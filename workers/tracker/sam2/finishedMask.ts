import { emptyRle, type MaskRle } from '../../../src/core/rle.ts';
import type { Tensor } from '../../models/graph.ts';
import type { FinishedMask } from '../videoModel.ts';

/** A mask as it is shown: empty where the object is not there. */
export function finishedMask(
  mask: MaskRle,
  objectScore: Tensor | undefined,
  predictedIou: Tensor | undefined,
): FinishedMask {
  const [appearing = 0] = objectScore?.data ?? [];
  const [iou = 0] = predictedIou?.data ?? [];
  if (appearing <= 0) return { mask: emptyRle(mask), score: 0, present: false };
  // The decoder's IoU is of the mask if the object is there; its score says how likely that is.
  return { mask, score: Math.min(1, Math.max(0, iou)) / (1 + Math.exp(-appearing)), present: true };
}
