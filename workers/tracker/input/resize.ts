import type { RgbaImage } from '../../../src/core/frames.ts';
import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import type { Grid } from '../masks/grid.ts';

/** The weights of each output pixel: it is the sum of `length` input pixels from `first[pixel]` on, times its row of `weights`. */
interface Taps {
  readonly length: number;
  readonly first: Int32Array;
  /** [output pixels, length] */
  readonly weights: Float32Array;
}

/**
 * A triangle filter as wide as the reduction, so that shrinking averages instead of skipping pixels. The same as Pillow's
 * and PyTorch's antialiased bilinear resize. Pixel centres are at half integers.
 */
function triangleTaps(inputSize: number, outputSize: number): Taps {
  const scale = inputSize / outputSize;
  const radius = Math.max(1, scale);
  const length = Math.min(inputSize, Math.ceil(2 * radius));
  const first = new Int32Array(outputSize);
  const weights = new Float32Array(outputSize * length);
  for (let output = 0; output < outputSize; output++) {
    const centre = (output + 0.5) * scale;
    const start = Math.min(inputSize - length, Math.max(0, Math.floor(centre - radius + 0.5)));
    const row = weights.subarray(output * length, (output + 1) * length);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      row[i] = Math.max(0, 1 - Math.abs((start + i + 0.5 - centre) / radius));
      sum += row[i] ?? 0;
    }
    for (let i = 0; i < length; i++) row[i] = (row[i] ?? 0) / sum;
    first[output] = start;
  }
  return { length, first, weights };
}

/** One plane of values resized by the same filter. */
export function resizePlane(plane: Grid, { width, height }: Size): Grid {
  const columns = triangleTaps(plane.width, width);
  const across = new Float32Array(plane.height * width);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0, tap = 0; x < width; x++) {
      let from = y * plane.width + (columns.first[x] ?? 0);
      let sum = 0;
      for (let i = 0; i < columns.length; i++)
        sum += (columns.weights[tap++] ?? 0) * (plane.data[from++] ?? 0);
      across[y * width + x] = sum;
    }
  }
  const rows = triangleTaps(plane.height, height);
  const data = new Float32Array(width * height);
  for (let y = 0, tap = 0; y < height; y++) {
    for (let i = 0; i < rows.length; i++) {
      const weight = rows.weights[tap++] ?? 0;
      const from = ((rows.first[y] ?? 0) + i) * width;
      for (let x = 0; x < width; x++) {
        const to = y * width + x;
        data[to] = (data[to] ?? 0) + weight * (across[from + x] ?? 0);
      }
    }
  }
  return { width, height, data };
}

/**
 * A frame as an encoder's input on the CPU: resized into its top left, normalised, the rest zero.
 * Returns [3, rows, columns] float32, channels first, red green blue.
 *
 * @param input where it is written, whatever is there
 */
export function toEncoderInput(
  frame: RgbaImage,
  { input: size, content: { width, height } }: Pick<ModelFit, 'input' | 'content'>,
  { mean, deviation }: Normalisation,
  input: Float32Array = new Float32Array(3 * size.width * size.height),
): Float32Array {
  const columns = triangleTaps(frame.width, width);
  const rows = triangleTaps(frame.height, height);
  // Input rows resized across, as many as one output row is made of: a small buffer stays in the processor's cache.
  const kept = Array.from({ length: rows.length }, () => new Float32Array(3 * width));
  const sums = new Float32Array(3 * width);
  let next = 0;
  for (let y = 0; y < height; y++) {
    const first = rows.first[y] ?? 0;
    for (next = Math.max(next, first); next < first + rows.length; next++)
      resizeRow(frame, next, columns, kept[next % rows.length] ?? sums);
    sums.fill(0);
    for (let i = 0; i < rows.length; i++)
      addScaled(sums, rows.weights[y * rows.length + i] ?? 0, kept[(first + i) % rows.length] ?? sums);
    for (let channel = 0; channel < 3; channel++) {
      const plane = sums.subarray(channel * width, (channel + 1) * width);
      const row = (channel * size.height + y) * size.width;
      writeNormalised(plane, mean[channel] ?? 0, 1 / (deviation[channel] ?? 1), input, row);
      input.fill(0, row + width, row + size.width);
    }
  }
  for (let channel = 0; channel < 3; channel++)
    input.fill(0, (channel * size.height + height) * size.width, (channel + 1) * size.height * size.width);
  return input;
}

/** One row of a frame resized across into `out`: [3, output pixels]. */
function resizeRow(
  { width, data }: RgbaImage,
  y: number,
  { length, first, weights }: Taps,
  out: Float32Array,
): void {
  const pixels = first.length;
  for (let x = 0, tap = 0; x < pixels; x++) {
    let at = (y * width + (first[x] ?? 0)) * 4;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = 0; i < length; i++, tap++, at += 4) {
      const weight = weights[tap] ?? 0;
      red += weight * (data[at] ?? 0);
      green += weight * (data[at + 1] ?? 0);
      blue += weight * (data[at + 2] ?? 0);
    }
    out[x] = red;
    out[pixels + x] = green;
    out[2 * pixels + x] = blue;
  }
}

function addScaled(sums: Float32Array, weight: number, values: Float32Array): void {
  if (weight === 0) return;
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (values[i] ?? 0);
}

function writeNormalised(
  values: Float32Array,
  offset: number,
  scale: number,
  out: Float32Array,
  to: number,
): void {
  for (let i = 0; i < values.length; i++) out[to + i] = ((values[i] ?? 0) - offset) * scale;
}
