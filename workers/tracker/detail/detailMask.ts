import { contentOf, type FrameContent } from '../../../src/core/frames.ts';
import type { Size, VideoBox } from '../../../src/core/geometry.ts';
import { rleBounds, rleIou, subtractRle, type MaskRle } from '../../../src/core/rle.ts';
import type { AnyVideoModel } from '../videoModel.ts';
import { cropImage, cropMask, pasteMask, type Crop } from './crop.ts';

/** How a tracked mask is decoded in detail, and when the result is kept. */
export interface DetailOptions {
  /** Sides of the part that the model is shown, as a multiple of the object's longest side. */
  readonly context: number;
  /** The part's sides are no less than this, in pixels of the frame: what is smaller has no detail. */
  readonly leastSide: number;
  /** Little is gained where the part's longest side is not this many times shorter than the frame's. */
  readonly leastZoom: number;
  /**
   * IoU of the result and the tracked mask. Below the least, they are of different things. Above the most, they differ by what a decoder
   * always differs: neither is known to be better.
   */
  readonly agreement: { readonly least: number; readonly most: number };
}

export const DETAIL: DetailOptions = {
  context: 2,
  leastSide: 64,
  leastZoom: 1.3,
  agreement: { least: 0.85, most: 0.975 },
};

/** What decodes masks in detail: a model of any family. */
export type DetailModel = Pick<AnyVideoModel, 'encode' | 'refine' | 'free'>;

/** A tracked mask, and the masks on its frame from which it takes nothing. */
export interface TrackedMask {
  readonly mask: MaskRle;
  readonly beside: readonly MaskRle[];
}

/**
 * A tracked mask decoded once more on the part of its frame round it, which fills the model's input. Nothing where the result is
 * not surely better, or the part is too much of the frame.
 */
export async function detailMask(
  model: DetailModel,
  frame: FrameContent,
  { mask, beside }: TrackedMask,
  options: DetailOptions = DETAIL,
): Promise<MaskRle | undefined> {
  const box = rleBounds(mask);
  const crop = box && cropAround(box, mask, options);
  if (!crop) return undefined;
  const known = cropMask(mask, crop);
  const features = await model.encode(contentOf(cropImage(await frame.pixels(), crop)));
  const found = await model.refine(features, known).finally(() => model.free(features));
  const agreement = rleIou(found.mask, known);
  if (agreement < options.agreement.least || agreement > options.agreement.most) return undefined;
  return subtractRle(pasteMask(found.mask, crop, mask), beside);
}

/** The part of a frame round a box, square where the frame has room; nothing where that is too much of the frame. */
export function cropAround(
  { x0, y0, x1, y1 }: VideoBox,
  frame: Size,
  { context, leastSide, leastZoom }: DetailOptions,
): Crop | undefined {
  const side = Math.round(Math.max(leastSide, context * Math.max(x1 - x0, y1 - y0)));
  const [width, height] = [Math.min(side, frame.width), Math.min(side, frame.height)];
  if (leastZoom * Math.max(width, height) > Math.max(frame.width, frame.height)) return undefined;
  const start = (from: number, to: number, length: number, whole: number) =>
    Math.round(Math.min(Math.max((from + to - length) / 2, 0), whole - length));
  return { width, height, left: start(x0, x1, width, frame.width), top: start(y0, y1, height, frame.height) };
}
