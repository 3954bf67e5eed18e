import { rulerLength, TIMELINE_INSET, type TimeScale } from '../../core/timeScale.ts';

/** A stretch of the filmstrip that shows one picture. */
export interface FilmCell {
  /** In its middle. */
  readonly frame: number;
  /** How many frames before and after that one it stands for. */
  readonly reach: number;
  /** In CSS pixels, from the left of what is in sight. */
  readonly left: number;
  readonly width: number;
}

/** The cells in sight, each about `picture` CSS pixels wide. Where one begins depends on the zoom, not on the scrolling. */
export function filmCells(scale: TimeScale, picture: number): FilmCell[] {
  if (scale.width === 0 || picture <= 0) return [];
  const length = rulerLength(scale);
  const last = scale.frameCount - 1;
  const count = Math.max(1, Math.round(length / picture));
  const width = length / count;
  const from = Math.max(0, Math.floor((scale.scroll - TIMELINE_INSET) / width));
  const to = Math.min(count, Math.ceil((scale.scroll + scale.width - TIMELINE_INSET) / width));
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    frame: Math.round(((from + i + 0.5) / count) * last),
    reach: last / count / 2,
    left: TIMELINE_INSET + (from + i) * width - scale.scroll,
    width,
  }));
}
