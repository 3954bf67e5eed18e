import type { Size } from '../../core/geometry.ts';

/** The longest side of the masks that are drawn on the stage: more pixels than most screens show only cost time. */
export const MAX_RASTER_SIDE = 1920;
/** The same where a GPU draws: what any of them can. */
export const MAX_GPU_SIDE = 8192;
/** The longest side of the frame on the stage, whose own pixels show when it is zoomed. */
export const MAX_FRAME_SIDE = 3840;

/** Scales a size down until its longest side is no more than `longest`. */
export function capRaster({ width, height }: Size, longest = MAX_RASTER_SIDE): Size {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
