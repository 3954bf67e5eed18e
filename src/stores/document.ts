import { MaskTrack, type FrameMask } from '../core/maskTrack.ts';
import { nextObjectColor } from '../core/objectColors.ts';
import { hasPrompts, type FramePrompts } from '../core/prompts.ts';
import { rleArea } from '../core/rle.ts';
import {
  DEFAULT_SETTINGS,
  type Segmentation,
  type TrackEvent,
  type TrackRequest,
  type TrackSettings,
} from '../core/protocol.ts';

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
}

/** The work that a person does, and that undo walks through. A value: every change gives a new one. */
export interface MaskDocument {
  /** In drawing order: the last is on top. */
  readonly objects: readonly MaskObject[];
  /** How the next run tracks. */
  readonly settings: TrackSettings;
  /** The last tracking run that this document's past contains. 0: none. */
  readonly trackRun: number;
}

export const EMPTY_DOCUMENT: MaskDocument = { objects: [], settings: DEFAULT_SETTINGS, trackRun: 0 };

export function findObject(document: MaskDocument, id: number | undefined): MaskObject | undefined {
  return document.objects.find((object) => object.id === id);
}

function changeObject(
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

/** A document with one more, empty object; unchanged if there are 255. */
export function withNewObject(document: MaskDocument): { document: MaskDocument; id: number | undefined } {
  const used = new Set(document.objects.map((object) => object.id));
  if (used.size >= MAX_OBJECTS) return { document, id: undefined };
  let id = Math.max(0, ...used) + 1;
  if (id > MAX_OBJECTS) for (id = 1; used.has(id); id++);
  const object: MaskObject = {
    id,
    name: `Object ${id}`,
    color: nextObjectColor(document.objects.map((other) => other.color)),
    prompts: new Map(),
    decoded: new Map(),
    track: MaskTrack.EMPTY,
  };
  return { document: { ...document, objects: [...document.objects, object] }, id };
}

export function withoutObject(document: MaskDocument, id: number): MaskDocument {
  return { ...document, objects: document.objects.filter((object) => object.id !== id) };
}

export function withName(document: MaskDocument, id: number, name: string): MaskDocument {
  return changeObject(document, id, (object) => (object.name === name ? object : { ...object, name }));
}

/**
 * Changes what was said of an object on one frame. Its tracked frames become stale. The frame keeps the mask that it
 * shows until the new one is decoded. The first prompts on a tracked frame correct what is there: they take its mask along
 * as `prior`. Without prompts, the frame loses the mask that came of them and gets that one back.
 */
export function withPrompts(
  document: MaskDocument,
  id: number,
  frame: number,
  prompts: FramePrompts,
): MaskDocument {
  return changeObject(document, id, (object) => {
    const all = new Map(object.prompts);
    const before = object.track.get(frame);
    if (hasPrompts(prompts)) {
      const corrects = before && before.status !== 'prompted' && rleArea(before.mask) > 0;
      all.set(frame, corrects && !all.has(frame) ? { ...prompts, prior: before.mask } : prompts);
      return { ...object, prompts: all, track: object.track.stale() };
    }
    all.delete(frame);
    const decoded = new Map(object.decoded);
    decoded.delete(frame);
    if (before?.status !== 'prompted')
      return { ...object, prompts: all, decoded, track: object.track.stale() };
    const prior = object.prompts.get(frame)?.prior;
    const track = prior
      ? object.track.with([[frame, { ...before, mask: prior, status: 'stale' }]])
      : object.track.without(frame);
    return { ...object, prompts: all, decoded, track: track.stale() };
  });
}

/** A mask that is still to be decoded: its prompts changed since, or were never decoded. */
export interface PendingDecode {
  readonly objectId: number;
  readonly frame: number;
  readonly prompts: FramePrompts;
}

export function pendingDecodes(document: MaskDocument): PendingDecode[] {
  const pending: PendingDecode[] = [];
  for (const object of document.objects) {
    for (const [frame, prompts] of object.prompts) {
      if (object.decoded.get(frame) !== prompts) pending.push({ objectId: object.id, frame, prompts });
    }
  }
  return pending;
}

/** Puts in a decoded mask, if the prompts that it was decoded from are still the frame's. */
export function withSegmentation(
  document: MaskDocument,
  { objectId, frame, prompts }: PendingDecode,
  { mask, score }: Segmentation,
): MaskDocument {
  return changeObject(document, objectId, (object) => {
    if (object.prompts.get(frame) !== prompts || object.decoded.get(frame) === prompts) return object;
    return {
      ...object,
      decoded: new Map(object.decoded).set(frame, prompts),
      track: object.track.with([[frame, { mask, status: 'prompted', score }]]),
    };
  });
}

/** The document for another model: all prompts are to be decoded anew, and what was tracked is stale. */
export function withoutMasksOfModel(document: MaskDocument): MaskDocument {
  return {
    ...document,
    objects: document.objects.map((object) => ({
      ...object,
      decoded: new Map(),
      track: object.track.stale(),
    })),
  };
}

/** What a tracking run follows. Prompts are values: the same map means that nothing was said since. */
export interface TrackRun {
  readonly id: number;
  readonly request: TrackRequest;
}

/**
 * The objects that a run should follow: those with prompts that are not fresh on every frame; all that have prompts if
 * none is left to do.
 */
export function objectsToTrack(document: MaskDocument, frameCount: number): readonly MaskObject[] {
  const prompted = document.objects.filter((object) => object.prompts.size > 0);
  const unfinished = prompted.filter((object) => !object.track.isFresh(frameCount));
  return unfinished.length > 0 ? unfinished : prompted;
}

/**
 * Puts in the masks of one tracked frame, if the document's past contains the run. Masks of an object whose prompts
 * changed during the run are stale from the start, and never replace a mask that was prompted since.
 */
export function withTrackedFrame(document: MaskDocument, run: TrackRun, event: TrackEvent): MaskDocument {
  if (document.trackRun !== run.id) return document;
  let next = document;
  for (const { objectId, mask, score, status } of event.objects) {
    const followed = run.request.objects.find((object) => object.objectId === objectId)?.prompts;
    if (followed === undefined) continue;
    next = changeObject(next, objectId, (object) => {
      const present = object.prompts.get(event.frame);
      if (present !== followed.get(event.frame)) return object;
      const isCurrent = object.prompts === followed || status === 'prompted';
      const entry: FrameMask = { mask, score, status: isCurrent ? status : 'stale' };
      const track = object.track.with([[event.frame, entry]]);
      if (present === undefined || status !== 'prompted') return { ...object, track };
      return { ...object, track, decoded: new Map(object.decoded).set(event.frame, present) };
    });
  }
  return next;
}

/** How much of a clip is masked, over all objects: masks that are stale, and frames that have none. */
export function coverage(document: MaskDocument, frameCount: number): { stale: number; missing: number } {
  let stale = 0;
  let missing = 0;
  for (const { track } of document.objects) {
    missing += frameCount - track.size;
    for (const [, { status }] of track) if (status === 'stale') stale++;
  }
  return { stale, missing };
}
