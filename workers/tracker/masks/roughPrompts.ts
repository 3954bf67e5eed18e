import type { VideoBox, VideoPoint } from '../../../src/core/geometry.ts';
import { decodeRle, rleBounds, type MaskRle } from '../../../src/core/rle.ts';
import { deepestCell } from './shape.ts';

/** How far the box reaches beyond the rough mask, as a share of the mask's sides: the thing may be a little larger. */
const PADDING = 0.03;

/** What a decoder is told of a thing whose mask is known roughly, beside that mask. @throws RangeError if the mask is empty */
export function roughPrompts(mask: MaskRle): { readonly box: VideoBox; readonly inside: VideoPoint } {
  const bounds = rleBounds(mask);
  if (!bounds) throw new RangeError('An empty mask says nothing of a thing.');
  const { x0, y0, x1, y1 } = bounds;
  const [across, down] = [PADDING * (x1 - x0), PADDING * (y1 - y0)];
  const { width, height } = mask;
  return {
    box: { x0: x0 - across, y0: y0 - down, x1: x1 + across, y1: y1 + down },
    inside: deepestCell({ width, height, data: decodeRle(mask) }),
  };
}
