import { hasShape, type EdgeSettings } from '../core/edges/edgeSettings.ts';
import { shapedMask } from '../core/edges/edges.ts';
import type { FrameMasks, MaskedClip, ObjectMask } from '../core/maskedClip.ts';

/** A clip whose masks have the shape that their objects' edges ask for. */
export function withShapedMasks(clip: MaskedClip): MaskedClip {
  const edges = new Map(clip.objects.flatMap(({ id, edge }) => (edge ? [[id, edge] as const] : [])));
  return {
    ...clip,
    frameMasks: (signal) => shapedFrames(clip.frameMasks(signal), edges, (at) => clip.frames[at]?.number),
  };
}

/**
 * Masks in the shape that their edges ask for. Reads one frame ahead where an edge is steadied; frames whose neighbours are not among those that
 * are read are not steadied.
 * @param edges by object id
 * @param numberOf the number in the clip of a frame that is read
 */
export async function* shapedFrames(
  frames: AsyncIterable<FrameMasks>,
  edges: ReadonlyMap<number, EdgeSettings>,
  numberOf: (at: number) => number | undefined,
): AsyncGenerator<FrameMasks, void, undefined> {
  if (![...edges.values()].some(hasShape)) {
    yield* frames;
    return;
  }
  const masksOf = (frame: FrameMasks | undefined, beside: FrameMasks) => {
    const [number, other] = [numberOf(frame?.at ?? -1), numberOf(beside.at)];
    const isBeside = number !== undefined && other !== undefined && Math.abs(number - other) === 1;
    return isBeside ? frame?.masks : undefined;
  };
  let [former, present]: (FrameMasks | undefined)[] = [];
  const shaped = (frame: FrameMasks, next: FrameMasks | undefined): FrameMasks => {
    const [before, after] = [masksOf(former, frame), masksOf(next, frame)];
    const masks = new Map<number, ObjectMask>();
    for (const [id, entry] of frame.masks) {
      const neighbours = { before: before?.get(id)?.mask, after: after?.get(id)?.mask };
      masks.set(id, { ...entry, mask: shapedMask(entry.mask, edges.get(id), neighbours) });
    }
    return { at: frame.at, masks };
  };
  for await (const frame of frames) {
    if (present) yield shaped(present, frame);
    [former, present] = [present, frame];
  }
  if (present) yield shaped(present, undefined);
}
