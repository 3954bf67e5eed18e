import type { Size } from '../geometry.ts';

/** Colours on a grid: red, green and blue, each times a weight, and the weight, for each cell, row by row. */
export interface ColorGrid extends Size {
  readonly values: Float32Array;
}

/** A grid in which nothing was gathered. */
export function emptyGrid({ width, height }: Size): ColorGrid {
  return { width, height, values: new Float32Array(width * height * 4) };
}

/**
 * Gives each cell the mean colour of what was gathered in it and round it, the nearer the more, in place: a cell of little weight takes on
 * what coarser grids have there.
 * @returns whether at least a pixel was gathered; else the grid has no colours
 */
export function spreadColors({ width, height, values }: ColorGrid): boolean {
  if (width === 1 && height === 1) {
    const weight = values[3] ?? 0;
    for (let channel = 0; channel < 3; channel++) values[channel] = (values[channel] ?? 0) / weight;
    return weight >= 1;
  }
  const coarse = halved({ width, height, values });
  if (!spreadColors(coarse)) return false;
  const around = new Float32Array(3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      sampleColor(coarse, x / 2 - 0.25, y / 2 - 0.25, around);
      // What is around counts as one pixel.
      const weight = 1 + (values[at + 3] ?? 0);
      for (let channel = 0; channel < 3; channel++)
        values[at + channel] = ((values[at + channel] ?? 0) + (around[channel] ?? 0)) / weight;
    }
  return true;
}

/** A grid of half the size, whose cells have the sums of four. */
function halved({ width, height, values }: ColorGrid): ColorGrid {
  const coarse = emptyGrid({ width: Math.ceil(width / 2), height: Math.ceil(height / 2) });
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = ((y >> 1) * coarse.width + (x >> 1)) * 4;
      for (let channel = 0; channel < 4; channel++, at++)
        coarse.values[to + channel] = (coarse.values[to + channel] ?? 0) + (values[at] ?? 0);
    }
  return coarse;
}

/** The colour at a place between the middles of cells, of a grid whose colours were spread. @param into red, green, blue */
export function sampleColor(
  { width, height, values }: ColorGrid,
  x: number,
  y: number,
  into: Float32Array,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [shareX, shareY] = [x - left, y - top];
  const [x0, x1] = [Math.max(0, left) * 4, Math.min(width - 1, left + 1) * 4];
  const row0 = Math.max(0, top) * width * 4;
  const row1 = Math.min(height - 1, top + 1) * width * 4;
  for (let channel = 0; channel < 3; channel++) {
    const above =
      (1 - shareX) * (values[row0 + x0 + channel] ?? 0) + shareX * (values[row0 + x1 + channel] ?? 0);
    const below =
      (1 - shareX) * (values[row1 + x0 + channel] ?? 0) + shareX * (values[row1 + x1 + channel] ?? 0);
    into[channel] = (1 - shareY) * above + shareY * below;
  }
}
