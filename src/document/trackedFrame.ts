import type { FrameMask } from '../core/frameMask.ts';
import { promptedProvenance, type FramePrompts } from '../core/prompts.ts';
import { provenance, type ModelVersion, type Provenance } from '../core/provenance.ts';
import { rleIou, subtractRle, type MaskRle } from '../core/rle.ts';
import type {
  ObjectToTrack,
  TrackedObject,
  TrackEvent,
  TrackRequest,
  TrackSpan,
} from '../core/protocol/segmenter.ts';
import { isKept } from './reviewed.ts';
import { changeObject, type MaskDocument, type MaskObject } from './document.ts';
import { isOnTheWay } from './promptedMasks.ts';

/** What a tracking run follows. Prompts are values: the same map means that nothing was said since. */
export interface TrackRun {
  readonly id: number;
  readonly request: TrackRequest;
  /** Compares its masks with those that are there, and leaves these as they are. */
  readonly isCheck: boolean;
}

/**
 * Puts in the masks of one tracked frame, if the document's past contains the run. Masks that follow from prompts which
 * changed during the run are stale from the start, and never replace a mask that was prompted since, locked or reviewed. Masks are put in
 * whole, whatever other objects have there: the order of the list decides who is seen.
 */
export function withTrackedFrame(document: MaskDocument, run: TrackRun, event: TrackEvent): MaskDocument {
  if (document.trackRun !== run.id) return document;
  const beside = run.isCheck ? masksBeside(document, event) : [];
  let next = document;
  for (const { objectId, mask, score, status } of event.objects) {
    const request = run.request.objects.find((object) => object.objectId === objectId);
    if (request === undefined) continue;
    next = changeObject(next, objectId, (object) =>
      run.isCheck
        ? withAgreement(object, request, event.frame, mask, beside)
        : withMask(object, request, event, { objectId, mask, score, status }),
    );
  }
  return next;
}

/**
 * Whether a run has nothing left to put its masks into: undo has taken it away, or all that it follows was deleted.
 *
 * @param wasThere whether the document had the run before
 */
export function isRunGone({ trackRun, objects }: MaskDocument, run: TrackRun, wasThere: boolean): boolean {
  const followed = new Set(run.request.objects.map(({ objectId }) => objectId));
  return (wasThere && trackRun !== run.id) || !objects.some(({ id }) => followed.has(id));
}

/** The masks on a frame of objects that the run does not follow there. */
function masksBeside({ objects }: MaskDocument, { frame, objects: followed }: TrackEvent): MaskRle[] {
  const ids = new Set(followed.map(({ objectId }) => objectId));
  return objects.flatMap(({ id, track }) => (ids.has(id) ? [] : (track.get(frame)?.mask ?? [])));
}

function withMask(
  object: MaskObject,
  { prompts: followed, spans }: ObjectToTrack,
  { frame, model }: TrackEvent,
  { mask, score, status }: TrackedObject,
): MaskObject {
  const present = object.prompts.get(frame);
  if (isKept(object, frame) || present !== followed.get(frame)) return object;
  const origin = spans?.find((span) => isInSpan(span, frame))?.origin;
  const former = object.track.get(frame);
  const isCurrent =
    status === 'prompted' ||
    !changedFrames(followed, object.prompts).some((changed) => isOnTheWay(changed, origin, frame));
  const entry: FrameMask = {
    ...{ mask, score, status: isCurrent ? status : 'stale' },
    provenance: trackedProvenance(status, present, model),
    ...(origin !== undefined && status !== 'prompted' && { origin }),
    ...(former?.status === 'tracked' && status === 'tracked' && { agreement: rleIou(former.mask, mask) }),
  };
  const track = object.track.with([[frame, entry]]);
  if (present === undefined || status !== 'prompted') return { ...object, track };
  return { ...object, track, decoded: new Map(object.decoded).set(frame, present) };
}

/** Where a mask of a run comes from. @param prompts of its frame; nothing where the run has found the thing by itself */
export function trackedProvenance(
  status: TrackedObject['status'],
  prompts: FramePrompts | undefined,
  model: ModelVersion | undefined,
): Provenance {
  if (status === 'prompted') return prompts ? promptedProvenance(prompts, model) : provenance('mask', model);
  if (status === 'interpolated') return provenance('interpolation', model);
  return provenance(status === 'detailed' ? 'detail' : 'track', model);
}

/**
 * Notes how well a tracked mask agrees with that of a check, if nothing else was said of the object meanwhile. Pixels of other
 * objects do not count: the run that made the mask may have given them to those.
 */
function withAgreement(
  object: MaskObject,
  { prompts: followed }: ObjectToTrack,
  frame: number,
  mask: MaskRle,
  beside: readonly MaskRle[],
): MaskObject {
  const entry = object.track.get(frame);
  if (object.prompts !== followed || !entry || entry.status === 'prompted' || entry.status === 'stale')
    return object;
  const agreement = rleIou(subtractRle(entry.mask, beside), subtractRle(mask, beside));
  return { ...object, track: object.track.with([[frame, { ...entry, agreement }]]) };
}

/** The frames on which two sets of prompts differ. */
function changedFrames(a: MaskObject['prompts'], b: MaskObject['prompts']): number[] {
  if (a === b) return [];
  return [...new Set([...a.keys(), ...b.keys()])].filter((frame) => a.get(frame) !== b.get(frame));
}

function isInSpan({ first, last }: TrackSpan, frame: number): boolean {
  return Math.min(first, last) <= frame && frame <= Math.max(first, last);
}
