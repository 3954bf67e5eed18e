import type { RgbaImage } from '../../src/core/frames.ts';
import type { ModelFit, Size } from '../../src/core/geometry.ts';
import type { Normalisation } from '../gpu/framePreparer.ts';
import type { Grid } from './grid.ts';

/** The weights of one output pixel: it is the sum of `weights[i]` times input pixel `first + i`. */
interface Taps {
  readonly first: number;
  readonly weights: Float32Array;
}

/**
 * A triangle filter as wide as the reduction, so that shrinking averages instead of skipping pixels. The same as Pillow's
 * and PyTorch's antialiased bilinear resize. Pixel centres are at half integers.
 */
function triangleTaps(inputSize: number, outputSize: number): Taps[] {
  const scale = inputSize / outputSize;
  const radius = Math.max(1, scale);
  return Array.from({ length: outputSize }, (_, output) => {
    const centre = (output + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - radius + 0.5));
    const end = Math.min(inputSize, Math.floor(centre + radius + 0.5));
    const weights = Float32Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((first + i + 0.5 - centre) / radius)),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** One plane of values resized by the same filter. */
export function resizePlane(plane: Grid, { width, height }: Size): Grid {
  const columns = triangleTaps(plane.width, width);
  const across = new Float32Array(plane.height * width);
  for (let y = 0; y < plane.height; y++) {
    columns.forEach(({ first, weights }, x) => {
      let sum = 0;
      for (let i = 0; i < weights.length; i++)
        sum += (weights[i] ?? 0) * (plane.data[y * plane.width + first + i] ?? 0);
      across[y * width + x] = sum;
    });
  }
  const data = new Float32Array(width * height);
  triangleTaps(plane.height, height).forEach(({ first, weights }, y) => {
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] ?? 0;
      const from = (first + i) * width;
      for (let x = 0; x < width; x++) {
        const to = y * width + x;
        data[to] = (data[to] ?? 0) + weight * (across[from + x] ?? 0);
      }
    }
  });
  return { width, height, data };
}

/**
 * A frame as an encoder's input on the CPU: resized into the top left of a square, normalised, the rest zero.
 * Returns [3, side, side] float32, channels first, red green blue.
 */
export function toEncoderInput(
  frame: RgbaImage,
  { side, content }: ModelFit,
  { mean, deviation }: Normalisation,
): Float32Array {
  const columns = triangleTaps(frame.width, content.width);
  const rows = triangleTaps(frame.height, content.height);

  // Across first: [frame height, content width, 3].
  const across = new Float32Array(frame.height * content.width * 3);
  for (let y = 0, out = 0; y < frame.height; y++) {
    const line = y * frame.width * 4;
    for (const { first, weights } of columns) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let i = 0, at = line + first * 4; i < weights.length; i++, at += 4) {
        const weight = weights[i] ?? 0;
        red += weight * (frame.data[at] ?? 0);
        green += weight * (frame.data[at + 1] ?? 0);
        blue += weight * (frame.data[at + 2] ?? 0);
      }
      across[out++] = red;
      across[out++] = green;
      across[out++] = blue;
    }
  }

  const plane = side * side;
  const input = new Float32Array(3 * plane);
  const stride = content.width * 3;
  const line = new Float32Array(stride);
  rows.forEach(({ first, weights }, y) => {
    line.fill(0);
    weights.forEach((weight, i) => {
      const from = (first + i) * stride;
      for (let at = 0; at < stride; at++) line[at] = (line[at] ?? 0) + weight * (across[from + at] ?? 0);
    });
    for (let channel = 0; channel < 3; channel++) {
      const offset = mean[channel] ?? 0;
      const scale = 1 / (deviation[channel] ?? 1);
      let to = channel * plane + y * side;
      for (let at = channel; at < stride; at += 3) input[to++] = ((line[at] ?? 0) - offset) * scale;
    }
  });
  return input;
}
