import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import type { DeviceTensor, GraphRuntime, GraphSession } from '../../../models/graph.ts';
import { onGpu } from '../../../models/tensorStore.ts';
import type { CellBox } from '../../masks/grid.ts';
import { DESCRIPTOR, STAGE_2_CHANNELS, type EmbeddedFeatures } from '../features.ts';
import { ATTENTION, cellCount, WIDTH, type AttentionPlan } from '../memoryAttention.ts';
import { TUNED } from '../tuned.ts';
import cellsShader from './gatherCells.wgsl?raw';
import labelsShader from './gatherLabels.wgsl?raw';

const WORD = 4;
/** Cells on each side of the squares that labels are gathered in. */
const SQUARE = 8;
const WINDOW_BYTES = 48;

/** The guess on the GPU, for the cells that were asked: [Q, 1] both, to be freed. */
export interface GpuGuess {
  readonly asked: CellBox;
  readonly probability: GpuSlice;
  /** The best score of each cell. */
  readonly best: GpuSlice;
}

/** Channels that carry position and discount; see gatherCells.wgsl. */
interface Position {
  readonly along: number;
  readonly third: readonly [constant: number, perSquare: number];
  readonly fourth: readonly [constant: number, perSquare: number];
}

const QUERY: Position = { along: 1, third: [0, 1], fourth: [1, 0] };

/** The attention of `EmbeddedMemoryAttention` with queries, keys and labels that never leave the GPU. */
export class GpuAttention {
  readonly #memory: GpuMemory;
  readonly #session: GraphSession;
  readonly #cells: Kernel;
  readonly #labels: Kernel;

  private constructor(memory: GpuMemory, session: GraphSession) {
    this.#memory = memory;
    this.#session = session;
    this.#cells = new Kernel(memory, 'gatherCells', cellsShader, {
      LENGTH: DESCRIPTOR,
      FIRST_PART: STAGE_2_CHANNELS,
    });
    this.#labels = new Kernel(memory, 'gatherLabels', labelsShader);
  }

  static async load(runtime: GraphRuntime, memory: GpuMemory): Promise<GpuAttention> {
    return new GpuAttention(memory, await runtime.load('memory attention', ATTENTION));
  }

  async guess(
    { grid, descriptors }: EmbeddedFeatures,
    { asked, remembered, count }: AttentionPlan,
    meanDescriptor: DeviceTensor,
  ): Promise<GpuGuess> {
    const centre = onGpu(meanDescriptor);
    const rows = cellCount(asked);
    const queries = this.#memory.allocate(WORD * rows * WIDTH);
    const keys = this.#memory.allocate(WORD * count * WIDTH);
    const labels = this.#memory.allocate(WORD * count);
    try {
      this.#gather(
        onGpu(descriptors),
        centre,
        grid,
        asked,
        { to: queries, row: 0 },
        QUERY,
        1 / TUNED.temperature,
      );
      for (const { memory, window, first, local, discount } of remembered) {
        const inverse = local ? 1 / TUNED.positionSpread ** 2 : 0;
        const key: Position = {
          along: inverse,
          third: [-inverse / 2, 0],
          fourth: [-discount, -inverse / 2],
        };
        this.#gather(
          onGpu(memory.descriptors),
          centre,
          memory.grid,
          window,
          { to: keys, row: first },
          key,
          1,
        );
        this.#gatherLabels(onGpu(memory.label), memory.grid, window, { to: labels, row: first });
      }
      const { guess, best } = await this.#session.runInPlace(
        {
          queries: { slice: queries, dims: [rows, WIDTH] },
          keys: { slice: keys, dims: [count, WIDTH] },
          labels: { slice: labels, dims: [count, 1] },
        },
        ['guess', 'best'],
      );
      return { asked, probability: onGpu(guess), best: onGpu(best) };
    } finally {
      for (const slice of [queries, keys, labels]) slice.free();
    }
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }

  /** Writes a window's cells to the rows of a matrix, from `row` on. */
  #gather(
    descriptors: GpuSlice,
    centre: GpuSlice,
    grid: Size,
    window: CellBox,
    { to, row }: { to: GpuSlice; row: number },
    { along, third, fourth }: Position,
    scale: number,
  ): void {
    const parameters = new ArrayBuffer(WINDOW_BYTES);
    const columns = window.x1 - window.x0;
    new Uint32Array(parameters).set([grid.width, grid.height, window.x0, window.y0, columns, row]);
    new Float32Array(parameters).set([scale, along, ...third, ...fourth], 6);
    this.#cells.run(parameters, [descriptors, centre, to], [columns, window.y1 - window.y0]);
  }

  #gatherLabels(
    label: GpuSlice,
    grid: Size,
    { x0, y0, x1, y1 }: CellBox,
    { to, row }: { to: GpuSlice; row: number },
  ): void {
    const parameters = Uint32Array.of(x0, y0, x1 - x0, y1 - y0, grid.width, row).buffer;
    const groups = [Math.ceil((x1 - x0) / SQUARE), Math.ceil((y1 - y0) / SQUARE)] as const;
    this.#labels.run(parameters, [label, to], groups);
  }
}
