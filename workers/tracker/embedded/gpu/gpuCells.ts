import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { MASK_CELL, MASK_SIDE } from '../decoder.ts';
import { CELL, contentGrid, DESCRIPTOR, STAGE_1_CHANNELS, STAGE_2_CHANNELS } from '../features.ts';
import { MOST_LOOKS, type Remembered } from '../tracking.ts';
import { TUNED } from '../tuned.ts';
import describeShader from './describeCells.wgsl?raw';
import poolShader from './poolLabel.wgsl?raw';
import summariseShader from './summariseObject.wgsl?raw';
import sumShader from './sumCells.wgsl?raw';

const WORD = 4;
/** Cells on each side of the squares that labels are pooled in, and channels that are summed together. */
const SQUARE = 8;
const CHANNELS = 32;

/** Of an object's mask: its area in mask cells, and its bounds in cells; see poolLabel.wgsl. */
const EXTENT_WORDS = 5;
/** Area, bounds, and likenesses; see summariseObject.wgsl. */
const SUMMARY_WORDS = 2 + MOST_LOOKS;

/** A frame's cells and the objects' shares of them, on the GPU. */
export class GpuCells {
  readonly #memory: GpuMemory;
  readonly #describe: Kernel;
  readonly #sum: Kernel;
  readonly #pool: Kernel;
  readonly #summarise: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#describe = new Kernel(memory, 'describeCells', describeShader, {
      STAGE_2_CHANNELS,
      STAGE_1_CHANNELS,
    });
    this.#sum = new Kernel(memory, 'sumCells', sumShader, { LENGTH: DESCRIPTOR });
    this.#pool = new Kernel(memory, 'poolLabel', poolShader, {
      MASK_SIDE,
      FACTOR: CELL / MASK_CELL,
      OBJECT_FROM: TUNED.objectFrom,
    });
    this.#summarise = new Kernel(memory, 'summariseObject', summariseShader, { LENGTH: DESCRIPTOR });
  }

  /** [cells, DESCRIPTOR], of the encoder's inner layers, as describeCells has them. */
  describe(stage2: GpuSlice, stage1: GpuSlice, fit: ModelFit): GpuSlice {
    const grid = contentGrid(fit);
    const descriptors = this.#memory.allocate(WORD * grid.width * grid.height * DESCRIPTOR);
    const parameters = Uint32Array.of(grid.width, grid.height, fit.input.width / CELL, 0).buffer;
    this.#describe.run(parameters, [stage2, stage1, descriptors], [grid.width, grid.height]);
    return descriptors;
  }

  /** [DESCRIPTOR], the mean of a frame's descriptors. */
  mean(descriptors: GpuSlice): GpuSlice {
    const cells = descriptors.bytes / (WORD * DESCRIPTOR);
    const zeros = this.#memory.join([undefined], WORD * Math.max(cells, DESCRIPTOR));
    const mean = this.#weigh(descriptors, zeros, zeros, 1 / cells, 1);
    zeros.free();
    return mean;
  }

  /** [objects, DESCRIPTOR], a frame's descriptors less their mean, each times its cell's share of the object: their sums. */
  looks(descriptors: GpuSlice, mean: GpuSlice, labels: GpuSlice, count: number): GpuSlice {
    return this.#weigh(descriptors, mean, labels, 0, count);
  }

  /**
   * What is to be known of objects, for `readSummary`.
   *
   * @param extents of `pool`
   * @param earlier for each object, looks to compare its with
   */
  summarise(extents: GpuSlice, looks: GpuSlice, earlier: readonly (readonly GpuSlice[])[]): GpuSlice {
    const summaries = this.#memory.allocate(WORD * SUMMARY_WORDS * earlier.length);
    const all = earlier.flat();
    // Every binding has to be something.
    const others = all.length > 0 ? this.#memory.join(all, WORD * DESCRIPTOR * all.length) : looks;
    let first = 0;
    const compared = earlier.flatMap(({ length }) => [(first += length) - length, length]);
    this.#summarise.run(
      Uint32Array.from(compared).buffer,
      [extents, looks, others, summaries],
      [earlier.length, 1],
    );
    if (others !== looks) others.free();
    return summaries;
  }

  /** The objects' shares of each cell of the frame, [objects, cells], and their extents, for `summarise`. @param logits [objects, 256, 256] */
  pool(logits: GpuSlice, count: number, grid: Size): { labels: GpuSlice; extents: GpuSlice } {
    const labels = this.#memory.allocate(WORD * grid.width * grid.height * count);
    const extents = this.#memory.join([undefined], WORD * EXTENT_WORDS * count);
    this.#pool.run(
      Uint32Array.of(grid.width, grid.height).buffer,
      [logits, labels, extents],
      [Math.ceil(grid.width / SQUARE), Math.ceil(grid.height / SQUARE), count],
    );
    return { labels, extents };
  }

  #weigh(descriptors: GpuSlice, centre: GpuSlice, weights: GpuSlice, even: number, count: number): GpuSlice {
    const cells = descriptors.bytes / (WORD * DESCRIPTOR);
    const sums = this.#memory.allocate(WORD * DESCRIPTOR * count);
    const parameters = new ArrayBuffer(2 * WORD);
    new Uint32Array(parameters).set([cells]);
    new Float32Array(parameters).set([even], 1);
    const groups = Math.ceil(DESCRIPTOR / CHANNELS);
    this.#sum.run(parameters, [descriptors, centre, weights, sums], [groups, count]);
    return sums;
  }
}

/** What came back of one of the objects: its area in mask cells, its bounds in cells of the frame, its likeness to `compared` earlier looks. */
export function readSummary(
  summaries: ArrayBuffer,
  object: number,
  grid: Size,
  compared: number,
): Pick<Remembered, 'area' | 'bounds' | 'likeness'> {
  const start = WORD * SUMMARY_WORDS * object;
  const [area = 0] = new Uint32Array(summaries, start, 1);
  const [left = 0, top = 0, x1 = 0, y1 = 0] = new Uint8Array(summaries, start + WORD, WORD);
  return {
    area,
    bounds: x1 === 0 ? null : { x0: grid.width - left, y0: grid.height - top, x1, y1 },
    likeness: [...new Float32Array(summaries, start + 2 * WORD, compared)],
  };
}
