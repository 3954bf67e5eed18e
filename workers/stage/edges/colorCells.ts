import type { Size } from '../../../src/core/geometry.ts';
import { CELL, PURITY_SQUARINGS } from '../../../src/core/edges/sideColors.ts';
import { computeShader } from '../computeShader.ts';
import type { Drawing } from '../drawing.ts';
import areaCode from './area.wgsl?raw';
import cellsCode from './cells.wgsl?raw';
import gatherCode from './gatherColors.wgsl?raw';
import halveCode from './halveColors.wgsl?raw';
import sampleCode from './sampleColors.wgsl?raw';
import spreadCode from './spreadColors.wgsl?raw';

/** `Cell` of cells.wgsl. */
const CELL_BYTES = 48;

interface Grid extends Size {
  /** The number of its first cell. */
  readonly start: number;
}

/** Colours on both sides of an edge, on grids of cells: the finest first, of the others each half as large as the one before. */
export class ColorCells {
  readonly #gather: GPUComputePipeline;
  readonly #halve: GPUComputePipeline;
  readonly #spread: GPUComputePipeline;

  constructor(device: GPUDevice) {
    const shader = (label: string, code: string, constants: Record<string, number> = {}) =>
      computeShader(device, label, code, { ...constants, cellSide: CELL });
    this.#gather = shader('gatherColors', areaCode + cellsCode + gatherCode, { squarings: PURITY_SQUARINGS });
    this.#halve = computeShader(device, 'halveColors', cellsCode + halveCode);
    this.#spread = computeShader(device, 'spreadColors', cellsCode + sampleCode + spreadCode);
  }

  /**
   * Gathers and spreads the colours of a rectangle.
   *
   * @param area `Area` of area.wgsl, of this size
   * @param alpha of its pixels, or of more as the area says
   */
  fill(
    drawing: Drawing,
    area: GPUBindingResource,
    size: Size,
    { picture, alpha, cells }: Record<'picture' | 'alpha' | 'cells', GPUBindingResource>,
  ): void {
    const grids = gridsOf(size);
    const [finest] = grids;
    if (finest === undefined) return;
    drawing.computeFor(this.#gather, [area, picture, alpha, cells], finest);
    const levels = grids.map((fine, at) => {
      const coarse = grids[at + 1];
      return { fine, coarse, both: drawing.uniform(levelsOf(fine, coarse)) };
    });
    for (const { coarse, both } of levels) if (coarse) drawing.computeFor(this.#halve, [both, cells], coarse);
    for (const { fine, both } of levels.toReversed()) drawing.computeFor(this.#spread, [both, cells], fine);
  }
}

/** How many cells the grids of a rectangle have together; the last one is the coarsest grid. */
export function cellCount(size: Size): number {
  return gridsOf(size).reduce((sum, { width, height }) => sum + width * height, 0);
}

/** Bytes of the cells of a rectangle. */
export function cellBytes(size: Size): number {
  return cellCount(size) * CELL_BYTES;
}

function gridsOf({ width, height }: Size): Grid[] {
  const grids: Grid[] = [];
  let size = { width: Math.ceil(width / CELL), height: Math.ceil(height / CELL) };
  for (let start = 0; ; size = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) }) {
    grids.push({ ...size, start });
    if (size.width <= 1 && size.height <= 1) return grids;
    start += size.width * size.height;
  }
}

/** `Levels` of cells.wgsl. */
function levelsOf(fine: Grid, coarse: Grid = { width: 0, height: 0, start: 0 }): ArrayBuffer {
  return Uint32Array.of(
    ...[fine.width, fine.height, fine.start, 0],
    ...[coarse.width, coarse.height, coarse.start, 0],
  ).buffer;
}
