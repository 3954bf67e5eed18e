import type { RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import { decodeRle, encodeRle, rleArea, rleCentroid, type MaskRle } from '../../src/core/rle.ts';
import { hashOf } from '../node/contentHash.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';
import { changedFrames } from './painting.ts';

/** A part of every frame, in pixels. */
interface Part extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * The clip cut to another shape: the largest part of its frames with these proportions, round the object's place on the first frame.
 *
 * @param shape columns to rows
 * @throws UsageError if nothing of the object is left on the first frame
 */
export function cropClip(clip: EvalClip, shape: Size): EvalClip {
  const part = partOf(clip.first, shape);
  const truth = clip.truth.map((mask) => cropMask(mask, part));
  const [first] = truth;
  if (!first || rleArea(first) === 0)
    throw new UsageError(
      `Nothing of the object of ${clip.name} is in a part of ${shape.width}:${shape.height}.`,
    );
  return {
    name: `${clip.name}+${shape.width}x${shape.height}`,
    content: hashOf(clip.content, JSON.stringify(part)),
    source: changedFrames(clip.source, (image) => cropImage(image, part), part),
    truth,
    first,
  };
}

function partOf(first: MaskRle, shape: Size): Part {
  const scale = Math.min(first.width / shape.width, first.height / shape.height);
  const [width, height] = [Math.round(shape.width * scale), Math.round(shape.height * scale)];
  const centre = rleCentroid(first);
  const start = (middle: number, length: number, whole: number) =>
    Math.min(whole - length, Math.max(0, Math.round(middle - length / 2)));
  return {
    ...{ width, height },
    left: start(centre.x, width, first.width),
    top: start(centre.y, height, first.height),
  };
}

function cropMask(mask: MaskRle, part: Part): MaskRle {
  return encodeRle(cropRows(decodeRle(mask), mask.width, 1, part), part);
}

function cropImage({ width, data }: RgbaImage, part: Part): RgbaImage {
  return { width: part.width, height: part.height, data: cropRows(data, width, 4, part) };
}

/** A part of a picture of `channels` bytes a pixel, row-major. */
function cropRows<Bytes extends Uint8Array | Uint8ClampedArray>(
  data: Bytes,
  columns: number,
  channels: number,
  { left, top, width, height }: Part,
): Bytes {
  const part = data.slice(0, width * height * channels) as Bytes;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * columns + left) * channels;
    part.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return part;
}
