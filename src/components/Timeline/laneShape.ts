import type { FrameStatus, MaskTrack, Part } from '../../core/maskTrack.ts';

/** One column of a lane: the best that is known of the frames that it stands for. */
export interface LaneColumn {
  /** In whole CSS pixels. */
  readonly width: number;
  readonly status: FrameStatus;
  readonly score: number;
}

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

const RANK: Record<FrameStatus, number> = { absent: 0, tracked: 1, prompted: 2, stale: 3 };

type Columns = ReadonlyMap<number, LaneColumn>;

/** The columns of parts that have been drawn, and for which timeline: of a long track, one part changes at a time. */
const drawn = new WeakMap<Part, { readonly frameCount: number; readonly width: number; columns: Columns }>();

/**
 * A lane's columns by their left edge in whole pixels. Where a pixel stands for several frames, the status that asks for
 * attention shows, with the lowest score.
 */
export function laneColumns(track: MaskTrack, frameCount: number, width: number): Columns {
  const columns = new Map<number, LaneColumn>();
  for (const part of track.parts)
    for (const [x, column] of partColumns(part, frameCount, width)) addColumn(columns, x, column);
  return columns;
}

function partColumns(part: Part, frameCount: number, width: number): Columns {
  const known = drawn.get(part);
  if (known?.frameCount === frameCount && known.width === width) return known.columns;
  const columns = new Map<number, LaneColumn>();
  const cell = frameWidth(frameCount, width);
  for (const [frame, { status, score }] of part) {
    const left = frameToX(frame, frameCount, width) - cell / 2;
    const x = Math.floor(left);
    addColumn(columns, x, { status, score, width: Math.max(1, Math.floor(left + cell) - x) });
  }
  drawn.set(part, { frameCount, width, columns });
  return columns;
}

function addColumn(columns: Map<number, LaneColumn>, x: number, column: LaneColumn): void {
  const other = columns.get(x);
  if (other === undefined) {
    columns.set(x, column);
    return;
  }
  const status = RANK[column.status] > RANK[other.status] ? column.status : other.status;
  columns.set(x, { ...other, status, score: Math.min(column.score, other.score) });
}

/** The width of one frame, in CSS pixels. */
export function frameWidth(frameCount: number, width: number): number {
  return (width - THUMB_SIZE) / Math.max(1, frameCount - 1);
}
