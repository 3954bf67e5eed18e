import { createStore } from 'zustand/vanilla';
import {
  clampTimeScale,
  maxTimeZoom,
  revealFrame,
  wholeScale,
  zoomTimeScale,
  frameToX,
  type TimeScale,
} from '../../core/timeScale.ts';
import { playbackStore } from './playbackStore.ts';
import { videoStore } from './videoStore.ts';

/** What of the clip the timeline shows. Nothing of it is work: undo leaves it alone. */
export interface TimelineState {
  readonly scale: TimeScale;
  /** Puts the cursor into the field for a frame's number; set by the component that holds it. */
  readonly focusFrameField: (() => void) | undefined;
}

export const timelineStore = createStore<TimelineState>(() => ({
  scale: wholeScale(1, 0),
  focusFrameField: undefined,
}));

function setScale(scale: TimeScale): void {
  const before = timelineStore.getState().scale;
  const { frameCount, width, zoom, scroll } = scale;
  const isSame =
    before.frameCount === frameCount &&
    before.width === width &&
    before.zoom === zoom &&
    before.scroll === scroll;
  if (!isSame) timelineStore.setState({ scale });
}

/** Tells how much room the timeline has, in CSS pixels, and of how many frames it is. Of another clip, it shows all. */
export function layOutTimeline(frameCount: number, width: number): void {
  const { scale } = timelineStore.getState();
  const isOther = scale.frameCount !== frameCount || scale.width === 0;
  setScale(isOther ? wholeScale(frameCount, width) : clampTimeScale({ ...scale, width }));
}

/** Zooms by a factor. What is at `x` stays there; without it the playhead, or the middle where the playhead is out of sight. */
export function zoomTimeline(factor: number, x?: number): void {
  const { scale } = timelineStore.getState();
  const playhead = frameToX(playbackStore.getState().frame, scale);
  const isInSight = playhead >= 0 && playhead <= scale.width;
  setScale(zoomTimeScale(scale, factor, x ?? (isInSight ? playhead : scale.width / 2)));
}

/** Moves what is in sight by CSS pixels: to later frames where they are positive. */
export function scrollTimeline(by: number): void {
  const { scale } = timelineStore.getState();
  setScale(clampTimeScale({ ...scale, scroll: scale.scroll + by }));
}

/** Shows the whole clip. */
export function fitTimeline(): void {
  const { frameCount, width } = timelineStore.getState().scale;
  setScale(wholeScale(frameCount, width));
}

/** Whether frames can be drawn wider than they are. */
export function canZoomTimeline({ scale }: TimelineState): boolean {
  return scale.zoom < maxTimeZoom(scale) * 0.999;
}

/** Keeps the playhead in sight whenever it moves, and shows all of a clip that is opened. Returns what ends that. */
export function watchTimeline(): () => void {
  const ends = [
    playbackStore.subscribe(({ frame }, before) => {
      if (frame !== before.frame) setScale(revealFrame(timelineStore.getState().scale, frame));
    }),
    videoStore.subscribe(({ clip }, before) => {
      if (clip !== before.clip) fitTimeline();
    }),
  ];
  return () => ends.forEach((end) => end());
}
