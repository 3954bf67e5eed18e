import type { Doubt } from '../../core/doubt.ts';
import { FRAMES_IN_PART, type Part } from '../../core/frameMap.ts';
import type { FrameMask, FrameStatus } from '../../core/frameMask.ts';
import { framesInSight, frameToX, frameWidth, rulerLength, type TimeScale } from '../../core/timeScale.ts';

/** Columns by their left edge, from the left of the whole timeline, with their widths, both in whole CSS pixels. */
type Columns<Column> = ReadonlyMap<number, Column & { readonly width: number }>;

/**
 * Lays out something that frames have as columns: `show` says what a frame shows, `join` what is shown where a pixel stands for
 * several frames. Keeps the columns of each part for the timeline that they were last laid out for, however it is scrolled: of a long
 * clip, one part changes at a time. Leaves out parts of which nothing is in sight.
 */
function columnsBy<T, Column extends object>(
  show: (value: T) => Column,
  join: (one: Column, other: Column) => Column,
) {
  type Placed = Map<number, Column & { readonly width: number }>;
  const laidOut = new WeakMap<Part<T>, { frameCount: number; length: number; columns: Placed }>();
  const add = (columns: Placed, x: number, column: Column & { readonly width: number }) => {
    const other = columns.get(x);
    columns.set(x, other === undefined ? column : { ...join(other, column), width: other.width });
  };
  const layOut = (part: Part<T>, scale: TimeScale): Placed => {
    const { frameCount } = scale;
    const length = rulerLength(scale);
    const known = laidOut.get(part);
    if (known?.frameCount === frameCount && known.length === length) return known.columns;
    const columns: Placed = new Map();
    const cell = frameWidth(scale);
    for (const [frame, value] of part) {
      const left = frameToX(frame, scale) + scale.scroll - cell / 2;
      const x = Math.floor(left);
      add(columns, x, { ...show(value), width: Math.max(1, Math.floor(left + cell) - x) });
    }
    laidOut.set(part, { frameCount, length, columns });
    return columns;
  };
  return (parts: Iterable<Part<T>>, scale: TimeScale): Columns<Column> => {
    const columns: Placed = new Map();
    const { first, last } = framesInSight(scale);
    for (const part of parts) {
      const [frame = 0] = part.keys();
      if (frame + FRAMES_IN_PART < first || frame - FRAMES_IN_PART > last) continue;
      for (const [x, column] of layOut(part, scale)) add(columns, x, column);
    }
    return columns;
  };
}

const RANK: Record<FrameStatus, number> = {
  absent: 0,
  detailed: 1,
  tracked: 2,
  interpolated: 3,
  prompted: 4,
  stale: 5,
};

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
