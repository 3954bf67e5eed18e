import { throwIfAborted } from '../../core/errors.ts';
import type { FrameRange } from '../../core/frameRanges.ts';
import type { Proposal, TrackEvent, TrackRequest } from '../../core/protocol/segmenter.ts';
import type { MaskDocument, MaskObject } from '../document.ts';
import { isKept } from '../reviewed.ts';
import { withTrackedFrame, type TrackRun } from '../trackedFrame.ts';
import { planTracking } from '../trackPlan.ts';
import { stretchesOf } from './keyFrames.ts';
import { newThings, withFound } from './newThings.ts';
import { withoutPoorMasklets } from './worthKeeping.ts';

/** Frames from one look for new things to the next. */
export const LOOK_EVERY = 15;

/** What following everything needs of a model. */
export interface EverythingModel {
  /** Masks of all things on a frame. */
  find(frame: number, signal: AbortSignal): Promise<readonly Proposal[]>;
  track(request: TrackRequest, signal: AbortSignal): AsyncIterable<TrackEvent>;
}

export interface EverythingScope {
  readonly frameCount: number;
  readonly range: FrameRange;
  /** First frames of new shots. */
  readonly shots: readonly number[];
  /** Frames from one look for new things to the next. */
  readonly every: number;
}

/** Where the document is that things are put into. A person may change it meanwhile. */
export interface Workplace {
  readonly document: MaskDocument;
  /** Puts something into the document, and into all that it may be undone to since the beginning. */
  change(change: (document: MaskDocument) => MaskDocument): void;
}

/** Where following everything begins: at the clip's beginning where nothing else is said. */
export interface EverythingStart {
  /** Stretches that were done before. */
  readonly doneStretches: number;
  /** What was found in them, as it was when it was found. */
  readonly found: readonly MaskObject[];
}

/** Where following everything has come. */
export interface EverythingState {
  readonly document: MaskDocument;
  /** Stretches that are done, and all. */
  readonly doneStretches: number;
  readonly totalStretches: number;
  /** Things for which there was no room. */
  readonly leftOut: number;
}

/** A workplace that nobody else changes. */
export function quietWorkplace(document: MaskDocument): Workplace {
  let present = document;
  return {
    get document() {
      return present;
    },
    change(change) {
      present = change(present);
    },
  };
}

/**
 * Finds things and follows them through a clip, after the automatic masklets of the SAM 2 paper (section 5.1): things are looked for
 * where a shot begins and every so many frames; what is new is followed on, and at the shot's end back to its beginning. A masklet
 * stays in its shot. At the shot's end, those that are not worth keeping are dropped, unless a person has worked on them. Objects that
 * were there before, or that a person adds meanwhile, stay as they are.
 *
 * Yields after each stretch of frames; from such a state, a later call goes on to the same masklets.
 */
export async function* followEverything(
  place: Workplace,
  scope: EverythingScope,
  model: EverythingModel,
  signal: AbortSignal,
  { doneStretches, found: foundBefore }: EverythingStart = { doneStretches: 0, found: [] },
): AsyncGenerator<EverythingState, void, undefined> {
  const stretches = stretchesOf(scope.range, scope.shots, scope.every);
  /** What was found, as it was then. */
  const found = new Map(foundBefore.map((object) => [object.id, object]));
  let leftOut = 0;
  for (const [at, stretch] of stretches.entries()) {
    if (at < doneStretches) continue;
    throwIfAborted(signal);
    await look(stretch.first);
    // One frame further than the stretch: there it must be known what is new.
    await follow({ first: stretch.first, last: Math.min(stretch.last + 1, stretch.shot.last) }, stretch.shot);
    if (stretch.last === stretch.shot.last) {
      await follow(stretch.shot, stretch.shot);
      if (found.size > 0)
        place.change((document) =>
          withoutPoorMasklets(
            document,
            stretch.shot.last - stretch.shot.first + 1,
            (object) => wasBornIn(object, stretch.shot) && isUntouched(object, found.get(object.id)),
          ),
        );
    }
    yield { document: place.document, doneStretches: at + 1, totalStretches: stretches.length, leftOut };
  }

  /** Puts in what is new on a frame. */
  async function look(frame: number): Promise<void> {
    const proposals = await model.find(frame, signal);
    throwIfAborted(signal);
    const things = newThings(place.document, frame, proposals);
    leftOut += things.leftOut;
    if (things.objects.length === 0) return;
    for (const object of things.objects) found.set(object.id, object);
    place.change((document) => withFound(document, frame, things.objects));
  }

  /** Gives what was found in a shot masks on all of some frames. */
  async function follow(range: FrameRange, shot: FrameRange): Promise<void> {
    const { objects, settings, trackRun } = place.document;
    const ours = objects.filter((object) => found.has(object.id) && wasBornIn(object, shot));
    const request: TrackRequest = { objects: planOf(ours, range, scope.frameCount), settings };
    if (request.objects.length === 0) return;
    const run: TrackRun = { id: trackRun, request, isCheck: false };
    for await (const event of model.track(request, signal))
      place.change((document) => withTrackedFrame(document, run, event));
    throwIfAborted(signal);
  }
}

/** What is to be tracked of objects so that they have masks on all frames of a range. */
function planOf(
  objects: readonly MaskObject[],
  { first, last }: FrameRange,
  frameCount: number,
): TrackRequest['objects'] {
  const open = objects.filter((object) => {
    for (let frame = first; frame <= last; frame++)
      if (object.track.get(frame) === undefined && !isKept(object, frame)) return true;
    return false;
  });
  const scope = { frameCount, range: { first, last }, playhead: first, selectedId: undefined, shots: [] };
  return planTracking(open, 'needed', scope).objects;
}

function wasBornIn({ prompts }: MaskObject, { first, last }: FrameRange): boolean {
  const [born = Infinity] = prompts.keys();
  return first <= born && born <= last;
}

/** Whether an object is as it was when it was found, but for the masks that it got since. */
function isUntouched(object: MaskObject, then: MaskObject | undefined): boolean {
  return (
    object.prompts === then?.prompts &&
    object.name === then.name &&
    object.color === then.color &&
    object.locked === then.locked &&
    object.reviewed === undefined
  );
}
