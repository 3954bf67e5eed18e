import type { FrameContent } from '../../../src/core/frames.ts';
import type { TrackedObject } from '../../../src/core/protocol/segmenter.ts';
import { apartFrom, rleArea } from '../../../src/core/rle.ts';
import { detailMask, type DetailModel } from './detailMask.ts';

/**
 * The objects of a tracked frame, each with its mask in detail where that is surely better. Masks that share no pixel go on sharing none,
 * unless masks may overlap.
 */
export async function detailObjects(
  model: DetailModel,
  frame: FrameContent,
  objects: readonly TrackedObject[],
  mayOverlap: boolean,
): Promise<TrackedObject[]> {
  const detailed = [...objects];
  for (const [at, object] of objects.entries()) {
    if (object.status !== 'tracked' || rleArea(object.mask) === 0) continue;
    const others = detailed.flatMap(({ mask }, i) => (i === at ? [] : [mask]));
    const beside = mayOverlap ? [] : apartFrom(object.mask, others);
    const mask = await detailMask(model, frame, { mask: object.mask, beside });
    if (mask) detailed[at] = { ...object, mask, status: 'detailed' };
  }
  return detailed;
}
