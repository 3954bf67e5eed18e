import type { Size } from '../../../src/core/geometry.ts';

/** Values on a row-major grid. */
export interface Grid<Values extends Float32Array | Uint8Array = Float32Array> extends Size {
  readonly data: Values;
}

/** Cells of a grid; right and bottom edges are exclusive. */
export interface CellBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The smallest box round the cells above `threshold`, or `null` if there are none. */
export function boundsAbove(
  { data, width, height }: Grid<Float32Array | Uint8Array>,
  threshold: number,
): CellBox | null {
  let x0 = width;
  let y0 = height;
  let x1 = 0;
  let y1 = 0;
  for (let y = 0, row = 0; y < height; y++, row += width) {
    let left = 0;
    while (left < width && (data[row + left] ?? 0) <= threshold) left++;
    if (left === width) continue;
    let right = width;
    while ((data[row + right - 1] ?? 0) <= threshold) right--;
    x0 = Math.min(x0, left);
    x1 = Math.max(x1, right);
    y0 = Math.min(y0, y);
    y1 = y + 1;
  }
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
}

/** Number of positive values. */
export function positiveCount(data: Float32Array): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if ((data[i] ?? 0) > 0) count++;
  return count;
}

/** IoU of the cells where the values are positive. */
export function iouOfPositive(a: Float32Array, b: Float32Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    const inA = (a[i] ?? 0) > 0;
    const inB = (b[i] ?? 0) > 0;
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return either === 0 ? 0 : both / either;
}

/** The box grown by `margin` cells on each side, within the grid. */
export function growBox(box: CellBox, margin: number, { width, height }: Size): CellBox {
  return {
    x0: Math.max(0, box.x0 - margin),
    y0: Math.max(0, box.y0 - margin),
    x1: Math.min(width, box.x1 + margin),
    y1: Math.min(height, box.y1 + margin),
  };
}

/** The cells of a box as a grid of their own. */
export function cropGrid({ data, width }: Grid, { x0, y0, x1, y1 }: CellBox): Grid {
  const size = { width: x1 - x0, height: y1 - y0 };
  const cells = new Float32Array(size.width * size.height);
  for (let y = y0, to = 0; y < y1; y++, to += size.width)
    cells.set(data.subarray(y * width + x0, y * width + x1), to);
  return { ...size, data: cells };
}

/** The share of positive values in `factor`×`factor` blocks, for a grid of `cells` of them. */
export function positiveShare({ data, width }: Grid, factor: number, cells: Size): Grid {
  const shares = new Float32Array(cells.width * cells.height);
  const share = 1 / (factor * factor);
  for (let y = 0; y < cells.height * factor; y++) {
    let cell = Math.floor(y / factor) * cells.width;
    for (let at = y * width, x = 0; x < cells.width; x++, cell++) {
      let inside = 0;
      for (let i = 0; i < factor; i++, at++) if ((data[at] ?? 0) > 0) inside++;
      if (inside > 0) shares[cell] = (shares[cell] ?? 0) + share * inside;
    }
  }
  return { ...cells, data: shares };
}
