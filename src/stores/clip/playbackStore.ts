import { createStore } from 'zustand/vanilla';
import { frameAtTime } from '../../core/clip.ts';
import type { FrameRange } from '../../core/frameRanges.ts';
import { followSound, startSound, stopSound } from './sound.ts';
import { videoStore } from './videoStore.ts';

/** How many times faster than the clip's own pace one can play. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

export interface PlaybackState {
  /** Where the playhead is. */
  readonly frame: number;
  /** The frame that the stage shows; it lags behind the playhead while a frame decodes. */
  readonly shownFrame: number | undefined;
  /** Why the frame at the playhead cannot be shown. */
  readonly frameError: { readonly frame: number; readonly message: string } | undefined;
  readonly playing: boolean;
  /** From the in-mark to the out-mark; nothing where neither is set. */
  readonly range: FrameRange | undefined;
  /** Whether playing goes on from the in-mark when it comes to the out-mark. */
  readonly loops: boolean;
  readonly speed: Speed;
}

const START = {
  frame: 0,
  shownFrame: undefined,
  frameError: undefined,
  playing: false,
  range: undefined,
} satisfies Partial<PlaybackState>;

export const playbackStore = createStore<PlaybackState>(() => ({ ...START, loops: false, speed: 1 }));

/** Whether the picture at the playhead is on the stage, or known to be undecodable. */
export function isSettled({ frame, shownFrame, frameError }: PlaybackState): boolean {
  return shownFrame === frame || frameError?.frame === frame;
}

/** Back to the first frame, with nothing shown: another clip was opened. How it is played stays. */
export function resetPlayback(): void {
  pause();
  playbackStore.setState(START);
}

/** Puts the playhead on a frame of the clip. */
export function setFrame(frame: number): void {
  const count = videoStore.getState().clip?.info.frameCount ?? 1;
  const next = Math.min(Math.max(Math.round(frame), 0), count - 1);
  if (next !== playbackStore.getState().frame) playbackStore.setState({ frame: next });
}

/** What tracking and locking reach: from the in-mark to the out-mark, or the whole clip. */
export function activeRange(): FrameRange {
  return playbackStore.getState().range ?? wholeRange();
}

/** Sets both marks; none are set where they are at the clip's ends. */
export function setMarks(range: FrameRange): void {
  const whole = wholeRange();
  const isWhole = range.first === whole.first && range.last === whole.last;
  playbackStore.setState({ range: isWhole ? undefined : range });
}

/** Puts a mark on a frame; the other goes along where they would cross. */
export function setMark(end: 'in' | 'out', frame: number): void {
  const { first, last } = activeRange();
  setMarks(
    end === 'in'
      ? { first: frame, last: Math.max(frame, last) }
      : { first: Math.min(frame, first), last: frame },
  );
}

/** Sets the marks to the whole clip. */
export function clearMarks(): void {
  setMarks(wholeRange());
}

function wholeRange(): FrameRange {
  return { first: 0, last: (videoStore.getState().clip?.info.frameCount ?? 1) - 1 };
}

/** Plays over and over between the marks, or once to the end. */
export function toggleLoop(): void {
  playbackStore.setState(({ loops }) => ({ loops: !loops }));
}

/** Sets how fast the clip plays, also while it does. */
export function setSpeed(speed: Speed): void {
  playbackStore.setState({ speed });
}

/** The next faster speed (`by` 1) or slower one (-1); nothing where there is none. */
export function nextSpeed(by: 1 | -1): Speed | undefined {
  return SPEEDS[SPEEDS.indexOf(playbackStore.getState().speed) + by];
}

/** For how many milliseconds a frame is shown while the clip plays. */
export function shownFor(frame: number): number {
  const { timestamps = new Float64Array(), duration = 0 } = videoStore.getState().clip?.info ?? {};
  const seconds = (timestamps[frame + 1] ?? duration) - (timestamps[frame] ?? 0);
  return (1000 * seconds) / playbackStore.getState().speed;
}

let lastPlay = 0;

/**
 * Plays from the playhead at the clip's own time stamps, times the speed, along with the sound. From the start if it is at the end, and
 * stops at the end. In a loop it stays between the marks.
 */
export function play(): void {
  const clip = videoStore.getState().clip;
  if (clip === undefined || playbackStore.getState().playing) return;
  const { timestamps, frameCount, duration } = clip.info;
  /** Where playing ends, in frames and in seconds. */
  const bounds = () => {
    const { first, last } = playbackStore.getState().loops ? activeRange() : wholeRange();
    return { first, last, start: timestamps[first] ?? 0, end: timestamps[last + 1] ?? duration };
  };
  const { frame, loops } = playbackStore.getState();
  const { first, last } = bounds();
  if (loops ? frame < first || frame >= last : frame === frameCount - 1) setFrame(first);
  playbackStore.setState({ playing: true });
  let time = timestamps[playbackStore.getState().frame] ?? 0;
  let drawnAt: number | undefined;
  const turn = ++lastPlay;
  startSound(time);
  const tick = (now: number) => {
    const state = playbackStore.getState();
    if (turn !== lastPlay || !state.playing || videoStore.getState().clip !== clip) return;
    const { start, end } = bounds();
    const elapsed = ((now - (drawnAt ?? now)) / 1000) * state.speed;
    drawnAt = now;
    time = followSound(time + elapsed, time, now, state.speed);
    if (state.loops && (time >= end || time < start)) {
      time = start;
      startSound(time);
    }
    setFrame(frameAtTime(timestamps, time));
    if (time >= end) pause();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** Stops playing; the playhead stays. */
export function pause(): void {
  stopSound();
  if (playbackStore.getState().playing) playbackStore.setState({ playing: false });
}

/** Pauses when the page goes out of sight: frames are not drawn there, and the sound would run away. Returns what ends that. */
export function watchVisibility(): () => void {
  const onChange = () => {
    if (document.hidden) pause();
  };
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}
