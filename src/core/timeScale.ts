import type { FrameRange } from './frameRanges.ts';

/** Space left and right of a timeline's first and last frame, in CSS pixels: half of a handle that is put on them. */
export const TIMELINE_INSET = 7;

/** A frame is never drawn wider than this, in CSS pixels, unless a clip has so few that they are. */
const WIDEST_FRAME = 24;

/** How a clip's frames lie along a timeline, of which a part is in sight. Lengths are in CSS pixels. */
export interface TimeScale {
  readonly frameCount: number;
  /** Of what is in sight. */
  readonly width: number;
  /** 1: the whole clip is in sight. */
  readonly zoom: number;
  /** How much of the timeline lies left of what is in sight; whole, so that what was drawn can be drawn again elsewhere. */
  readonly scroll: number;
}

/** The whole clip in a timeline of `width` CSS pixels. */
export function wholeScale(frameCount: number, width: number): TimeScale {
  return { frameCount, width, zoom: 1, scroll: 0 };
}

/** From the middle of the first frame to the middle of the last one. */
export function rulerLength({ width, zoom }: TimeScale): number {
  return Math.max(1, width - 2 * TIMELINE_INSET) * zoom;
}

/** The width of one frame. */
export function frameWidth(scale: TimeScale): number {
  return rulerLength(scale) / Math.max(1, scale.frameCount - 1);
}

/** Where the middle of a frame is, from the left of what is in sight. */
export function frameToX(frame: number, scale: TimeScale): number {
  return TIMELINE_INSET + frame * frameWidth(scale) - scale.scroll;
}

/** The frame whose middle is nearest to a place, from the left of what is in sight. */
export function xToFrame(x: number, scale: TimeScale): number {
  const frame = Math.round((x + scale.scroll - TIMELINE_INSET) / frameWidth(scale));
  return Math.min(Math.max(frame, 0), scale.frameCount - 1);
}

/** The frames of which anything is in sight. */
export function framesInSight(scale: TimeScale): FrameRange {
  return { first: xToFrame(0, scale), last: xToFrame(scale.width, scale) };
}

/** How far one can zoom in. */
export function maxTimeZoom({ frameCount, width }: TimeScale): number {
  const widest = Math.max(1, frameCount - 1) * WIDEST_FRAME;
  return Math.max(1, widest / Math.max(1, width - 2 * TIMELINE_INSET));
}

/** The same scale within its limits: nothing beyond the clip's ends is in sight. */
export function clampTimeScale(scale: TimeScale): TimeScale {
  const zoom = Math.min(Math.max(scale.zoom, 1), maxTimeZoom(scale));
  const hidden = rulerLength({ ...scale, zoom }) + 2 * TIMELINE_INSET - scale.width;
  return { ...scale, zoom, scroll: Math.round(Math.min(Math.max(scale.scroll, 0), Math.max(0, hidden))) };
}

/** Zooms by a factor; what is at `x` stays there, as far as the clip's ends allow. */
export function zoomTimeScale(scale: TimeScale, factor: number, x: number): TimeScale {
  const zoom = Math.min(Math.max(scale.zoom * factor, 1), maxTimeZoom(scale));
  const from = x + scale.scroll - TIMELINE_INSET;
  return clampTimeScale({ ...scale, zoom, scroll: (from * zoom) / scale.zoom + TIMELINE_INSET - x });
}

/** How far from an edge a frame comes to lie that is scrolled to from beyond that edge, as a share of the width. */
const PAGE_MARGIN = 0.1;

/**
 * Scrolls until a frame is in sight: by about a page where it lies close to what is in sight, as when the clip plays; else it comes
 * into the middle.
 */
export function revealFrame(scale: TimeScale, frame: number): TimeScale {
  const x = frameToX(frame, scale);
  const { width } = scale;
  if (x >= 0 && x <= width) return scale;
  const isFar = x < -width / 2 || x > 1.5 * width;
  const share = isFar ? 0.5 : x < 0 ? 1 - PAGE_MARGIN : PAGE_MARGIN;
  return clampTimeScale({ ...scale, scroll: scale.scroll + x - share * width });
}
