import { hasShape } from '../core/edges/edgeSettings.ts';
import { shapedMask } from '../core/edges/edges.ts';
import type { MaskedClip, ObjectMask } from '../core/maskedClip.ts';

/** A clip whose masks have the shape that their objects' edges ask for. */
export function withShapedMasks(clip: MaskedClip): MaskedClip {
  const edges = new Map(
    clip.objects.flatMap(({ id, edge }) => (edge && hasShape(edge) ? [[id, edge] as const] : [])),
  );
  if (edges.size === 0) return clip;
  return {
    ...clip,
    async *frameMasks(signal) {
      for await (const { at, masks } of clip.frameMasks(signal)) {
        const shaped = new Map<number, ObjectMask>();
        for (const [id, entry] of masks)
          shaped.set(id, { ...entry, mask: shapedMask(entry.mask, edges.get(id)) });
        yield { at, masks: shaped };
      }
    },
  };
}
