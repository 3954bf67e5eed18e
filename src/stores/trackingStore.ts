import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../core/errors.ts';
import type { TrackEvent, TrackRequest } from '../core/protocol.ts';
import { withTrackedFrame, type TrackRun } from './document.ts';
import { FrameRate } from './frameRate.ts';
import { notify, notifyError } from './noticesStore.ts';
import { amendDocuments, commitDocument, currentDocument, objectsStore } from './objectsStore.ts';
import { activeRange, pause, playbackStore, setFrame } from './playbackStore.ts';
import { restarts } from './restarts.ts';
import { comesToNewShot, planTracking, type TrackWay } from './trackPlan.ts';
import { videoStore } from './videoStore.ts';
import { segmenter } from './workers.ts';

export interface TrackingProgress {
  readonly doneFrames: number;
  /** Nothing until the first frame is done. */
  readonly totalFrames: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
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
};

export const trackingStore = createStore<TrackingState>(() => ({ phase: 'idle' }));

let lastRunId = 0;
let running: AbortController | undefined;

/** Follows the objects that need it. What is done stays, however the run ends. */
export async function startTracking(way: TrackWay): Promise<void> {
  const { clip, shots } = videoStore.getState();
  if (clip === undefined || running !== undefined) return;
  const { objects: all, settings, pausesAtShots } = currentDocument();
  const plannedShots = pausesAtShots ? shots : [];
  const { objects, isCut } = planTracking(all, {
    way,
    frameCount: clip.info.frameCount,
    range: activeRange(),
    playhead: playbackStore.getState().frame,
    selectedId: objectsStore.getState().selectedId,
    shots: plannedShots,
  });
  if (objects.length === 0) {
    notify('There is nothing to track: the frames there are locked, or there are none.');
    return;
  }
  const request: TrackRequest = { objects, settings };
  const run: TrackRun = { id: ++lastRunId, request };
  const controller = new AbortController();
  running = controller;
  pause();
  trackingStore.setState({ phase: 'running', follow: true, ...NO_PROGRESS }, true);

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
      if (!isInDocument) commitDocument({ ...currentDocument(), trackRun: run.id }, 'track');
      isInDocument = true;
      amendDocuments((document) => withTrackedFrame(document, run, event));
      rate.add(performance.now());
      advance(event, rate);
      if (pausesAtShots && comesToNewShot(before, event.frame, videoStore.getState().shots, plannedShots)) {
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

function advance({ frame, doneFrames, totalFrames }: TrackEvent, rate: FrameRate): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  trackingStore.setState({
    ...state,
    doneFrames,
    totalFrames,
    framesPerSecond: rate.framesPerSecond,
    secondsLeft: rate.secondsFor(totalFrames - doneFrames),
  });
  if (state.follow) setFrame(frame);
}

function finish(phase: 'done' | 'paused' | 'cancelled' | 'failed'): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const { doneFrames, totalFrames, framesPerSecond } = state;
  trackingStore.setState({ phase, doneFrames, totalFrames, framesPerSecond, secondsLeft: undefined }, true);
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
