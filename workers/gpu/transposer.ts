import type { GpuMemory, GpuSlice } from './gpuMemory.ts';
import { Kernel } from './kernel.ts';
import shader from './transpose.wgsl?raw';

/** Values on each side of the squares that the kernel works in. */
const WORKGROUP = 8;

/** Swaps rows and columns on the GPU. */
export class Transposer {
  readonly #memory: GpuMemory;
  readonly #kernel: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#kernel = new Kernel(memory, 'transpose', shader);
  }

  /** [columns, rows] of [rows, columns], in a new buffer. */
  transpose(given: GpuSlice, rows: number, columns: number): GpuSlice {
    const swapped = this.#memory.allocate(given.bytes);
    this.#kernel.run(
      Uint32Array.of(rows, columns).buffer,
      [given, swapped],
      [Math.ceil(columns / WORKGROUP), Math.ceil(rows / WORKGROUP)],
    );
    return swapped;
  }
}
