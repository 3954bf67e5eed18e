import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import type { DeviceTensor, Tensor } from '../../models/graph.ts';

/** Side of the square that a frame is fitted into, in model pixels. */
export const INPUT_SIDE = 1024;
/** Model pixels for each cell of the encoder's output. */
export const CELL = 16;

/** Cells along each side of the encoder's output. */
export const SIDE = INPUT_SIDE / CELL;
export const STAGE_2_CHANNELS = 160;
export const STAGE_1_CHANNELS = 128;

/** Length of a cell's descriptor. */
export const DESCRIPTOR = STAGE_2_CHANNELS + STAGE_1_CHANNELS;
/** The descriptor's parts, which are normalised apart from each other. */
const PARTS = [
  { start: 0, end: STAGE_2_CHANNELS },
  { start: STAGE_2_CHANNELS, end: DESCRIPTOR },
] as const;

/** What the encoder says of a frame. */
export interface EmbeddedFeatures {
  /** The clip's frame size. */
  readonly video: Size;
  readonly letterbox: ModelFit;
  /** [1, 256, 64, 64], for the decoder. */
  readonly imageEmbedding: DeviceTensor;
  /** The cells that the frame covers; those of the padding are left out. */
  readonly grid: Size;
  /** [grid height · grid width, DESCRIPTOR], for the memory. */
  readonly descriptors: DeviceTensor;
  /** [DESCRIPTOR], their mean. */
  readonly meanDescriptor: DeviceTensor;
}

/** Cells of 16 model pixels that the frame covers. */
export function contentGrid({ content }: ModelFit): Size {
  return { width: Math.ceil(content.width / CELL), height: Math.ceil(content.height / CELL) };
}

/**
 * Joins two inner layers of the encoder to one descriptor for each cell. They tell parts of an object apart better than the
 * encoder's output, which was trained for the decoder (2.7 points of J&F in `embedded-tracker.md`).
 *
 * @param stage2 [1, rows/16 · columns/16, 160], of the encoder's input: one token for each cell
 * @param stage1 [1, rows/8 · columns/8, 128]: tokens on a grid of twice the side; their 2×2 mean is taken
 */
export function describeCells(stage2: Tensor, stage1: Tensor, fit: ModelFit): Float32Array {
  const grid = contentGrid(fit);
  const columns = fit.input.width / CELL;
  const descriptors = new Float32Array(grid.width * grid.height * DESCRIPTOR);
  let to = 0;
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++) {
      const token2 = (y * columns + x) * STAGE_2_CHANNELS;
      descriptors.set(stage2.data.subarray(token2, token2 + STAGE_2_CHANNELS), to);
      to += STAGE_2_CHANNELS;
      const upper = (2 * y * 2 * columns + 2 * x) * STAGE_1_CHANNELS;
      const lower = upper + 2 * columns * STAGE_1_CHANNELS;
      for (let channel = 0; channel < STAGE_1_CHANNELS; channel++) {
        descriptors[to++] =
          ((stage1.data[upper + channel] ?? 0) +
            (stage1.data[upper + STAGE_1_CHANNELS + channel] ?? 0) +
            (stage1.data[lower + channel] ?? 0) +
            (stage1.data[lower + STAGE_1_CHANNELS + channel] ?? 0)) /
          4;
      }
    }
  }
  return descriptors;
}

/** Mean descriptor of a frame. */
export function meanDescriptor(descriptors: Float32Array): Float32Array {
  const mean = new Float32Array(DESCRIPTOR);
  const cells = descriptors.length / DESCRIPTOR;
  for (let at = 0; at < descriptors.length;) {
    for (let channel = 0; channel < DESCRIPTOR; channel++, at++) {
      mean[channel] = (mean[channel] ?? 0) + (descriptors[at] ?? 0) / cells;
    }
  }
  return mean;
}

/**
 * Writes a cell's descriptor from `from` on to `out` from `to` on, centred on `mean`, its parts of equal length and the whole of
 * length 1: the product of two such descriptors is the mean of their parts' cosines.
 */
function writeUnitDescriptor(
  descriptors: Float32Array,
  from: number,
  mean: Float32Array,
  out: Float32Array,
  to: number,
): void {
  for (const { start, end } of PARTS) {
    let squares = 0;
    for (let channel = start; channel < end; channel++) {
      const value = (descriptors[from + channel] ?? 0) - (mean[channel] ?? 0);
      out[to + channel] = value;
      squares += value * value;
    }
    const factor = Math.SQRT1_2 / Math.max(Math.sqrt(squares), 1e-6);
    for (let at = to + start; at < to + end; at++) out[at] = (out[at] ?? 0) * factor;
  }
}

/** A frame's descriptors as unit descriptors, [cells, width]: what lies beyond the descriptor in each row is 0. */
export function unitDescriptors(descriptors: Float32Array, mean: Float32Array, width: number): Float32Array {
  const cells = descriptors.length / DESCRIPTOR;
  const units = new Float32Array(cells * width);
  for (let cell = 0; cell < cells; cell++)
    writeUnitDescriptor(descriptors, cell * DESCRIPTOR, mean, units, cell * width);
  return units;
}
