import type { Doubt } from '../../core/doubt.ts';
import type { Part } from '../../core/frameMap.ts';
import type { FrameMask, FrameStatus } from '../../core/maskTrack.ts';

/** The side of the slider's thumb, in CSS pixels: its centre never leaves the track, and lanes keep the same inset. */
export const THUMB_SIZE = 14;

/** Where the middle of a frame is on a timeline of `width` CSS pixels. */
export function frameToX(frame: number, frameCount: number, width: number): number {
  return THUMB_SIZE / 2 + (frame / Math.max(1, frameCount - 1)) * (width - THUMB_SIZE);
}

/** The frame whose middle is nearest. */
export function xToFrame(x: number, frameCount: number, width: number): number {
  const at = (x - THUMB_SIZE / 2) / Math.max(1, width - THUMB_SIZE);
  return Math.round(Math.min(Math.max(at, 0), 1) * (frameCount - 1));
}

/** The width of one frame, in CSS pixels. */
export function frameWidth(frameCount: number, width: number): number {
  return (width - THUMB_SIZE) / Math.max(1, frameCount - 1);
}

/** Columns by their left edge, with their widths, both in whole CSS pixels. */
type Columns<Column> = ReadonlyMap<number, Column & { readonly width: number }>;

/**
 * Lays out something that frames have as columns: `show` says what a frame shows, `join` what is shown where a pixel stands for
 * several frames. Keeps the columns of each part for the timeline that they were last laid out for: of a long clip, one part
 * changes at a time.
 */
function columnsBy<T, Column extends object>(
  show: (value: T) => Column,
  join: (one: Column, other: Column) => Column,
) {
  type Placed = Map<number, Column & { readonly width: number }>;
  const laidOut = new WeakMap<Part<T>, { frameCount: number; width: number; columns: Placed }>();
  const add = (columns: Placed, x: number, column: Column & { readonly width: number }) => {
    const other = columns.get(x);
    columns.set(x, other === undefined ? column : { ...join(other, column), width: other.width });
  };
  const layOut = (part: Part<T>, frameCount: number, width: number): Placed => {
    const known = laidOut.get(part);
    if (known?.frameCount === frameCount && known.width === width) return known.columns;
    const columns: Placed = new Map();
    const cell = frameWidth(frameCount, width);
    for (const [frame, value] of part) {
      const left = frameToX(frame, frameCount, width) - cell / 2;
      const x = Math.floor(left);
      add(columns, x, { ...show(value), width: Math.max(1, Math.floor(left + cell) - x) });
    }
    laidOut.set(part, { frameCount, width, columns });
    return columns;
  };
  return (parts: Iterable<Part<T>>, frameCount: number, width: number): Columns<Column> => {
    const columns: Placed = new Map();
    for (const part of parts)
      for (const [x, column] of layOut(part, frameCount, width)) add(columns, x, column);
    return columns;
  };
}

const RANK: Record<FrameStatus, number> = { absent: 0, tracked: 1, prompted: 2, stale: 3 };

/** The columns of an object's masks: of several frames, the status that asks for attention, and the lowest score. */
export const laneColumns = columnsBy(
  ({ status, score }: Pick<FrameMask, 'status' | 'score'>) => ({ status, score }),
  (one, other) => ({
    status: RANK[other.status] > RANK[one.status] ? other.status : one.status,
    score: Math.min(one.score, other.score),
  }),
);

/** The columns of an object's doubtful frames. */
export const doubtColumns = columnsBy(
  (doubt: Doubt) => ({ doubt }),
  (one) => one,
);
