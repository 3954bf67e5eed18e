import type { FrameRange } from '../core/frameRanges.ts';
import type { FrameMask } from '../core/frameMask.ts';
import type { MaskToDetail } from '../core/protocol/segmenter.ts';
import { provenance, type ModelVersion } from '../core/provenance.ts';
import { apartFrom, rleArea, type MaskRle } from '../core/rle.ts';
import { changeObject, findObject, type MaskDocument, type MaskObject } from './document.ts';
import { isKept } from './reviewed.ts';

/**
 * The masks of an object that the detail pass is to look at, in order: those that tracking made and that are true to the prompts. What a
 * person prompted, locked or found right, or imported, is not among them; nor is what an earlier pass has changed.
 */
export function planDetail(document: MaskDocument, id: number, { first, last }: FrameRange): MaskToDetail[] {
  const object = findObject(document, id);
  if (object === undefined) return [];
  const masks: MaskToDetail[] = [];
  for (let frame = first; frame <= last; frame++) {
    const mask = detailable(object, frame)?.mask;
    if (mask && rleArea(mask) > 0)
      masks.push({ frame, mask, beside: masksBeside(document, id, frame, mask) });
  }
  return masks;
}

/** A document with a mask as it is in detail; the same one where the object has another mask there by now, or one that stays. */
export function withDetail(
  document: MaskDocument,
  id: number,
  { frame, mask: former }: MaskToDetail,
  { mask, model }: { readonly mask: MaskRle; readonly model?: ModelVersion | undefined },
): MaskDocument {
  return changeObject(document, id, (object) => {
    const entry = detailable(object, frame);
    if (entry?.mask !== former) return object;
    const detailed: FrameMask = {
      ...entry,
      ...{ mask, status: 'detailed', provenance: provenance('detail', model) },
    };
    return { ...object, track: object.track.with([[frame, detailed]]) };
  });
}

/** What the object has on a frame, if tracking made it, and may change it. Only a mask that was imported has no origin. */
function detailable(object: MaskObject, frame: number): FrameMask | undefined {
  const entry = object.track.get(frame);
  const isTracked = entry?.status === 'tracked' || entry?.status === 'interpolated';
  return isTracked && entry.origin !== undefined && !isKept(object, frame) ? entry : undefined;
}

/** The masks of other objects on a frame that share no pixel with this one: it takes nothing from them. */
function masksBeside(
  { objects, settings }: MaskDocument,
  id: number,
  frame: number,
  mask: MaskRle,
): MaskRle[] {
  if (settings.allowOverlap) return [];
  const others = objects.flatMap((other) => (other.id === id ? [] : (other.track.get(frame)?.mask ?? [])));
  return apartFrom(mask, others);
}
