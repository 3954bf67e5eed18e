import { writeOnnx } from '../../models/onnxFile.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { tensor, type DeviceTensor, type GraphRuntime, type GraphSession } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { growBox, type CellBox, type Grid } from '../grid.ts';
import { DESCRIPTOR, writeUnitDescriptor, type EmbeddedFeatures } from './features.ts';

/** Softmax temperature of the descriptors' similarity. */
export const TEMPERATURE = 0.03;
/** Spread, in cells, of where a recent memory expects its cells to be found again. */
export const POSITION_SPREAD = 6;
/** A cell counts as the object's from this share of object pixels. */
export const OBJECT_SHARE = 0.3;
/** Cells round the object that are compared: context tells an object from its like. */
const QUERY_MARGIN = 8;
const KEY_MARGIN = 10;

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
    const window = around(whole ? null : memory.bounds, KEY_MARGIN, memory.grid);
    const first = count;
    count += cellCount(window);
    return { ...attended, window, first };
  });
  return { asked: around(near, QUERY_MARGIN, grid), remembered, count };
}

export interface Guess {
  /** The probability, 0 to 1, that each cell of the frame belongs to the object. */
  readonly probability: Grid;
  /** How well the likely cells resemble the best remembered ones: a cosine, less position and discount. */
  readonly peak: number;
}

/** softmax(queries · keysᵀ) · labels and the rows' maxima: [Q, W], [K, W], [K, 1] → [Q, 1], [Q, 1]. */
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
    const asked = cellsIn(plan.asked, grid);
    const asking = this.#unitDescriptors(onCpu(descriptors).data, mean);
    const queries = new Float32Array(asked.length * WIDTH);
    asked.forEach((cell, i) => {
      for (let from = cell * DESCRIPTOR, to = i * WIDTH; to < i * WIDTH + DESCRIPTOR; from++, to++)
        queries[to] = (asking[from] ?? 0) / TEMPERATURE;
      const { x, y } = centred(cell, grid);
      queries.set([x, y, x * x + y * y, 1], i * WIDTH + DESCRIPTOR);
    });

    const keys = new Float32Array(plan.count * WIDTH);
    const labels = new Float32Array(plan.count);
    for (const { memory, local, discount, window, first } of plan.remembered) {
      const units = this.#unitDescriptors(onCpu(memory.descriptors).data, mean);
      const label = onCpu(memory.label).data;
      cellsIn(window, memory.grid).forEach((cell, i) => {
        const key = first + i;
        keys.set(units.subarray(cell * DESCRIPTOR, (cell + 1) * DESCRIPTOR), key * WIDTH);
        const at = key * WIDTH + DESCRIPTOR;
        if (local) {
          const { x, y } = centred(cell, grid);
          const inverse = 1 / POSITION_SPREAD ** 2;
          keys.set([x * inverse, y * inverse, -inverse / 2, (-inverse / 2) * (x * x + y * y)], at);
        }
        keys[at + 3] = (keys[at + 3] ?? 0) - discount;
        labels[key] = label[cell] ?? 0;
      });
    }

    const { guess, best } = await this.#session.run(
      {
        queries: tensor(queries, [asked.length, WIDTH]),
        keys: tensor(keys, [plan.count, WIDTH]),
        labels: tensor(labels, [plan.count, 1]),
      },
      ['guess', 'best'],
    );
    const probability = new Float32Array(grid.width * grid.height);
    let weight = 0;
    let weighted = 0;
    asked.forEach((cell, i) => {
      const p = guess.data[i] ?? 0;
      probability[cell] = p;
      weight += p;
      weighted += p * (best.data[i] ?? 0) * TEMPERATURE;
    });
    return { probability: { ...grid, data: probability }, peak: weight > 0 ? weighted / weight : 0 };
  }

  /** A frame's descriptors, centred and of unit length: computed once for all objects, and for all frames that remember it. */
  #unitDescriptors(descriptors: Float32Array, mean: Float32Array): Float32Array {
    const known = this.#units.get(descriptors);
    if (known?.mean === mean) return known.units;
    const units = new Float32Array(descriptors.length);
    for (let cell = 0; cell * DESCRIPTOR < units.length; cell++)
      writeUnitDescriptor(descriptors, cell, mean, units);
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

export function cellCount({ x0, y0, x1, y1 }: CellBox): number {
  return (x1 - x0) * (y1 - y0);
}

function cellsIn({ x0, y0, x1, y1 }: CellBox, grid: Size): number[] {
  const cells: number[] = [];
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) cells.push(y * grid.width + x);
  return cells;
}

/** A cell's position from the middle of the grid: small numbers keep the position term exact in half precision. */
function centred(cell: number, grid: Size): { x: number; y: number } {
  return { x: (cell % grid.width) - grid.width / 2, y: Math.floor(cell / grid.width) - grid.height / 2 };
}
