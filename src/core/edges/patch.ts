import type { Size, VideoBox } from '../geometry.ts';
import { encodeColumns, forEachColumnRun, rleBounds, type MaskRle } from '../rle.ts';

/** A rectangle of a frame, in its pixels: whole numbers. */
export interface Area extends Size {
  readonly x: number;
  readonly y: number;
}

/** Values of the pixels of a rectangle, row by row. */
export interface Patch<Values extends Uint8Array | Float32Array> extends Area {
  readonly values: Values;
}

/** The rectangle round a mask's object with a margin on each side, as far as the frame goes; nothing where the mask is empty. */
export function areaOf(mask: MaskRle, margin: number): Area | undefined {
  return areaRound(rleBounds(mask), mask, margin);
}

/** The rectangle round a box with a margin on each side, as far as the frame goes; nothing where there is no box. */
export function areaRound(bounds: VideoBox | null, frame: Size, margin: number): Area | undefined {
  if (bounds === null) return undefined;
  const x = Math.max(0, bounds.x0 - margin);
  const y = Math.max(0, bounds.y0 - margin);
  return {
    x,
    y,
    width: Math.min(frame.width, bounds.x1 + margin) - x,
    height: Math.min(frame.height, bounds.y1 + margin) - y,
  };
}

/** The rectangle round several; nothing where there are none. */
export function joinAreas(areas: readonly Area[]): Area | undefined {
  if (areas.length === 0) return undefined;
  const x = Math.min(...areas.map((area) => area.x));
  const y = Math.min(...areas.map((area) => area.y));
  const right = Math.max(...areas.map((area) => area.x + area.width));
  const bottom = Math.max(...areas.map((area) => area.y + area.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The pixels of a mask in a rectangle that holds all of its object: 1 is object. */
export function patchOf(mask: MaskRle, area: Area): Patch<Uint8Array> {
  const values = new Uint8Array(area.width * area.height);
  forEachColumnRun(mask, (x, y, length) => {
    let at = (y - area.y) * area.width + x - area.x;
    for (let i = 0; i < length; i++, at += area.width) values[at] = 1;
  });
  return { ...area, values };
}

/** The mask of a frame of which a patch holds the object; what reaches beyond the frame is left out. */
export function maskOf({ x, y, width, height, values }: Patch<Uint8Array>, frame: Size): MaskRle {
  return encodeColumns(frame, (column, pixels) => {
    pixels.fill(0);
    const left = column - x;
    if (left < 0 || left >= width) return;
    const end = Math.min(height, frame.height - y);
    for (let row = Math.max(0, -y); row < end; row++) pixels[y + row] = values[row * width + left] ?? 0;
  });
}
