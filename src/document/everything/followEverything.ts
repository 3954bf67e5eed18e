import { throwIfAborted } from '../../core/errors.ts';
import type { FrameRange } from '../../core/frameRanges.ts';
import type { Proposal, TrackEvent, TrackRequest } from '../../core/protocol/segmenter.ts';
import type { MaskDocument } from '../document.ts';
import { withTrackedFrame, type TrackRun } from '../trackedFrame.ts';
import { planTracking } from '../trackPlan.ts';
import { stretchesOf } from './keyFrames.ts';
import { withNewThings } from './newThings.ts';

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

/** Where following everything has come. */
export interface EverythingState {
  readonly document: MaskDocument;
  /** Stretches that are done, and all. */
  readonly doneStretches: number;
  readonly totalStretches: number;
}

/**
 * Finds things and follows them through a clip, after the automatic masklets of the SAM 2 paper (section 5.1): things are looked for
 * where a shot begins and every so many frames; what is new is followed on, and at the shot's end back to its beginning. A masklet
 * stays in its shot.
 *
 * Yields after each stretch of frames; from such a state, a later call goes on to the same masklets.
 */
export async function* followEverything(
  { document, doneStretches }: Pick<EverythingState, 'document' | 'doneStretches'>,
  scope: EverythingScope,
  model: EverythingModel,
  signal: AbortSignal,
  onFrame: () => void = () => undefined,
): AsyncGenerator<EverythingState, void, undefined> {
  const stretches = stretchesOf(scope.range, scope.shots, scope.every);
  let next = document;
  for (const [at, stretch] of stretches.entries()) {
    if (at < doneStretches) continue;
    throwIfAborted(signal);
    next = withNewThings(next, stretch.first, await model.find(stretch.first, signal));
    // One frame further than the stretch: there it must be known what is new.
    next = await followed(next, {
      first: stretch.first,
      last: Math.min(stretch.last + 1, stretch.shot.last),
    });
    if (stretch.last === stretch.shot.last) next = await followed(next, stretch.shot);
    yield { document: next, doneStretches: at + 1, totalStretches: stretches.length };
  }

  /** The document once its objects of the stretch's shot have masks on all of some frames. */
  async function followed(before: MaskDocument, range: FrameRange): Promise<MaskDocument> {
    const request = requestFor(before, range, scope);
    if (request.objects.length === 0) return before;
    const run: TrackRun = { id: before.trackRun + 1, request, isCheck: false };
    let after: MaskDocument = { ...before, trackRun: run.id };
    for await (const event of model.track(request, signal)) {
      after = withTrackedFrame(after, run, event);
      onFrame();
    }
    return after;
  }
}

/** What is to be tracked of the objects of one shot so that they have masks on all frames of a range in it. */
function requestFor(
  { objects, settings }: MaskDocument,
  { first, last }: FrameRange,
  { frameCount, shots }: EverythingScope,
): TrackRequest {
  const shotStart = shots.findLast((start) => start <= first) ?? 0;
  const open = objects.filter(({ prompts, track }) => {
    const [born = Infinity] = prompts.keys();
    if (born > last || born < shotStart) return false;
    for (let frame = first; frame <= last; frame++) if (track.get(frame) === undefined) return true;
    return false;
  });
  const scope = { frameCount, range: { first, last }, playhead: first, selectedId: undefined, shots: [] };
  return { objects: planTracking(open, 'needed', scope).objects, settings };
}
