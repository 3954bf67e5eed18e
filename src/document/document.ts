import { isPlain, isSameEdge, type EdgeSettings } from '../core/edges/edgeSettings.ts';
import {
  includesFrame,
  withoutRange,
  withRange,
  type FrameRange,
  type FrameRanges,
} from '../core/frameRanges.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import { nextObjectColor } from '../core/objectColors.ts';
import { masksAround } from './masksAround.ts';
import { givenMask, hasPrompts, promptedProvenance, type FramePrompts } from '../core/prompts.ts';
import { provenance, type ModelVersion } from '../core/provenance.ts';
import { rleArea, type MaskRle } from '../core/rle.ts';
import { DEFAULT_SETTINGS, type Segmentation, type TrackSettings } from '../core/protocol/segmenter.ts';
import { endsOfKept, isKept, withoutReview, withReview } from './reviewed.ts';
import { stackedUnderCovered } from './stacking.ts';

/** An ID map has one byte for each pixel, and 0 is the background. */
export const MAX_OBJECTS = 255;

/** One thing to mask, with all that a person said of it and all masks that came of it. A value. */
export interface MaskObject {
  /** 1 to 255: the pixel value in exported ID maps. */
  readonly id: number;
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
  /** The prompts that each prompted mask was decoded from; where they are not the present ones, it is still to come. */
  readonly decoded: ReadonlyMap<number, FramePrompts>;
  readonly track: MaskTrack;
  /** Frames that neither prompts nor tracking may change. */
  readonly locked: FrameRanges;
  /**
   * Frames whose mask a person has found right: tracking does not change them. Other prompts on such a frame take it out. Absent
   * where there are none.
   */
  readonly reviewed?: FrameRanges;
  /** How the edge of its masks is shown and exported; as they have it where it is left out. */
  readonly edge?: EdgeSettings;
}

/** The work that a person does, and that undo walks through. A value: every change gives a new one. */
export interface MaskDocument {
  /** In drawing order: the last is on top. */
  readonly objects: readonly MaskObject[];
  /** The largest number that an object has had: late results and ways of looking at a deleted object meet no new one. */
  readonly lastId: number;
  /** How the next run tracks. */
  readonly settings: TrackSettings;
  /** Whether a run stops where a new shot begins. */
  readonly pausesAtShots: boolean;
  /** The last tracking run that this document's past contains. 0: none. */
  readonly trackRun: number;
}

export const EMPTY_DOCUMENT: MaskDocument = {
  objects: [],
  lastId: 0,
  settings: DEFAULT_SETTINGS,
  pausesAtShots: true,
  trackRun: 0,
};

/** The object with an id; nothing if there is none, or no id is given. */
export function findObject(document: MaskDocument, id: number | undefined): MaskObject | undefined {
  return document.objects.find((object) => object.id === id);
}

/** A document with one object changed; the same one if `change` gives the object back. */
export function changeObject(
  document: MaskDocument,
  id: number,
  change: (object: MaskObject) => MaskObject,
): MaskDocument {
  let changed = false;
  const objects = document.objects.map((object) => {
    const next = object.id === id ? change(object) : object;
    changed ||= next !== object;
    return next;
  });
  return changed ? { ...document, objects } : document;
}

/** The colour that the next object will have. */
export function nextColor({ objects }: MaskDocument): string {
  return nextObjectColor(objects.map(({ color }) => color));
}

/** A document with one more, empty object; unchanged if there are 255. */
export function withNewObject(document: MaskDocument): { document: MaskDocument; id: number | undefined } {
  const used = new Set(document.objects.map((object) => object.id));
  if (used.size >= MAX_OBJECTS) return { document, id: undefined };
  let id = document.lastId + 1;
  if (id > MAX_OBJECTS) for (id = 1; used.has(id); id++);
  const object: MaskObject = {
    id,
    name: `Object ${id}`,
    color: nextColor(document),
    prompts: new Map(),
    decoded: new Map(),
    track: MaskTrack.EMPTY,
    locked: [],
  };
  const lastId = Math.max(document.lastId, id);
  return { document: { ...document, objects: [...document.objects, object], lastId }, id };
}

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

/** A document without an object. */
export function withoutObject(document: MaskDocument, id: number): MaskDocument {
  return { ...document, objects: document.objects.filter((object) => object.id !== id) };
}

/** A document with an object renamed; the same one if the name is the same. */
export function withName(document: MaskDocument, id: number, name: string): MaskDocument {
  return changeObject(document, id, (object) => (object.name === name ? object : { ...object, name }));
}

/** A document with an object in another colour; the same one if the colour is the same. */
export function withColor(document: MaskDocument, id: number, color: string): MaskDocument {
  return changeObject(document, id, (object) => (object.color === color ? object : { ...object, color }));
}

/** A document with another edge of an object's masks; the same one if it is the same. */
export function withEdge(document: MaskDocument, id: number, edge: EdgeSettings): MaskDocument {
  return changeObject(document, id, (object) => {
    const { edge: former, ...rest } = object;
    if (isSameEdge(edge, former)) return object;
    return isPlain(edge) ? rest : { ...rest, edge };
  });
}

/** Puts an object at another place in the drawing order; unchanged if it is there, or if there is no such place. */
export function withPlace(document: MaskDocument, id: number, to: number): MaskDocument {
  const object = findObject(document, id);
  const isPlace = to >= 0 && to < document.objects.length;
  if (object === undefined || !isPlace || document.objects[to] === object) return document;
  const others = document.objects.filter((other) => other !== object);
  return { ...document, objects: others.toSpliced(to, 0, object) };
}

/** Locks a range of an object's frames, or unlocks it. */
export function withLock(
  document: MaskDocument,
  id: number,
  range: FrameRange,
  isLocked: boolean,
): MaskDocument {
  return changeObject(document, id, (object) => {
    const change = isLocked ? withRange : withoutRange;
    return { ...object, locked: change(object.locked, range) };
  });
}

/** Notes that an object's masks in a range are right, where they are true to the prompts; or that they are to be looked at again. */
export function withReviewed(
  document: MaskDocument,
  id: number,
  range: FrameRange,
  isRight: boolean,
): MaskDocument {
  return changeObject(document, id, (object) =>
    isRight ? withReview(object, range) : withoutReview(object, range),
  );
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

/** Whether anything would be lost with the document: something was said of an object, or it has masks. */
export function hasWork(document: MaskDocument): boolean {
  return document.objects.some(({ prompts, track }) => prompts.size > 0 || track.size > 0);
}

/** How much of a clip is masked, over all objects: masks that are stale, and frames that have none. */
export function coverage(document: MaskDocument, frameCount: number): { stale: number; missing: number } {
  let stale = 0;
  let missing = 0;
  for (const { track } of document.objects) {
    missing += frameCount - track.size;
    stale += track.counts.stale;
  }
  return { stale, missing };
}
