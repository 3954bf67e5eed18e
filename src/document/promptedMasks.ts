import { includesFrame } from '../core/frameRanges.ts';
import type { MaskTrack } from '../core/maskTrack.ts';
import { givenMask, hasPrompts, promptedProvenance, type FramePrompts } from '../core/prompts.ts';
import type { Segmentation } from '../core/protocol/segmenter.ts';
import { provenance, type ModelVersion } from '../core/provenance.ts';
import { rleArea, type MaskRle } from '../core/rle.ts';
import { changeObject, findObject, withNewObject, type MaskDocument, type MaskObject } from './document.ts';
import { masksAround } from './masksAround.ts';
import { endsOfKept, isKept, withoutReview } from './reviewed.ts';
import { stackedUnderCovered } from './stacking.ts';

/** A document with one more object, whose mask on a frame is given; unchanged if there are 255. @param model that made the mask, if one did */
export function withMaskObject(
  document: MaskDocument,
  frame: number,
  mask: MaskRle,
  model?: ModelVersion,
): { document: MaskDocument; id: number | undefined } {
  const { document: next, id } = withNewObject(document);
  if (id === undefined) return { document, id };
  return { document: withPrompts(next, id, frame, maskPrompts(mask, model)), id };
}

/** Prompts that give a mask as it is. @param model that made it, if one did */
export function maskPrompts(mask: MaskRle, model?: ModelVersion): FramePrompts {
  return { points: [], mask, ...(model && { maskProvenance: provenance('mask', model) }) };
}

/**
 * The track once something else is said on `frame`: the frames that tracking reached by way of it are stale, as far as the
 * nearest frames that are locked or reviewed.
 */
function staleBeyond(object: MaskObject, frame: number): MaskTrack {
  const ends = endsOfKept(object);
  const above = Math.min(Infinity, ...ends.filter((end) => end > frame));
  const below = Math.max(-Infinity, ...ends.filter((end) => end < frame));
  return object.track.stale(
    (at, { origin }) => at > below && at < above && !isKept(object, at) && isOnTheWay(frame, origin, at),
  );
}

/** Whether tracking from `origin` to a frame came by `frame`; it may have where the origin is not known. */
export function isOnTheWay(frame: number, origin: number | undefined, to: number): boolean {
  if (origin === undefined) return true;
  return (origin <= frame && frame <= to) || (to <= frame && frame <= origin);
}

/**
 * Changes what was said of an object on one frame, unless it is locked. Tracked frames that follow from it become stale. The
 * frame keeps the mask that it shows until the new one is decoded; one that was given is there at once. The first prompts on a tracked frame correct what is there: they take its mask along
 * as `prior`, and masks of other frames as `around`. Without prompts, the frame loses the mask that came of them and gets that one back.
 */
export function withPrompts(
  document: MaskDocument,
  id: number,
  frame: number,
  prompts: FramePrompts,
): MaskDocument {
  const next = changeObject(document, id, (given) => {
    if (includesFrame(given.locked, frame)) return given;
    const object = withoutReview(given, { first: frame, last: frame });
    const all = new Map(object.prompts);
    const before = object.track.get(frame);
    if (hasPrompts(prompts)) {
      const corrects = before && before.status !== 'prompted' && rleArea(before.mask) > 0;
      const isFirst = corrects && !all.has(frame);
      const own = isFirst
        ? {
            ...prompts,
            ...{ prior: before.mask, around: masksAround(object, frame) },
            ...(before.provenance && { priorProvenance: before.provenance }),
          }
        : prompts;
      all.set(frame, own);
      const track = staleBeyond(object, frame);
      const mask = givenMask(own);
      if (mask === undefined) return { ...object, prompts: all, track };
      return {
        ...object,
        prompts: all,
        decoded: new Map(object.decoded).set(frame, own),
        track: track.with([
          [frame, { mask, status: 'prompted', score: 1, provenance: promptedProvenance(own, undefined) }],
        ]),
      };
    }
    all.delete(frame);
    const decoded = new Map(object.decoded);
    decoded.delete(frame);
    const track = staleBeyond(object, frame);
    if (before?.status !== 'prompted') return { ...object, prompts: all, decoded, track };
    const { prior, priorProvenance } = object.prompts.get(frame) ?? {};
    const { provenance: _, ...rest } = before;
    const known = priorProvenance && { provenance: priorProvenance };
    const restored = prior
      ? track.with([[frame, { ...rest, ...known, mask: prior, status: 'stale' }]])
      : track.without(frame);
    return { ...object, prompts: all, decoded, track: restored };
  });
  return givenMask(prompts) ? stacked(next, id, frame, document) : next;
}

/** Takes an object's mask and prompts away from a frame, unless it is locked. Tracked frames that follow from it become stale. */
export function withoutFrame(document: MaskDocument, id: number, frame: number): MaskDocument {
  return changeObject(document, id, (given) => {
    if (includesFrame(given.locked, frame)) return given;
    const object = withoutReview(given, { first: frame, last: frame });
    const [prompts, decoded] = [new Map(object.prompts), new Map(object.decoded)];
    const wasPrompted = prompts.delete(frame);
    decoded.delete(frame);
    const track = (wasPrompted ? staleBeyond(object, frame) : object.track).without(frame);
    return { ...object, ...(wasPrompted && { prompts, decoded }), track };
  });
}

/** A document in which an object whose first mask has come lies under those that the mask covers. */
function stacked(document: MaskDocument, id: number, frame: number, former: MaskDocument): MaskDocument {
  if (document === former) return document;
  const before = findObject(former, id)?.track.get(frame)?.mask;
  const objects = stackedUnderCovered(document.objects, id, frame, before);
  return objects === document.objects ? document : { ...document, objects };
}

/** A mask that is still to be decoded: its prompts changed since, or were never decoded. */
export interface PendingDecode {
  readonly objectId: number;
  readonly frame: number;
  readonly prompts: FramePrompts;
}

/** All masks that are still to be decoded, of every object and frame. */
export function pendingDecodes(document: MaskDocument): PendingDecode[] {
  const pending: PendingDecode[] = [];
  for (const object of document.objects) {
    for (const [frame, prompts] of object.prompts) {
      if (object.decoded.get(frame) !== prompts) pending.push({ objectId: object.id, frame, prompts });
    }
  }
  return pending;
}

/** Puts in a decoded mask, if the prompts that it was decoded from are still the frame's. An object's first mask goes under those that it covers. */
export function withSegmentation(
  document: MaskDocument,
  { objectId, frame, prompts }: PendingDecode,
  { mask, score, model }: Segmentation,
): MaskDocument {
  const next = changeObject(document, objectId, (object) => {
    if (object.prompts.get(frame) !== prompts || object.decoded.get(frame) === prompts) return object;
    return {
      ...object,
      decoded: new Map(object.decoded).set(frame, prompts),
      track: object.track.with([
        [frame, { mask, status: 'prompted', score, provenance: promptedProvenance(prompts, model) }],
      ]),
    };
  });
  return stacked(next, objectId, frame, document);
}

/**
 * The document for another model: prompts are to be decoded anew, and what was tracked is stale, but for frames that are locked or
 * reviewed.
 */
export function withoutMasksOfModel(document: MaskDocument): MaskDocument {
  return {
    ...document,
    objects: document.objects.map((object) => ({
      ...object,
      decoded: new Map(Array.from(object.decoded).filter(([frame]) => isKept(object, frame))),
      track: object.track.stale((frame) => !isKept(object, frame)),
    })),
  };
}
