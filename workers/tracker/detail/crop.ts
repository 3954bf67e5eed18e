import type { RgbaImage } from '../../../src/core/frames.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { decodeRle, encodeRle, forEachColumnRun, type MaskRle } from '../../../src/core/rle.ts';

/** A part of a frame, in whole pixels of the video. */
export interface Crop extends Size {
  readonly left: number;
  readonly top: number;
}

/** The part of a picture. */
export function cropImage({ width, data }: RgbaImage, crop: Crop): RgbaImage {
  return { width: crop.width, height: crop.height, data: cropRows(data, width, 4, crop) };
}

/** What of a mask lies in a part of its frame, as a mask of that part. */
export function cropMask(mask: MaskRle, crop: Crop): MaskRle {
  return encodeRle(cropRows(decodeRle(mask), mask.width, 1, crop), crop);
}

/** The mask of a part of a frame as one of the whole frame, empty outside that part. */
export function pasteMask(mask: MaskRle, { left, top }: Crop, frame: Size): MaskRle {
  const whole = new Uint8Array(frame.width * frame.height);
  forEachColumnRun(mask, (x, y, length) => {
    for (let i = 0; i < length; i++) whole[(top + y + i) * frame.width + left + x] = 1;
  });
  return encodeRle(whole, frame);
}

/** A part of a picture of `channels` bytes a pixel, row-major. */
function cropRows<Bytes extends Uint8Array | Uint8ClampedArray>(
  data: Bytes,
  columns: number,
  channels: number,
  { left, top, width, height }: Crop,
): Bytes {
  const part = data.slice(0, width * height * channels) as Bytes;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * columns + left) * channels;
    part.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return part;
}
