import type { FrameMask, FrameStatus } from '../../core/frameMask.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import { DEFAULT_SETTINGS, type TrackEvent } from '../../core/protocol/segmenter.ts';
import { emptyRle, encodeRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, findObject, withNewObject, type MaskDocument } from '../document.ts';
import { pendingDecodes, withPrompts, withSegmentation } from '../promptedMasks.ts';
import type { TrackRun } from '../trackedFrame.ts';

/** Of the masks: two pixels by two. */
export const SIZE = { width: 2, height: 2 };
export const FULL = encodeRle(Uint8Array.of(1, 1, 1, 1), SIZE);
export const LEFT = encodeRle(Uint8Array.of(1, 0, 1, 0), SIZE);
export const point = (x: number): FramePrompts => ({ points: [{ x, y: 1, label: 1 }] });

/** A document with object 1, which is empty. */
export function withOneObject(): MaskDocument {
  return withNewObject(EMPTY_DOCUMENT).document;
}

/** The status of each frame of an object. */
export function statuses(document: MaskDocument, id = 1): Record<number, FrameStatus> {
  const entries = [...(findObject(document, id)?.track ?? [])];
  return Object.fromEntries(entries.map(([frame, { status }]: [number, FrameMask]) => [frame, status]));
}

/** A document in which prompts were given on a frame, and decoded: to the whole frame. */
export function prompted(document: MaskDocument, frame: number, prompts: FramePrompts, id = 1): MaskDocument {
  const next = withPrompts(document, id, frame, prompts);
  const decode = pendingDecodes(next).find((pending) => pending.objectId === id && pending.frame === frame);
  return decode ? withSegmentation(next, decode, { mask: FULL, score: 0.9 }) : next;
}

/** A run of all objects through the whole clip, and the document in whose past it is. */
export function runOf(document: MaskDocument, id = 7): { document: MaskDocument; run: TrackRun } {
  const objects = document.objects.map((object) => ({ objectId: object.id, prompts: object.prompts }));
  return {
    document: { ...document, trackRun: id },
    run: { id, request: { objects, settings: DEFAULT_SETTINGS }, isCheck: false },
  };
}

/** What a run says of object 1 on a frame: the left half, or nothing. */
export function tracked(frame: number, status: 'prompted' | 'tracked' | 'absent' = 'tracked'): TrackEvent {
  const mask = status === 'absent' ? emptyRle(SIZE) : LEFT;
  return { frame, doneFrames: 1, totalFrames: 3, objects: [{ objectId: 1, mask, score: 0.5, status }] };
}
