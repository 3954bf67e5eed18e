import type { Grid } from './grid.ts';

/** The parameter of the cubic kernel of PyTorch and ONNX. */
const CUBIC = -0.75;

/** Enlarges by a whole factor with a cubic kernel, pixel centres at half integers. */
export function enlargeCubic({ data, width, height }: Grid, factor: number): Grid {
  const columns = cubicTaps(width, factor);
  const wide = width * factor;
  const across = new Float32Array(wide * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0, tap = 0; x < wide; x++, to++) {
      let sum = 0;
      for (const end = tap + 4; tap < end; tap++)
        sum += (columns.weights[tap] ?? 0) * (data[row + (columns.cells[tap] ?? 0)] ?? 0);
      across[to] = sum;
    }
  }
  const rows = cubicTaps(height, factor);
  const out = new Float32Array(across.length * factor);
  for (let tap = 0, to = 0; to < out.length; tap += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = rows.cells.subarray(tap, tap + 4).map((row) => row * wide);
    const [shareA = 0, shareB = 0, shareC = 0, shareD = 0] = rows.weights.subarray(tap, tap + 4);
    for (let x = 0; x < wide; x++, to++)
      out[to] =
        shareA * (across[a + x] ?? 0) +
        shareB * (across[b + x] ?? 0) +
        shareC * (across[c + x] ?? 0) +
        shareD * (across[d + x] ?? 0);
  }
  return { data: out, width: wide, height: height * factor };
}

/** For each of `size`·`factor` places the four cells that it is made of, and their weights. */
function cubicTaps(size: number, factor: number) {
  const cells = new Int32Array(size * factor * 4);
  const weights = new Float64Array(cells.length);
  for (let place = 0; place < size * factor; place++) {
    const source = (place + 0.5) / factor - 0.5;
    const left = Math.floor(source);
    const t = source - left;
    weights.set([cubicFar(t + 1), cubicNear(t), cubicNear(1 - t), cubicFar(2 - t)], place * 4);
    for (let i = 0; i < 4; i++) cells[place * 4 + i] = Math.min(Math.max(left - 1 + i, 0), size - 1);
  }
  return { cells, weights };
}

/** The kernel at a distance of up to one cell, and of one to two. */
function cubicNear(d: number): number {
  return ((CUBIC + 2) * d - (CUBIC + 3)) * d * d + 1;
}

function cubicFar(d: number): number {
  return ((CUBIC * d - 5 * CUBIC) * d + 8 * CUBIC) * d - 4 * CUBIC;
}
