import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import { decodeRle, emptyRle, encodeChanges, type MaskRle } from '../../../src/core/rle.ts';

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
  for (let y = 0, row = 0; y < height; y++, row += width) {
    let left = 0;
    while (left < width && (data[row + left] ?? 0) <= threshold) left++;
    if (left === width) continue;
    let right = width;
    while ((data[row + right - 1] ?? 0) <= threshold) right--;
    x0 = Math.min(x0, left);
    x1 = Math.max(x1, right);
    y0 = Math.min(y0, y);
    y1 = y + 1;
  }
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
}

/** Number of positive values. */
export function positiveCount(data: Float32Array): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if ((data[i] ?? 0) > 0) count++;
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

/** The cells of a box as a grid of their own. */
export function cropGrid({ data, width }: Grid, { x0, y0, x1, y1 }: CellBox): Grid {
  const size = { width: x1 - x0, height: y1 - y0 };
  const cells = new Float32Array(size.width * size.height);
  for (let y = y0, to = 0; y < y1; y++, to += size.width)
    cells.set(data.subarray(y * width + x0, y * width + x1), to);
  return { ...size, data: cells };
}

/** The share of positive values in `factor`×`factor` blocks, for a grid of `cells` of them. */
export function positiveShare({ data, width }: Grid, factor: number, cells: Size): Grid {
  const shares = new Float32Array(cells.width * cells.height);
  const share = 1 / (factor * factor);
  for (let y = 0; y < cells.height * factor; y++) {
    let cell = Math.floor(y / factor) * cells.width;
    for (let at = y * width, x = 0; x < cells.width; x++, cell++) {
      let inside = 0;
      for (let i = 0; i < factor; i++, at++) if ((data[at] ?? 0) > 0) inside++;
      if (inside > 0) shares[cell] = (shares[cell] ?? 0) + share * inside;
    }
  }
  return { ...cells, data: shares };
}

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
  const bounds = boundsAbove(logits, 0);
  if (!bounds) return emptyRle(video);
  const [x0, x1] = pixelsBetween(columns, bounds.x0, bounds.x1);
  const [y0, y1] = pixelsBetween(rows, bounds.y0, bounds.y1);
  const changes: number[] = [];
  // An object that reaches the bottom goes on at the top of the next column: two changes at one place are none.
  const change = (at: number) => {
    if (changes.at(-1) === at) changes.pop();
    else changes.push(at);
  };
  const cells = new Float32Array(logits.height);
  for (let x = x0; x < x1; x++) {
    const left = columns.low[x] ?? 0;
    const right = columns.high[x] ?? 0;
    const share = columns.share[x] ?? 0;
    for (let row = Math.max(0, bounds.y0 - 1); row < Math.min(bounds.y1 + 1, logits.height); row++) {
      const a = logits.data[row * logits.width + left] ?? 0;
      cells[row] = a + share * ((logits.data[row * logits.width + right] ?? 0) - a);
    }
    const top = x * video.height;
    let isObject = false;
    for (let y = y0; y < y1;) {
      const a = cells[rows.low[y] ?? 0] ?? 0;
      const b = cells[rows.high[y] ?? 0] ?? 0;
      const end = rows.next[y] ?? y1;
      const isEdge = a > 0 !== b > 0;
      // Between two cells that are alike all pixels are: one stands for them.
      for (; y < end; y = isEdge ? y + 1 : end) {
        const logit = a + (rows.share[y] ?? 0) * (b - a);
        if (logit > 0 === isObject) continue;
        change(top + y);
        isObject = !isObject;
      }
    }
    if (isObject) change(top + y1);
  }
  if (changes.at(-1) === video.width * video.height) changes.pop();
  return encodeChanges(video, changes);
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

interface BilinearTaps {
  readonly low: Uint16Array;
  readonly high: Uint16Array;
  readonly share: Float32Array;
  readonly next: Uint16Array;
}

/**
 * For each of `size` video pixels: the two grid cells that it lies between, how far towards the second, and the next pixel that
 * lies between others.
 */
function bilinearTaps(size: number, toGrid: number, cells: number): BilinearTaps {
  const low = new Uint16Array(size);
  const high = new Uint16Array(size);
  const share = new Float32Array(size);
  const next = new Uint16Array(size);
  for (let i = size - 1; i >= 0; i--) {
    const at = Math.min(Math.max((i + 0.5) * toGrid - 0.5, 0), cells - 1);
    low[i] = Math.floor(at);
    high[i] = Math.min(Math.floor(at) + 1, cells - 1);
    share[i] = at - Math.floor(at);
    next[i] = low[i] === low[i + 1] ? (next[i + 1] ?? size) : i + 1;
  }
  return { low, high, share, next };
}

/** The video pixels that cells from `start` to before `end` have a part in: the first, and the one after the last. */
function pixelsBetween(
  { low, high }: BilinearTaps,
  start: number,
  end: number,
): [first: number, end: number] {
  let first = 0;
  while (first < high.length && (high[first] ?? 0) < start) first++;
  let last = low.length;
  while (last > first && (low[last - 1] ?? 0) >= end) last--;
  return [first, last];
}
