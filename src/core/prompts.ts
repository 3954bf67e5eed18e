import type { VideoBox, VideoPoint } from './geometry.ts';
import type { MaskRle } from './rle.ts';

/** 1 adds to the object, 0 takes away. */
export type PointLabel = 0 | 1;

export interface PointPrompt extends VideoPoint {
  readonly label: PointLabel;
}

/** What a person said about one object on one frame. Points are in the order in which they were placed. */
export interface FramePrompts {
  readonly points: readonly PointPrompt[];
  readonly box?: VideoBox;
  /**
   * The mask that tracking had put on this frame before the first prompt on it: what the points correct. With it a single
   * click that takes away makes sense. A box replaces it.
   */
  readonly prior?: MaskRle;
}

export const NO_PROMPTS: FramePrompts = { points: [] };

export function hasPrompts(prompts: FramePrompts | undefined): prompts is FramePrompts {
  return prompts !== undefined && (prompts.points.length > 0 || prompts.box !== undefined);
}
