import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import { decodeRle, emptyRle, encodeChanges, type MaskRle } from '../../../src/core/rle.ts';
import { boundsAbove, type Grid } from './grid.ts';

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
