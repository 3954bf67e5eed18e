import type { ModelFit, Size } from '../../src/core/geometry.ts';
import { decodeRle, encodeColumns, type MaskRle } from '../../src/core/rle.ts';

/** Values on a row-major grid. */
export interface Grid<Values extends Float32Array | Uint8Array = Float32Array> extends Size {
  readonly data: Values;
}

/** Cells of a grid; right and bottom edges are exclusive. */
export interface CellBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The smallest box round the cells above `threshold`, or `null` if there are none. */
export function boundsAbove(
  { data, width, height }: Grid<Float32Array | Uint8Array>,
  threshold: number,
): CellBox | null {
  let x0 = width;
  let y0 = height;
  let x1 = 0;
  let y1 = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((data[at] ?? 0) <= threshold) continue;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x + 1);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y + 1);
    }
  }
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
}

/** Number of positive values. */
export function positiveCount(data: Float32Array): number {
  let count = 0;
  for (const value of data) if (value > 0) count++;
  return count;
}

/** The box grown by `margin` cells on each side, within the grid. */
export function growBox(box: CellBox, margin: number, { width, height }: Size): CellBox {
  return {
    x0: Math.max(0, box.x0 - margin),
    y0: Math.max(0, box.y0 - margin),
    x1: Math.min(width, box.x1 + margin),
    y1: Math.min(height, box.y1 + margin),
  };
}

/** Means of `factor`×`factor` blocks. */
export function meanPool({ data, width, height }: Grid, factor: number): Grid {
  const pooled = { width: width / factor, height: height / factor };
  const sums = new Float32Array(pooled.width * pooled.height);
  const share = 1 / (factor * factor);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / factor) * pooled.width;
    for (let x = 0; x < width; x++, at++) {
      const cell = row + Math.floor(x / factor);
      sums[cell] = (sums[cell] ?? 0) + share * (data[at] ?? 0);
    }
  }
  return { ...pooled, data: sums };
}

/** Enlarges by a whole factor with the cubic kernel of PyTorch and ONNX (a = −0.75), pixel centres at half integers. */
export function enlargeCubic(grid: Grid, factor: number): Grid {
  const across = enlargeRows(grid, factor);
  return transpose(enlargeRows(transpose(across), factor));
}

function enlargeRows({ data, width, height }: Grid, factor: number): Grid {
  const out = new Float32Array(width * factor * height);
  for (let x = 0; x < width * factor; x++) {
    const source = (x + 0.5) / factor - 0.5;
    const left = Math.floor(source);
    const weights = cubicWeights(source - left);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let tap = 0; tap < 4; tap++) {
        const column = Math.min(Math.max(left - 1 + tap, 0), width - 1);
        sum += (weights[tap] ?? 0) * (data[y * width + column] ?? 0);
      }
      out[y * width * factor + x] = sum;
    }
  }
  return { data: out, width: width * factor, height };
}

/** Weights of the four neighbours of a point that lies `t` of the way from the second to the third. */
function cubicWeights(t: number): [number, number, number, number] {
  const a = -0.75;
  const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

function transpose({ data, width, height }: Grid): Grid {
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x] ?? 0;
  return { data: out, width: height, height: width };
}

/**
 * A mask in video pixels from logits on a grid that covers the model's square input: bilinear, object where positive. The
 * padding beside the frame is left out.
 */
export function logitsToMask(logits: Grid, box: ModelFit, video: Size): MaskRle {
  const density = logits.width / box.side;
  const rows = bilinearTaps(
    video.height,
    box.scale.y * density,
    Math.min(logits.height, Math.ceil(box.content.height * density)),
  );
  const columns = bilinearTaps(
    video.width,
    box.scale.x * density,
    Math.min(logits.width, Math.ceil(box.content.width * density)),
  );
  const cells = new Float32Array(logits.height);
  return encodeColumns(video, (x, column) => {
    const left = columns.low[x] ?? 0;
    const right = columns.high[x] ?? 0;
    const share = columns.share[x] ?? 0;
    for (let y = 0, row = 0; y < logits.height; y++, row += logits.width) {
      const a = logits.data[row + left] ?? 0;
      cells[y] = a + share * ((logits.data[row + right] ?? 0) - a);
    }
    for (let y = 0; y < video.height; y++) {
      const a = cells[rows.low[y] ?? 0] ?? 0;
      const logit = a + (rows.share[y] ?? 0) * ((cells[rows.high[y] ?? 0] ?? 0) - a);
      column[y] = logit > 0 ? 1 : 0;
    }
  });
}

/**
 * The share of object pixels in each cell of a grid of `side` by `side` cells over the model's square input; 0 in the padding.
 * Where cells are smaller than pixels, each takes the pixel at its centre.
 */
export function maskShare(mask: MaskRle, box: ModelFit, side: number): Grid {
  const density = side / box.side;
  const raster = decodeRle(mask);
  const columns = pixelsOfCells(mask.width, box.scale.x * density, side);
  const rows = pixelsOfCells(mask.height, box.scale.y * density, side);
  const data = new Float32Array(side * side);
  rows.forEach(([y0, y1], row) => {
    columns.forEach(([x0, x1], column) => {
      let inside = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) inside += raster[y * mask.width + x] ?? 0;
      data[row * side + column] = inside / ((x1 - x0) * (y1 - y0));
    });
  });
  return { width: side, height: side, data };
}

/** For each grid cell that the frame reaches: its first pixel, and the one after its last. At least one pixel each. */
function pixelsOfCells(size: number, toGrid: number, side: number): [first: number, end: number][] {
  const cells = Math.min(side, Math.ceil(size * toGrid));
  return Array.from({ length: cells }, (_, cell) => {
    const first = Math.ceil(cell / toGrid - 0.5);
    const end = Math.min(size, Math.ceil((cell + 1) / toGrid - 0.5));
    if (first < end) return [first, end];
    const nearest = Math.min(size - 1, Math.floor((cell + 0.5) / toGrid));
    return [nearest, nearest + 1];
  });
}

/** For each of `size` video pixels: the two grid cells that it lies between, and how far towards the second. */
function bilinearTaps(size: number, toGrid: number, cells: number) {
  const low = new Uint16Array(size);
  const high = new Uint16Array(size);
  const share = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const at = Math.min(Math.max((i + 0.5) * toGrid - 0.5, 0), cells - 1);
    low[i] = Math.floor(at);
    high[i] = Math.min(Math.floor(at) + 1, cells - 1);
    share[i] = at - Math.floor(at);
  }
  return { low, high, share };
}
