import type { Size } from '../../core/geometry.ts';

/** The longest side of what is drawn on the stage: more pixels than most screens show only cost time. */
export const MAX_RASTER_SIDE = 1920;

/** Scales a size down until its longest side is no more than `MAX_RASTER_SIDE`. */
export function capRaster({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_RASTER_SIDE / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
