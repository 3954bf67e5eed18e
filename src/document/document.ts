import { isPlain, isSameEdge, type EdgeSettings } from '../core/edges/edgeSettings.ts';
import { withoutRange, withRange, type FrameRange, type FrameRanges } from '../core/frameRanges.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import { nextObjectColor } from '../core/objectColors.ts';
import type { FramePrompts } from '../core/prompts.ts';
import { DEFAULT_SETTINGS, type TrackSettings } from '../core/protocol/segmenter.ts';
import { withoutReview, withReview } from './reviewed.ts';

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
