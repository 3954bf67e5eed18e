import type { RgbaImage } from '../../src/core/frames.ts';
import { decodeRle, type MaskRle } from '../../src/core/rle.ts';

/** What a trial makes of one frame: all pixels row-major. */
export interface PaintedFrame {
  readonly visible: Uint8Array;
  readonly twin: Uint8Array;
  paint(from: RgbaImage): RgbaImage;
}

export type Painter = (frame: number) => PaintedFrame;

/** A frame that shows the object as it is, and no twin. */
export function unchanged(mask: MaskRle): PaintedFrame {
  return {
    visible: decodeRle(mask),
    twin: new Uint8Array(mask.width * mask.height),
    paint: (image) => image,
  };
}

/** The same picture with pixels of its own, to be painted on. */
export function copyOf(image: RgbaImage): RgbaImage {
  return { ...image, data: image.data.slice() };
}

/** @throws RangeError if there is no such frame. */
export function maskOf(masks: readonly MaskRle[], frame: number): MaskRle {
  const mask = masks[frame];
  if (!mask) throw new RangeError(`There is no frame ${frame} in a clip of ${masks.length}.`);
  return mask;
}
