import type { Size } from '../geometry.ts';

/** Values of a cell that are spread: red, green, blue, and the sum of their squares. */
export const COLOR_VALUES = 4;
const STRIDE = COLOR_VALUES + 1;

/** Colours on a grid: for each cell, row by row, the values above, each times a weight, and the weight. */
export interface ColorGrid extends Size {
  readonly values: Float32Array;
}

/** A grid in which nothing was gathered. */
export function emptyGrid({ width, height }: Size): ColorGrid {
  return { width, height, values: new Float32Array(width * height * STRIDE) };
}

/** Adds a colour to a cell. */
export function addColor(
  { values }: ColorGrid,
  cell: number,
  weight: number,
  red: number,
  green: number,
  blue: number,
): void {
  const at = cell * STRIDE;
  values[at] = (values[at] ?? 0) + weight * red;
  values[at + 1] = (values[at + 1] ?? 0) + weight * green;
  values[at + 2] = (values[at + 2] ?? 0) + weight * blue;
  values[at + 3] = (values[at + 3] ?? 0) + weight * (red * red + green * green + blue * blue);
  values[at + 4] = (values[at + 4] ?? 0) + weight;
}

/**
 * Gives each cell the mean colour of what was gathered in it and round it, the nearer the more, in place: a cell of little weight takes on
 * what coarser grids have there.
 * @returns whether at least a pixel was gathered; else the grid has no colours
 */
export function spreadColors({ width, height, values }: ColorGrid): boolean {
  if (width === 1 && height === 1) {
    const weight = values[COLOR_VALUES] ?? 0;
    for (let i = 0; i < COLOR_VALUES; i++) values[i] = (values[i] ?? 0) / weight;
    return weight >= 1;
  }
  const coarse = halved({ width, height, values });
  if (!spreadColors(coarse)) return false;
  const around = new Float32Array(COLOR_VALUES);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += STRIDE) {
      sampleColor(coarse, x / 2 - 0.25, y / 2 - 0.25, around);
      // What is around counts as one pixel.
      const weight = 1 + (values[at + COLOR_VALUES] ?? 0);
      for (let i = 0; i < COLOR_VALUES; i++)
        values[at + i] = ((values[at + i] ?? 0) + (around[i] ?? 0)) / weight;
    }
  return true;
}

/** A grid of half the size, whose cells have the sums of four. */
function halved({ width, height, values }: ColorGrid): ColorGrid {
  const coarse = emptyGrid({ width: Math.ceil(width / 2), height: Math.ceil(height / 2) });
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = ((y >> 1) * coarse.width + (x >> 1)) * STRIDE;
      for (let i = 0; i < STRIDE; i++, at++)
        coarse.values[to + i] = (coarse.values[to + i] ?? 0) + (values[at] ?? 0);
    }
  return coarse;
}

/** The values at a place between the middles of cells, of a grid whose colours were spread. @param into COLOR_VALUES of them */
export function sampleColor(
  { width, height, values }: ColorGrid,
  x: number,
  y: number,
  into: Float32Array,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const shareX = x - left;
  const shareY = y - top;
  const x0 = Math.max(0, left) * STRIDE;
  const x1 = Math.min(width - 1, left + 1) * STRIDE;
  const row0 = Math.max(0, top) * width * STRIDE;
  const row1 = Math.min(height - 1, top + 1) * width * STRIDE;
  for (let i = 0; i < COLOR_VALUES; i++) {
    const above = (1 - shareX) * (values[row0 + x0 + i] ?? 0) + shareX * (values[row0 + x1 + i] ?? 0);
    const below = (1 - shareX) * (values[row1 + x0 + i] ?? 0) + shareX * (values[row1 + x1 + i] ?? 0);
    into[i] = (1 - shareY) * above + shareY * below;
  }
}
