import { writeOnnx } from '../../models/onnxFile.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { tensor, type DeviceTensor, type GraphRuntime, type GraphSession } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { growBox, type CellBox, type Grid } from '../masks/grid.ts';
import { SpareBuffer } from '../input/spareBuffer.ts';
import { DESCRIPTOR, unitDescriptors, type EmbeddedFeatures } from './features.ts';
import { TUNED } from './tuned.ts';

/** Four channels after the descriptor carry the position term, so that one matrix product gives the whole score. */
const POSITION_CHANNELS = 4;
export const WIDTH = DESCRIPTOR + POSITION_CHANNELS;

/** What the attention needs of a past frame. */
export interface AttendableFrame {
  /** Cells of the frame. */
  readonly grid: Size;
  /** [cells, DESCRIPTOR]. */
  readonly descriptors: DeviceTensor;
  /** [cells], the share of object pixels in each. */
  readonly label: DeviceTensor;
  /** Round the cells that count as the object's; `null` where there are none. */
  readonly bounds: CellBox | null;
}

/** A past frame as it takes part in one frame's attention. */
export interface AttendedFrame {
  readonly memory: AttendableFrame;
  /** Whether its cells are expected near where they were. */
  readonly local: boolean;
  /** Whether all its cells take part, or those round the object only. */
  readonly whole: boolean;
  /** Taken off its scores: how much less it is believed. */
  readonly discount: number;
}

/** The cells that take part in one frame's attention. */
export interface AttentionPlan {
  /** Those of the frame that are asked. */
  readonly asked: CellBox;
  readonly remembered: readonly (AttendedFrame & {
    readonly window: CellBox;
    /** Where its cells start among the keys. */
    readonly first: number;
  })[];
  /** Of keys. */
  readonly count: number;
}

/** @param near only cells within and round this box are asked; `null` asks all */
export function planAttention(
  grid: Size,
  memories: readonly AttendedFrame[],
  near: CellBox | null,
): AttentionPlan {
  let count = 0;
  const remembered = memories.map((attended) => {
    const { whole, memory } = attended;
    const window = around(whole ? null : memory.bounds, TUNED.rememberedMargin, memory.grid);
    const first = count;
    count += cellCount(window);
    return { ...attended, window, first };
  });
  return { asked: around(near, TUNED.reach, grid), remembered, count };
}

export interface Guess {
  /** The probability, 0 to 1, that each cell of the frame belongs to the object; 0 where it was not asked. */
  readonly probability: Grid;
  /** How well each cell resembles the best remembered one: a cosine, less position and discount; NaN where it was not asked. */
  readonly resemblance: Float32Array;
}

/** What a guess says as a whole. */
export interface GuessSummary {
  /** The highest probability. */
  readonly best: number;
  /** How well the likely cells resemble the best remembered ones. */
  readonly peak: number;
}

/** The highest probability of a guess, and the mean resemblance of its cells, weighted by probability. */
export function summariseGuess({ probability: { data }, resemblance }: Guess): GuessSummary {
  let best = 0;
  let weight = 0;
  let weighted = 0;
  for (let cell = 0; cell < data.length; cell++) {
    const p = data[cell] ?? 0;
    if (p === 0) continue;
    best = Math.max(best, p);
    weight += p;
    weighted += p * (resemblance[cell] ?? 0);
  }
  return { best, peak: weight > 0 ? weighted / weight : 0 };
}

/** softmax(queries · keysᵀ) · labels and the rows' maxima: [Q, W], [K, W], [K, 1] → [Q, 1], [Q, 1]. A GPU has kernels instead: gpu/gpuAttention.ts. */
export const ATTENTION = writeOnnx({
  name: 'memory-attention',
  inputs: [
    { name: 'queries', dims: ['Q', WIDTH] },
    { name: 'keys', dims: ['K', WIDTH] },
    { name: 'labels', dims: ['K', 1] },
  ],
  nodes: [
    { op: 'Transpose', inputs: ['keys'], outputs: ['keys_t'], attributes: { perm: [1, 0] } },
    { op: 'MatMul', inputs: ['queries', 'keys_t'], outputs: ['scores'] },
    { op: 'Softmax', inputs: ['scores'], outputs: ['weights'], attributes: { axis: -1 } },
    { op: 'MatMul', inputs: ['weights', 'labels'], outputs: ['guess'] },
    { op: 'ReduceMax', inputs: ['scores'], outputs: ['best'], attributes: { axes: [1] } },
  ],
  outputs: [
    { name: 'guess', dims: ['Q', 1] },
    { name: 'best', dims: ['Q', 1] },
  ],
});

/**
 * Attention from a frame's cells to those of past frames, in the place of SAM 2's memory attention; it has no weights. Each
 * cell takes the label of the remembered cells that look like it, and, for recent memories, that are near it:
 *
 *     score(q, k) = cos(q, k) / temperature − |position q − position k|² / (2 · spread²) − discount
 */
export class EmbeddedMemoryAttention {
  readonly #session: GraphSession;
  readonly #spare = new SpareBuffer();
  /** Of the frame that was asked last. */
  #asked: { readonly units: Float32Array; readonly queries: Float32Array } | undefined;
  readonly #units = new WeakMap<
    Float32Array,
    { readonly mean: Float32Array; readonly units: Float32Array }
  >();

  private constructor(session: GraphSession) {
    this.#session = session;
  }

  static async load(runtime: GraphRuntime): Promise<EmbeddedMemoryAttention> {
    return new EmbeddedMemoryAttention(await runtime.load('memory attention', ATTENTION));
  }

  /** Where the object is likely to be; cells that are not asked get 0. */
  async guess(
    { grid, descriptors }: EmbeddedFeatures,
    plan: AttentionPlan,
    meanDescriptor: DeviceTensor,
  ): Promise<Guess> {
    const mean = onCpu(meanDescriptor).data;
    const { asked, remembered, count } = plan;
    const queryCount = cellCount(asked);
    const numbers = (queryCount + count) * WIDTH + count;
    const { guess, best: scores } = await this.#spare.use(numbers, (room) => {
      const queries = room.subarray(0, queryCount * WIDTH);
      const keys = room.subarray(queries.length, queries.length + count * WIDTH);
      const labels = room.subarray(queries.length + keys.length);
      copyCells(this.#queryRows(onCpu(descriptors).data, mean, grid), WIDTH, grid.width, asked, queries, 0);
      for (const memory of remembered) this.#writeKeys(keys, labels, memory, mean);
      return this.#session.run(
        {
          queries: tensor(queries, [queryCount, WIDTH]),
          keys: tensor(keys, [count, WIDTH]),
          labels: tensor(labels, [count, 1]),
        },
        ['guess', 'best'],
      );
    });
    const probability = new Float32Array(grid.width * grid.height);
    const resemblance = new Float32Array(probability.length).fill(NaN);
    for (let y = asked.y0, query = 0; y < asked.y1; y++) {
      for (let x = asked.x0; x < asked.x1; x++, query++) {
        const cell = y * grid.width + x;
        probability[cell] = guess.data[query] ?? 0;
        resemblance[cell] = (scores.data[query] ?? 0) * TUNED.temperature;
      }
    }
    return { probability: { ...grid, data: probability }, resemblance };
  }

  #writeKeys(
    keys: Float32Array,
    labels: Float32Array,
    { memory, local, discount, window, first }: AttentionPlan['remembered'][number],
    mean: Float32Array,
  ): void {
    const { width, height } = memory.grid;
    copyCells(this.#unitRows(onCpu(memory.descriptors).data, mean), WIDTH, width, window, keys, first);
    copyCells(onCpu(memory.label).data, 1, width, window, labels, first);
    const nearness = local ? 1 / TUNED.positionSpread ** 2 : 0;
    for (let y = window.y0, at = first * WIDTH + DESCRIPTOR; y < window.y1; y++) {
      for (let x = window.x0; x < window.x1; x++, at += WIDTH) {
        const [across, down] = [x - width / 2, y - height / 2];
        keys[at] = across * nearness;
        keys[at + 1] = down * nearness;
        keys[at + 2] = -nearness / 2;
        keys[at + 3] = (-nearness / 2) * (across * across + down * down) - discount;
      }
    }
  }

  /** A frame's cells as queries, [cells, WIDTH]: the same for all objects that are compared by one mean. */
  #queryRows(descriptors: Float32Array, mean: Float32Array, { width, height }: Size): Float32Array {
    const units = this.#unitRows(descriptors, mean);
    if (this.#asked?.units === units) return this.#asked.queries;
    const queries = this.#asked?.queries.length === units.length ? this.#asked.queries : units.slice();
    let at = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (const end = at + DESCRIPTOR; at < end; at++) queries[at] = (units[at] ?? 0) / TUNED.temperature;
        const [across, down] = [x - width / 2, y - height / 2];
        queries[at++] = across;
        queries[at++] = down;
        queries[at++] = across * across + down * down;
        queries[at++] = 1;
      }
    }
    this.#asked = { units, queries };
    return queries;
  }

  /**
   * A frame's descriptors, centred and of unit length, [cells, WIDTH] with room for positions: computed once for all objects, and
   * for all frames that remember it.
   */
  #unitRows(descriptors: Float32Array, mean: Float32Array): Float32Array {
    const known = this.#units.get(descriptors);
    if (known?.mean === mean) return known.units;
    const units = unitDescriptors(descriptors, mean, WIDTH);
    this.#units.set(descriptors, { mean, units });
    return units;
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

/** The cells round an object; all where there is none. */
function around(bounds: CellBox | null, margin: number, grid: Size): CellBox {
  return bounds ? growBox(bounds, margin, grid) : { x0: 0, y0: 0, x1: grid.width, y1: grid.height };
}

/** Number of cells in a box. */
export function cellCount({ x0, y0, x1, y1 }: CellBox): number {
  return (x1 - x0) * (y1 - y0);
}

/** Copies the cells of a window, `length` numbers each, from a frame `width` cells wide: to `out`, where they start as cell `first`. */
function copyCells(
  cells: Float32Array,
  length: number,
  width: number,
  { x0, y0, x1, y1 }: CellBox,
  out: Float32Array,
  first: number,
): void {
  // A row of the window is a piece of the frame.
  for (let y = y0, to = first; y < y1; y++, to += x1 - x0)
    out.set(cells.subarray((y * width + x0) * length, (y * width + x1) * length), to * length);
}
