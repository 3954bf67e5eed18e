import { createStore } from 'zustand/vanilla';
import { disagrees } from '../../core/doubt.ts';
import type { TrackEvent } from '../../core/protocol/segmenter.ts';
import { findObject } from '../../document/document.ts';
import type { FrameRate } from './frameRate.ts';
import { currentDocument } from './objectsStore.ts';
import { pause, playbackStore, setFrame } from '../clip/playbackStore.ts';

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

/** A run begins. @param differing frames on which a check has found another mask; nothing in other runs */
export function beginRun(differing: number | undefined): void {
  trackingStore.setState({ phase: 'running', follow: true, ...NO_PROGRESS, differing }, true);
}

/** A frame of the run has been put in. */
export function advanceRun({ frame, objects, doneFrames, totalFrames }: TrackEvent, rate: FrameRate): void {
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

/** The run is over. The first end counts. */
export function finishRun(phase: 'done' | 'paused' | 'cancelled' | 'failed'): void {
  const state = trackingStore.getState();
  if (state.phase !== 'running') return;
  const { doneFrames, totalFrames, framesPerSecond, differing } = state;
  trackingStore.setState(
    { phase, doneFrames, totalFrames, framesPerSecond, secondsLeft: undefined, differing },
    true,
  );
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
