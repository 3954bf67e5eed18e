import type { FrameContent, RgbaImage } from '../../../../src/core/frames.ts';
import type { Size } from '../../../../src/core/geometry.ts';
import type { MaskRle } from '../../../../src/core/rle.ts';
import { tensor } from '../../../models/graph.ts';
import { maskWhere, paintOverStripes } from '../../testing/paintedClip.ts';
import type { PromptedMask, VideoModel } from '../../videoModel.ts';

export const SIZE: Size = { width: 320, height: 180 };

/** Whether a pixel is of the red block that all frames show. */
export const inBlock = (x: number, y: number) => x >= 200 && x < 240 && y >= 100 && y < 130;
export const BLOCK = maskWhere(SIZE, inBlock);
/** The block as it is tracked: without the last five of its 40 columns. */
export const CUT = maskWhere(SIZE, (x, y) => inBlock(x, y) && x < 235);

export const PICTURE: RgbaImage = paintOverStripes(SIZE, (x, y) =>
  inBlock(x, y) ? [220, 60, 40] : undefined,
);

/** Sees what is red, and nothing else; but what it tracks is not the whole of it. Its features are pictures. */
export class RedModel implements VideoModel<RgbaImage, MaskRle, PromptedMask> {
  readonly memoryRules = { recentKept: 1 };
  readonly finishesLater = false;
  /** Pictures that are not freed yet. */
  held = 0;
  readonly seen: Size[] = [];
  /** Masks that later frames were told of. */
  readonly remembered: MaskRle[] = [];

  async encode(content: FrameContent) {
    const image = await content.pixels();
    this.held++;
    this.seen.push({ width: image.width, height: image.height });
    return image;
  }

  featureBytes() {
    return 1;
  }

  segment({ data, width, height }: RgbaImage) {
    const size = { width, height };
    return Promise.resolve(predictionOf(maskWhere(size, (x, y) => (data[4 * (y * width + x)] ?? 0) > 200)));
  }

  refine(features: RgbaImage): Promise<PromptedMask> {
    return this.segment(features);
  }

  candidates() {
    return Promise.resolve([]);
  }

  track(_: RgbaImage, objects: readonly unknown[]) {
    return Promise.resolve(objects.map(() => predictionOf(CUT)));
  }

  memorize(_: RgbaImage, predictions: readonly PromptedMask[]) {
    const masks = predictions.map(({ mask }) => mask);
    this.remembered.push(...masks);
    return Promise.resolve(masks);
  }

  finish(_: RgbaImage, predictions: readonly PromptedMask[]) {
    return Promise.resolve([...predictions]);
  }

  free(held: object) {
    if ('data' in held) this.held--;
  }

  dispose() {
    return Promise.resolve();
  }
}

function predictionOf(mask: MaskRle): PromptedMask {
  return { mask, score: 0.6, present: true, logits: tensor(new Float32Array(1), [1, 1, 1, 1]) };
}
