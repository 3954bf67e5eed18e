import type { ModelFit, Size } from '../../src/core/geometry.ts';
import { bitWords } from '../../src/core/rle.ts';
import fillShader from './fillHoles.wgsl?raw';
import type { GpuMemory, GpuSlice } from './gpuMemory.ts';
import { Kernel } from './kernel.ts';
import bitsShader from './maskBits.wgsl?raw';
import separateShader from './separateMasks.wgsl?raw';

/** Cells on each side of the squares, and words or cells in the rows, that the kernels work in. */
const SQUARE = 8;
const ROW = 64;

/** Mask logits of several objects, one after the other. */
export interface MaskGrids {
  /** The whole of a buffer. */
  readonly slice: GpuSlice;
  readonly dims: readonly [masks: number, side: number, side: number];
}

/** Turns mask logits into finished masks on the GPU, so that one bit a pixel comes back instead of logits. */
export class MaskKernels {
  readonly #memory: GpuMemory;
  readonly #fill: Kernel;
  readonly #separate: Kernel;
  readonly #bits: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#fill = new Kernel(memory, 'fillHoles', fillShader);
    this.#separate = new Kernel(memory, 'separateMasks', separateShader);
    this.#bits = new Kernel(memory, 'maskBits', bitsShader);
  }

  /** The masks without small holes, new. */
  fillHoles({ slice, dims }: MaskGrids): MaskGrids {
    const [masks, side] = dims;
    const filled = this.#memory.allocate(slice.bytes);
    this.#fill.run(
      Uint32Array.of(side, masks).buffer,
      [slice, filled],
      [Math.ceil(side / SQUARE), Math.ceil((side * masks) / SQUARE)],
    );
    return { slice: filled, dims };
  }

  /** The first masks without each other's cells and those of the last `owners` of them, new. */
  separate({ slice, dims: [masks, side] }: MaskGrids, owners: number): MaskGrids {
    const claims = masks - owners;
    const cells = side * side;
    const separated = this.#memory.allocate(claims * cells * Float32Array.BYTES_PER_ELEMENT);
    this.#separate.run(
      Uint32Array.of(cells, claims, owners, 0).buffer,
      [slice, separated],
      [Math.ceil(cells / ROW), 1],
    );
    return { slice: separated, dims: [claims, side, side] };
  }

  /**
   * The masks in pixels of a clip, one bit each, as `encodeBits` takes them: `bitWords(video)` words a mask, new.
   *
   * @param fit how the clip's frames lie in the model's input, which the grid covers
   */
  bits({ slice, dims: [masks, side] }: MaskGrids, fit: ModelFit, video: Size): GpuSlice {
    const density = side / fit.side;
    const words = bitWords(video);
    const parameters = new ArrayBuffer(32);
    new Float32Array(parameters).set([fit.scale.x * density, fit.scale.y * density]);
    const covered = (model: number) => Math.min(side, Math.ceil(model * density));
    new Uint32Array(parameters, 8).set([covered(fit.content.width), covered(fit.content.height)]);
    new Uint32Array(parameters, 16).set([video.width, video.height, side, words]);
    const bits = this.#memory.allocate(masks * words * Uint32Array.BYTES_PER_ELEMENT);
    this.#bits.run(parameters, [slice, bits], [Math.ceil(words / ROW), masks]);
    return bits;
  }
}
