import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { onGpu } from '../../../models/tensorStore.ts';
import type { CellBox } from '../../masks/grid.ts';
import { DESCRIPTOR, STAGE_2_CHANNELS, type EmbeddedFeatures } from '../features.ts';
import { WIDTH } from '../memoryAttention.ts';
import type { Search } from '../tracking.ts';
import { TUNED } from '../tuned.ts';
import { attentionSpans, type Batch } from './attentionSpans.ts';
import type { GuessBatch } from './guessBatch.ts';
import attendShader from './attendSpans.wgsl?raw';
import gatherShader from './gatherCells.wgsl?raw';
import joinShader from './joinSpans.wgsl?raw';

const WORD = 4;
const VECTOR = 4;
/** Numbers in a row of queries or keys: what is compared, and a vector that starts with the cell's label. */
const ROW = WIDTH + VECTOR;
/** Of a frame, and of each of its windows; see gatherCells.wgsl. */
const FRAME_WORDS = 2;
const WINDOW_WORDS = 12;
const NO_LABEL = 0xffffffff;
/** Best score, and sums; see attendSpans.wgsl. */
const PART_WORDS = 3;
/** Bytes that queries, keys, or what spans find may take at once: as much as the memory of eight followed objects, and a few lost ones. */
const MOST_BYTES = 2 ** 26;
/** Queries that a workgroup of attendSpans.wgsl has, and of joinSpans.wgsl. */
const LINE = 64;

type Asked = Pick<Search, 'plan' | 'meanDescriptor'>;

/** Cells of a frame that become rows. */
interface Window {
  readonly cells: CellBox;
  /** That of the first cell. */
  readonly row: number;
  /** Where the labels of its frame start. */
  readonly label: number;
  readonly scale: number;
  readonly position: Position;
}

/** Channels that carry position and discount; see gatherCells.wgsl. */
interface Position {
  readonly along: number;
  readonly third: readonly [constant: number, perSquare: number];
  readonly fourth: readonly [constant: number, perSquare: number];
}

const QUERY: Position = { along: 1, third: [0, 1], fourth: [1, 0] };

/** Windows of a frame that are compared by one mean. */
interface FrameWindows {
  readonly descriptors: GpuSlice;
  readonly mean: GpuSlice;
  readonly grid: Size;
  readonly windows: Window[];
}

/**
 * The attention of `EmbeddedMemoryAttention` for all searches of a frame at once, by kernels instead of a graph: how many queries and keys a
 * search has changes from frame to frame, and kernels need neither padding nor a matrix of scores.
 */
export class GpuAttention {
  readonly #memory: GpuMemory;
  readonly #mostBytes: number;
  readonly #gather: Kernel;
  readonly #attend: Kernel;
  readonly #join: Kernel;

  /** @param mostBytes that queries, keys, or what spans find may take at once, as far as that is more than one search takes */
  constructor(memory: GpuMemory, mostBytes = MOST_BYTES) {
    this.#memory = memory;
    this.#mostBytes = mostBytes;
    this.#gather = new Kernel(memory, 'gatherCells', gatherShader, {
      ...{ LENGTH: DESCRIPTOR, FIRST_PART: STAGE_2_CHANNELS, ROW },
    });
    this.#attend = new Kernel(memory, 'attendSpans', attendShader, {
      ...{ ROW: ROW / VECTOR, COMPARED: WIDTH / VECTOR },
    });
    this.#join = new Kernel(memory, 'joinSpans', joinShader);
  }

  /** Writes probabilities and best scores of the searches to their places in the batch. */
  guess(features: EmbeddedFeatures, asked: readonly Asked[], { values, guesses }: GuessBatch): void {
    const { batches, searches, parts } = attentionSpans(
      asked.map(({ plan }) => plan),
      Math.floor(this.#mostBytes / (WORD * ROW)),
    );
    const bytes = WORD * PART_WORDS * parts;
    if (bytes > this.#mostBytes && asked.length > 1) {
      const half = asked.length >> 1;
      for (const [first, end] of [
        [0, half],
        [half, asked.length],
      ] as const)
        this.guess(features, asked.slice(first, end), { values, guesses: guesses.slice(first, end) });
      return;
    }
    const found = this.#memory.allocate(bytes);
    try {
      for (const [i, batch] of batches.entries()) {
        // What the batch before was compared in can then be let go.
        if (i > 0) this.#memory.submit();
        this.#attendTo(features, asked, batch, found);
      }
      const places = searches.flatMap(({ queries, part, spans }, i) => {
        const { probabilities, best } = at(guesses, i);
        return [queries, part, spans, probabilities[0], best];
      });
      const lines = Math.ceil(Math.max(...searches.map(({ queries }) => queries)) / LINE);
      this.#join.run(Uint32Array.from(places).buffer, [found, values], [lines, searches.length]);
    } finally {
      found.free();
    }
  }

  #attendTo(features: EmbeddedFeatures, asked: readonly Asked[], batch: Batch, found: GpuSlice): void {
    const held: GpuSlice[] = [];
    try {
      const queries = this.#gatherQueries(features, asked, batch, held);
      const keys = this.#gatherKeys(asked, batch, held);
      const spans = batch.spans.flatMap((span) => [
        ...[span.query, span.queries, span.key, span.keys],
        span.part,
      ]);
      const lines = Math.ceil(Math.max(...batch.spans.map((span) => span.queries)) / LINE);
      this.#attend.run(Uint32Array.from(spans).buffer, [queries, keys, found], [lines, batch.spans.length]);
    } finally {
      for (const slice of held) slice.free();
    }
  }

  /** @param held what is made is added, to be freed */
  #gatherQueries(
    { grid, descriptors }: EmbeddedFeatures,
    asked: readonly Asked[],
    batch: Batch,
    held: GpuSlice[],
  ): GpuSlice {
    const frames: FrameWindows[] = [];
    for (const [search, row] of batch.queries) {
      const { plan, meanDescriptor } = at(asked, search);
      const window = {
        cells: plan.asked,
        row,
        label: NO_LABEL,
        scale: 1 / TUNED.temperature,
        position: QUERY,
      };
      addWindow(frames, { descriptors: onGpu(descriptors), mean: onGpu(meanDescriptor), grid }, window);
    }
    return this.#gatherAll(frames, batch.queryRows, undefined, held);
  }

  /** @param held what is made is added, to be freed */
  #gatherKeys(asked: readonly Asked[], batch: Batch, held: GpuSlice[]): GpuSlice {
    const frames: FrameWindows[] = [];
    const labels: GpuSlice[] = [];
    let label = 0;
    for (const { search, remembered, row } of batch.windows) {
      const { plan, meanDescriptor } = at(asked, search);
      const { memory, window: cells, local, discount } = at(plan.remembered, remembered);
      const inverse = local ? 1 / TUNED.positionSpread ** 2 : 0;
      const position: Position = {
        along: inverse,
        third: [-inverse / 2, 0],
        fourth: [-discount, -inverse / 2],
      };
      const frame = {
        descriptors: onGpu(memory.descriptors),
        mean: onGpu(meanDescriptor),
        grid: memory.grid,
      };
      addWindow(frames, frame, { cells, row, label, scale: 1, position });
      const own = onGpu(memory.label);
      labels.push(own);
      label += own.bytes / WORD;
    }
    const joined = this.#memory.join(labels, WORD * label);
    held.push(joined);
    return this.#gatherAll(frames, batch.keyRows, joined, held);
  }

  /** @param labels of the windows' frames, if they have any */
  #gatherAll(
    frames: readonly FrameWindows[],
    count: number,
    labels: GpuSlice | undefined,
    held: GpuSlice[],
  ): GpuSlice {
    const rows = this.#memory.allocate(WORD * ROW * count);
    held.push(rows);
    for (const { descriptors, mean, grid, windows } of frames) {
      const parameters = new ArrayBuffer(WORD * (FRAME_WORDS + WINDOW_WORDS * windows.length));
      const [whole, real] = [new Uint32Array(parameters), new Float32Array(parameters)];
      whole.set([grid.width, grid.height]);
      const most = { width: 0, height: 0 };
      windows.forEach(({ cells: { x0, y0, x1, y1 }, row, label, scale, position }, i) => {
        const start = FRAME_WORDS + WINDOW_WORDS * i;
        whole.set([x0, y0, x1 - x0, y1 - y0, row, label], start);
        real.set([scale, position.along, ...position.third, ...position.fourth], start + 6);
        most.width = Math.max(most.width, x1 - x0);
        most.height = Math.max(most.height, y1 - y0);
      });
      this.#gather.run(
        parameters,
        // Every binding has to be something.
        [descriptors, mean, labels ?? mean, rows],
        [most.width, most.height, windows.length],
      );
    }
    return rows;
  }
}

/** Adds a window to those of its frame that are compared by the same mean. */
function addWindow(frames: FrameWindows[], frame: Omit<FrameWindows, 'windows'>, window: Window): void {
  const known = frames.find(
    ({ descriptors, mean }) => areSame(descriptors, frame.descriptors) && areSame(mean, frame.mean),
  );
  if (known) known.windows.push(window);
  else frames.push({ ...frame, windows: [window] });
}

/** Whether two slices are of the same bytes. */
function areSame(a: GpuSlice, b: GpuSlice): boolean {
  return a.buffer === b.buffer && a.offset === b.offset;
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new RangeError('A batch is of searches, their memories and their places.');
  return value;
}
