import { createStore } from 'zustand/vanilla';
import { frameAtTime } from '../../core/clip.ts';
import type { FrameRange } from '../../core/frameRanges.ts';
import { videoStore } from './videoStore.ts';

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
}

const START: PlaybackState = {
  frame: 0,
  shownFrame: undefined,
  frameError: undefined,
  playing: false,
  range: undefined,
};

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

let lastPlay = 0;

/** Plays from the playhead at the clip's own time stamps, from the start if it is at the end. Stops at the end. */
export function play(): void {
  const clip = videoStore.getState().clip;
  if (clip === undefined || playbackStore.getState().playing) return;
  const { timestamps, frameCount, duration } = clip.info;
  if (playbackStore.getState().frame === frameCount - 1) setFrame(0);
  playbackStore.setState({ playing: true });
  const from = timestamps[playbackStore.getState().frame] ?? 0;
  let startedAt: number | undefined;
  const turn = ++lastPlay;
  const tick = (now: number) => {
    const isOver = turn !== lastPlay || !playbackStore.getState().playing;
    if (isOver || videoStore.getState().clip !== clip) return;
    startedAt ??= now;
    const time = from + (now - startedAt) / 1000;
    setFrame(frameAtTime(timestamps, time));
    if (time >= duration) pause();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** Stops playing; the playhead stays. */
export function pause(): void {
  if (playbackStore.getState().playing) playbackStore.setState({ playing: false });
}
