import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import { disagrees } from '../../core/doubt.ts';
import type { TrackEvent, TrackRequest } from '../../core/protocol/segmenter.ts';
import { planCheck } from '../../document/checkPlan.ts';
import { findObject } from '../../document/document.ts';
import { FrameRate } from './frameRate.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { amendDocuments, commitDocument, currentDocument, objectsStore } from './objectsStore.ts';
import { activeRange, pause, playbackStore, setFrame } from '../clip/playbackStore.ts';
import { restarts } from '../workers/restarts.ts';
import { withTrackedFrame, type TrackRun } from '../../document/trackedFrame.ts';
import { comesToNewShot, planTracking, type TrackScope, type TrackWay } from '../../document/trackPlan.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

export interface TrackingProgress {
  readonly doneFrames: number;
  /** Nothing until the first frame is done. */
  readonly totalFrames: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  /** Of a check: the frames so far on which its mask is another one. */
  readonly differing: number | undefined;
}

/** `follow`: the playhead goes to each frame as it is done. `paused`: at a shot change; another run goes on. */
export type TrackingState =
  | { readonly phase: 'idle' }
  | ({ readonly phase: 'running'; readonly follow: boolean } & TrackingProgress)
  | ({ readonly phase: 'done' | 'paused' | 'cancelled' | 'failed' } & TrackingProgress);

const NO_PROGRESS: TrackingProgress = {
  doneFrames: 0,
  totalFrames: undefined,
  framesPerSecond: undefined,
  secondsLeft: undefined,
  differing: undefined,
};

export const trackingStore = createStore<TrackingState>(() => ({ phase: 'idle' }));

let lastRunId = 0;
let running: AbortController | undefined;

/** Follows the objects that need it; `check`: tracks the selected object back, and compares. What is done stays, however it ends. */
export async function startTracking(way: TrackWay | 'check'): Promise<void> {
  const { clip, shots } = videoStore.getState();
  if (clip === undefined || running !== undefined) return;
  const { objects: all, settings, pausesAtShots } = currentDocument();
  const plannedShots = pausesAtShots ? shots : [];
  const isCheck = way === 'check';
  const scope: TrackScope = {
    frameCount: clip.info.frameCount,
    range: activeRange(),
    playhead: playbackStore.getState().frame,
    selectedId: objectsStore.getState().selectedId,
    shots: plannedShots,
  };
  const { objects, isCut } = isCheck ? planCheck(all, scope) : planTracking(all, way, scope);
  if (objects.length === 0) {
    notify(
      isCheck
        ? 'There is nothing to check: the selected object has too few tracked frames there, or they are stale or locked.'
        : 'There is nothing to track: the frames there are locked, or there are none.',
    );
    return;
  }
  const request: TrackRequest = { objects, settings };
  const run: TrackRun = { id: ++lastRunId, request, isCheck };
  const controller = new AbortController();
  running = controller;
  pause();
  trackingStore.setState(
    { phase: 'running', follow: true, ...NO_PROGRESS, ...(isCheck && { differing: 0 }) },
    true,
  );

  let isInDocument = false;
  const unwatch = objectsStore.subscribe(() => {
    const document = currentDocument();
    const isUndone = isInDocument && document.trackRun !== run.id;
    const isAlone = !document.objects.some(({ id }) =>
      request.objects.some(({ objectId }) => objectId === id),
    );
    if (isUndone || isAlone) controller.abort();
  });
  let before: number | undefined;
  const rate = new FrameRate();
  rate.add(performance.now());
  try {
    for await (const event of segmenter.track(request, controller.signal)) {
      if (controller.signal.aborted) break;
      restarts.segmenter.succeeded();
      if (!isInDocument)
        commitDocument({ ...currentDocument(), trackRun: run.id }, isCheck ? 'check' : 'track');
      isInDocument = true;
      amendDocuments((document) => withTrackedFrame(document, run, event));
      rate.add(performance.now());
      advance(event, rate);
      if (
        pausesAtShots &&
        !isCheck &&
        comesToNewShot(before, event.frame, videoStore.getState().shots, plannedShots)
      ) {
        finish('paused');
        controller.abort();
        break;
      }
      before = event.frame;
    }
    finish(controller.signal.aborted ? 'cancelled' : isCut ? 'paused' : 'done');
  } catch (thrown) {
    finish(toMaskletError(thrown).code === 'aborted' ? 'cancelled' : 'failed');
    notifyError(thrown);
  } finally {
    unwatch();
    running = undefined;
    if (videoStore.getState().clip !== clip) trackingStore.setState({ phase: 'idle' }, true);
  }
}

function advance({ frame, objects, doneFrames, totalFrames }: TrackEvent, rate: FrameRate): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const differs = objects.some(({ objectId }) => {
    const entry = findObject(currentDocument(), objectId)?.track.get(frame);
    return entry !== undefined && disagrees(entry);
  });
  trackingStore.setState({
    ...state,
    doneFrames,
    totalFrames,
    framesPerSecond: rate.framesPerSecond,
    secondsLeft: rate.secondsFor(totalFrames - doneFrames),
    differing: state.differing === undefined ? undefined : state.differing + Number(differs),
  });
  if (state.follow) setFrame(frame);
}

function finish(phase: 'done' | 'paused' | 'cancelled' | 'failed'): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const { doneFrames, totalFrames, framesPerSecond, differing } = state;
  trackingStore.setState(
    { phase, doneFrames, totalFrames, framesPerSecond, secondsLeft: undefined, differing },
    true,
  );
}

/** Ends the run that is going on. The masks that it made stay. */
export function cancelTracking(): void {
  running?.abort();
}

/** Leaves the playhead where the person puts it, for the rest of the run. */
export function stopFollowing(): void {
  const state = trackingStore.getState();
  if (state.phase === 'running' && state.follow) trackingStore.setState({ ...state, follow: false });
}

/** Puts the playhead where the person wants it. */
export function seek(frame: number): void {
  stopFollowing();
  pause();
  setFrame(frame);
}

/**
 * The frame that the person means by a gesture on the stage: where the playhead moves by itself, it stops at the frame
 * that they see.
 */
export function frameUnderHand(): number {
  const { frame, shownFrame, playing } = playbackStore.getState();
  const tracking = trackingStore.getState();
  const isMoving = playing || (tracking.phase === 'running' && tracking.follow);
  const meant = isMoving ? (shownFrame ?? frame) : frame;
  if (isMoving) seek(meant);
  return meant;
}
