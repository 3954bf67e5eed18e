import { createStore } from 'zustand/vanilla';
import { frameAtTime } from '../core/clip.ts';
import { videoStore } from './videoStore.ts';

export interface PlaybackState {
  /** Where the playhead is. */
  readonly frame: number;
  /** The frame that the stage shows; it lags behind the playhead while a frame decodes. */
  readonly shownFrame: number | undefined;
  /** Why the frame at the playhead cannot be shown. */
  readonly frameError: { readonly frame: number; readonly message: string } | undefined;
  readonly playing: boolean;
}

const START: PlaybackState = { frame: 0, shownFrame: undefined, frameError: undefined, playing: false };

export const playbackStore = createStore<PlaybackState>(() => START);

/** Whether the picture at the playhead is on the stage, or known to be undecodable. */
export function isSettled({ frame, shownFrame, frameError }: PlaybackState): boolean {
  return shownFrame === frame || frameError?.frame === frame;
}

/** Back to the first frame, with nothing shown: another clip was opened. */
export function resetPlayback(): void {
  playbackStore.setState(START, true);
}

/** Puts the playhead on a frame of the clip. */
export function setFrame(frame: number): void {
  const count = videoStore.getState().clip?.info.frameCount ?? 1;
  const next = Math.min(Math.max(Math.round(frame), 0), count - 1);
  if (next !== playbackStore.getState().frame) playbackStore.setState({ frame: next });
}

/** Plays from the playhead at the clip's own time stamps, from the start if it is at the end. Stops at the end. */
export function play(): void {
  const clip = videoStore.getState().clip;
  if (clip === undefined || playbackStore.getState().playing) return;
  const { timestamps, frameCount, duration } = clip.info;
  if (playbackStore.getState().frame === frameCount - 1) setFrame(0);
  playbackStore.setState({ playing: true });
  const from = timestamps[playbackStore.getState().frame] ?? 0;
  let startedAt: number | undefined;
  const tick = (now: number) => {
    if (!playbackStore.getState().playing || videoStore.getState().clip !== clip) return;
    startedAt ??= now;
    const time = from + (now - startedAt) / 1000;
    setFrame(frameAtTime(timestamps, time));
    if (time >= duration) pause();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

export function pause(): void {
  if (playbackStore.getState().playing) playbackStore.setState({ playing: false });
}
