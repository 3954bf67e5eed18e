import { createStore } from 'zustand/vanilla';
import { disagrees } from '../../core/doubt.ts';
import type { TrackedObject, TrackEvent } from '../../core/protocol/segmenter.ts';
import { findObject } from '../../document/document.ts';
import type { FrameRate } from './frameRate.ts';
import { currentDocument } from './objectsStore.ts';
import { pause, playbackStore, setFrame } from '../clip/playbackStore.ts';
import { logWork } from './workLog.ts';

/** What a run is for: to follow objects, to compare with what is there, to find things and follow them, or to decode masks in detail. */
export type RunPurpose = 'track' | 'check' | 'everything' | 'detail';

export interface TrackingProgress {
  readonly purpose: RunPurpose;
  readonly doneFrames: number;
  /** Nothing until the first frame is done. */
  readonly totalFrames: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  /** Of a check: the frames so far on which its mask is another one. Of a detail pass: those whose mask it has changed. */
  readonly differing: number;
  /** Of following everything: the frame on which things are being looked for, while that goes on. */
  readonly lookingOn: number | undefined;
}

/** `follow`: the playhead goes to each frame as it is done. `paused`: at a shot change; another run goes on. */
export type TrackingState =
  | { readonly phase: 'idle' }
  | ({ readonly phase: 'running'; readonly follow: boolean } & TrackingProgress)
  | ({ readonly phase: 'done' | 'paused' | 'cancelled' | 'failed' } & TrackingProgress);

const NO_PROGRESS: Omit<TrackingProgress, 'purpose'> = {
  doneFrames: 0,
  totalFrames: undefined,
  framesPerSecond: undefined,
  secondsLeft: undefined,
  differing: 0,
  lookingOn: undefined,
};

export const trackingStore = createStore<TrackingState>(() => ({ phase: 'idle' }));

/** A run begins. */
export function beginRun(purpose: RunPurpose): void {
  trackingStore.setState({ phase: 'running', follow: true, purpose, ...NO_PROGRESS }, true);
}

/** Things are being looked for on a frame, to which the playhead goes. */
export function lookOn(frame: number): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  trackingStore.setState({ ...state, lookingOn: frame });
  if (state.follow) setFrame(frame);
}

/** A frame of a run that has been put in. */
interface PutFrame extends Pick<TrackEvent, 'frame' | 'doneFrames' | 'totalFrames'> {
  /** Those that the run put a mask of there. */
  readonly objects: readonly Pick<TrackedObject, 'objectId'>[];
}

/** A frame of the run has been put in. */
export function advanceRun({ frame, objects, doneFrames, totalFrames }: PutFrame, rate: FrameRate): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const differs = ({ objectId }: Pick<TrackedObject, 'objectId'>) => {
    const entry = findObject(currentDocument(), objectId)?.track.get(frame);
    return entry !== undefined && disagrees(entry);
  };
  const isDifferent =
    state.purpose === 'detail' ? objects.length > 0 : state.purpose === 'check' && objects.some(differs);
  trackingStore.setState({
    ...state,
    doneFrames,
    totalFrames,
    framesPerSecond: rate.framesPerSecond,
    secondsLeft: rate.secondsFor(totalFrames - doneFrames),
    differing: state.differing + Number(isDifferent),
    lookingOn: undefined,
  });
  if (state.follow) setFrame(frame);
}

/** The run is over. The first end counts. */
export function finishRun(phase: 'done' | 'paused' | 'cancelled' | 'failed'): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const { follow: _, ...progress } = state;
  trackingStore.setState({ ...progress, phase, secondsLeft: undefined, lookingOn: undefined }, true);
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
  logWork('seek', 'frame');
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
