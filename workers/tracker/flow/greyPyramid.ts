import type { RgbaImage } from '../../../src/core/frames.ts';
import type { Size } from '../../../src/core/geometry.ts';

/** Pixels that each level has more on every side: copies of its outermost ones, so that a patch may reach beyond the frame. */
export const BORDER = 16;
/** The smaller side of the coarsest level has at least this many pixels. */
const LEAST_SIDE = 12;

/** A frame’s brightness, 0 to 255, at one scale. Rows are `stride` long and begin with the border. */
export interface GreyLevel extends Size {
  /** `(height + 2·BORDER)·stride` values, row-major. */
  readonly data: Float32Array;
  /** `width + 2·BORDER` */
  readonly stride: number;
}

/** A frame’s brightness at several scales, from fine to coarse; each has half the columns and rows of the one before. */
export type GreyPyramid = readonly [GreyLevel, ...GreyLevel[]];

/** Brightness of a frame whose longest side is scaled down to `longest` pixels, and at all coarser scales. */
export function greyPyramid(image: RgbaImage, longest: number): GreyPyramid {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const size = {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  const levels: [GreyLevel, ...GreyLevel[]] = [withBorder(size, averages(image, size))];
  for (let level = levels[0]; Math.min(level.width, level.height) >= 2 * LEAST_SIDE; levels.push(level))
    level = halved(level);
  return levels;
}

/** Brightness of the picture’s pixels that lie in each pixel of the smaller one, on average. */
function averages({ data, width, height }: RgbaImage, size: Size): Float32Array {
  const sums = new Float32Array(size.width * size.height);
  const columns = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * size.width) / width));
  const inColumn = new Float32Array(size.width);
  for (const column of columns) inColumn[column] = (inColumn[column] ?? 0) + 1;
  const inRow = new Float32Array(size.height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * size.height) / height);
    inRow[row] = (inRow[row] ?? 0) + 1;
    let at = y * width * 4;
    for (let x = 0; x < width; x++, at += 4) {
      const cell = row * size.width + (columns[x] ?? 0);
      // ITU-R BT.601
      const grey = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + grey;
    }
  }
  for (let row = 0, cell = 0; row < size.height; row++)
    for (let column = 0; column < size.width; column++, cell++)
      sums[cell] = (sums[cell] ?? 0) / ((inColumn[column] ?? 1) * (inRow[row] ?? 1));
  return sums;
}

function halved({ data, stride, width, height }: GreyLevel): GreyLevel {
  const size = { width: width >> 1, height: height >> 1 };
  const values = new Float32Array(size.width * size.height);
  for (let y = 0, to = 0; y < size.height; y++) {
    let from = (2 * y + BORDER) * stride + BORDER;
    for (let x = 0; x < size.width; x++, to++, from += 2) {
      const [a = 0, b = 0] = [data[from], data[from + 1]];
      values[to] = (a + b + (data[from + stride] ?? 0) + (data[from + stride + 1] ?? 0)) / 4;
    }
  }
  return withBorder(size, values);
}

function withBorder({ width, height }: Size, values: Float32Array): GreyLevel {
  const stride = width + 2 * BORDER;
  const data = new Float32Array(stride * (height + 2 * BORDER));
  for (let y = -BORDER; y < height + BORDER; y++) {
    const from = Math.min(Math.max(y, 0), height - 1) * width;
    const to = (y + BORDER) * stride;
    data.fill(values[from] ?? 0, to, to + BORDER);
    data.set(values.subarray(from, from + width), to + BORDER);
    data.fill(values[from + width - 1] ?? 0, to + BORDER + width, to + stride);
  }
  return { width, height, data, stride };
}
