import type { Size } from '../../src/core/geometry.ts';
import { rleArea, rleCentroid, type MaskRle } from '../../src/core/rle.ts';
import { cropImage, cropMask, type Crop } from '../../workers/tracker/detail/crop.ts';
import { hashOf } from '../node/contentHash.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';
import { changedFrames } from './painting.ts';

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

function partOf(first: MaskRle, shape: Size): Crop {
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
