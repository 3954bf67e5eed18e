import type { VideoBox } from '../../../src/core/geometry.ts';
import type { PointPrompt } from '../../../src/core/prompts.ts';
import { decodeRle, rleBounds, type MaskRle } from '../../../src/core/rle.ts';
import { resizePlane } from '../input/resize.ts';
import type { Grid } from '../masks/grid.ts';
import { GIVEN_LOGIT } from './contract.ts';

/** A mask in the clip's pixels as logits in model pixels, S×S. @param side S */
export function givenLogits(mask: MaskRle, side: number): Grid {
  const { width, height } = mask;
  const plane = { width, height, data: Float32Array.from(decodeRle(mask)) };
  const share = resizePlane(plane, { width: side, height: side });
  return { ...share, data: share.data.map((value) => (value >= 0.5 ? GIVEN_LOGIT : -GIVEN_LOGIT)) };
}

/**
 * What stands for a mask that clicks correct where the decoder takes no masks: its box, grown to hold the clicks that add.
 * Nothing if the mask is empty.
 */
export function boxToCorrect(mask: MaskRle, points: readonly PointPrompt[]): VideoBox | undefined {
  const bounds = rleBounds(mask);
  if (!bounds) return undefined;
  const added = points.filter(({ label }) => label === 1);
  return {
    x0: Math.min(bounds.x0, ...added.map(({ x }) => x)),
    y0: Math.min(bounds.y0, ...added.map(({ y }) => y)),
    x1: Math.max(bounds.x1, ...added.map(({ x }) => x)),
    y1: Math.max(bounds.y1, ...added.map(({ y }) => y)),
  };
}
