import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { MASK_CELL, MASK_SIDE } from '../decoder.ts';
import { CELL, DESCRIPTOR, SIDE, STAGE_1_CHANNELS, STAGE_2_CHANNELS } from '../features.ts';
import { OBJECT_SHARE } from '../memoryAttention.ts';
import { MOST_LOOKS, type Remembered } from '../tracking.ts';
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

/** A frame's cells and an object's share of them, on the GPU. */
export class GpuCells {
  readonly #memory: GpuMemory;
  readonly #describe: Kernel;
  readonly #sum: Kernel;
  readonly #pool: Kernel;
  readonly #summarise: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#describe = new Kernel(memory, 'describeCells', describeShader, {
      SIDE,
      STAGE_2_CHANNELS,
      STAGE_1_CHANNELS,
    });
    this.#sum = new Kernel(memory, 'sumCells', sumShader, { LENGTH: DESCRIPTOR });
    this.#pool = new Kernel(memory, 'poolLabel', poolShader, {
      MASK_SIDE,
      FACTOR: CELL / MASK_CELL,
      OBJECT_SHARE,
    });
    this.#summarise = new Kernel(memory, 'summariseObject', summariseShader, { LENGTH: DESCRIPTOR });
  }

  /** [cells, DESCRIPTOR], of the encoder's inner layers: [1, 4096, 160] and [1, 16384, 128]. */
  describe(stage2: GpuSlice, stage1: GpuSlice, grid: Size): GpuSlice {
    const descriptors = this.#memory.allocate(WORD * grid.width * grid.height * DESCRIPTOR);
    const parameters = Uint32Array.of(grid.width, grid.height).buffer;
    this.#describe.run(parameters, [stage2, stage1, descriptors], [grid.width, grid.height]);
    return descriptors;
  }

  /** [DESCRIPTOR], the mean of a frame's descriptors. */
  mean(descriptors: GpuSlice): GpuSlice {
    const cells = descriptors.bytes / (WORD * DESCRIPTOR);
    const zeros = this.#memory.join([undefined], WORD * Math.max(cells, DESCRIPTOR));
    const mean = this.#weigh(descriptors, zeros, zeros, { cells, even: 1 / cells });
    zeros.free();
    return mean;
  }

  /** [DESCRIPTOR], an object's descriptors less the frame's mean, each times its cell's share of the object: their sum. */
  look(descriptors: GpuSlice, mean: GpuSlice, label: GpuSlice): GpuSlice {
    return this.#weigh(descriptors, mean, label, { cells: label.bytes / WORD, even: 0 });
  }

  /**
   * What is to be known of an object, for `readSummary`.
   *
   * @param extent of `pool`
   * @param earlier looks to compare with
   */
  summarise(extent: GpuSlice, look: GpuSlice, earlier: readonly GpuSlice[]): GpuSlice {
    const summary = this.#memory.allocate(WORD * SUMMARY_WORDS);
    // Every binding has to be something.
    const others = Array.from({ length: MOST_LOOKS }, (_, i) => earlier[i] ?? look);
    this.#summarise.run(Uint32Array.of(earlier.length, 0).buffer, [extent, look, ...others, summary], [1, 1]);
    return summary;
  }

  /** The share of object in each cell of the frame, [cells], and its extent, for `summarise`. */
  pool(logits: GpuSlice, grid: Size): { label: GpuSlice; extent: GpuSlice } {
    const label = this.#memory.allocate(WORD * grid.width * grid.height);
    const extent = this.#memory.join([undefined], WORD * EXTENT_WORDS);
    const groups = [Math.ceil(grid.width / SQUARE), Math.ceil(grid.height / SQUARE)] as const;
    this.#pool.run(Uint32Array.of(grid.width, grid.height).buffer, [logits, label, extent], groups);
    return { label, extent };
  }

  #weigh(
    descriptors: GpuSlice,
    centre: GpuSlice,
    weights: GpuSlice,
    { cells, even }: { cells: number; even: number },
  ): GpuSlice {
    const sums = this.#memory.allocate(WORD * DESCRIPTOR);
    const parameters = new ArrayBuffer(2 * WORD);
    new Uint32Array(parameters).set([cells]);
    new Float32Array(parameters).set([even], 1);
    const groups = Math.ceil(DESCRIPTOR / CHANNELS);
    this.#sum.run(parameters, [descriptors, centre, weights, sums], [groups, 1]);
    return sums;
  }
}

/** What came back of an object: its area in mask cells, its bounds in cells of the frame, its likeness to `compared` earlier looks. */
export function readSummary(
  summary: ArrayBuffer,
  grid: Size,
  compared: number,
): Pick<Remembered, 'area' | 'bounds' | 'likeness'> {
  const [area = 0] = new Uint32Array(summary);
  const [left = 0, top = 0, x1 = 0, y1 = 0] = new Uint8Array(summary, WORD, WORD);
  return {
    area,
    bounds: x1 === 0 ? null : { x0: grid.width - left, y0: grid.height - top, x1, y1 },
    likeness: [...new Float32Array(summary, 2 * WORD, compared)],
  };
}
