import type { Size, VideoBox, VideoPoint } from './geometry.ts';
import { MEANT_OVERLAP } from './limits.ts';

/**
 * A binary mask as COCO run lengths: pixels in column-major order (down each column, columns from left to right), runs
 * alternate between background and object and start with background (possibly a run of 0).
 * Source: pycocotools, `common/maskApi.h`.
 */
export interface MaskRle extends Size {
  readonly counts: Uint32Array;
}

/** Encodes a row-major mask of `width`·`height` bytes; any non-zero byte is object. */
export function encodeRle(mask: Uint8Array | Uint8ClampedArray, { width, height }: Size): MaskRle {
  if (mask.length !== width * height) {
    throw new RangeError(`A mask of ${width}×${height} has ${width * height} pixels, not ${mask.length}.`);
  }
  return encodeColumns({ width, height }, (x, column) => {
    for (let y = 0, at = x; y < height; y++, at += width) column[y] = mask[at] ?? 0;
  });
}

/** Encodes a mask column by column: `fill` writes column `x`, `height` bytes, non-zero where it is object. */
export function encodeColumns(
  { width, height }: Size,
  fill: (x: number, column: Uint8Array) => void,
): MaskRle {
  const column = new Uint8Array(height);
  const changes: number[] = [];
  let isObject = false;
  for (let x = 0; x < width; x++) {
    fill(x, column);
    for (let y = 0; y < height; y++) {
      if ((column[y] !== 0) === isObject) continue;
      changes.push(x * height + y);
      isObject = !isObject;
    }
  }
  return encodeChanges({ width, height }, changes);
}

/**
 * Encodes a mask by the pixels that begin a run: the first one of object, the next of background, and so on.
 *
 * @param changes their places in the runs' order, down each column and columns from left to right
 */
export function encodeChanges({ width, height }: Size, changes: readonly number[]): MaskRle {
  const counts = new Uint32Array(changes.length + 1);
  let start = 0;
  for (let run = 0; run < counts.length; run++) {
    const end = changes[run] ?? width * height;
    counts[run] = end - start;
    start = end;
  }
  return { width, height, counts };
}

/** 32-bit words that hold one bit for each pixel. */
export function bitWords({ width, height }: Size): number {
  return Math.ceil((width * height) / 32);
}

/**
 * Encodes a mask of one bit a pixel: in the runs' order, down each column and columns from left to right, the lowest bit of a
 * word first. Bits after the last pixel do not count.
 */
export function encodeBits(words: Uint32Array, { width, height }: Size): MaskRle {
  const pixels = width * height;
  const counts: number[] = [];
  /** All bits of the words are those of the current run until one differs. */
  let current = 0;
  let start = 0;
  for (let word = 0; word * 32 < pixels; word++) {
    let differing = (words[word] ?? 0) ^ current;
    while (differing !== 0) {
      const bit = 31 - Math.clz32(differing & -differing);
      const end = word * 32 + bit;
      if (end >= pixels) break;
      counts.push(end - start);
      start = end;
      current = ~current;
      // What is left of the word, as the next run sees it.
      differing = ~differing & (-1 << bit);
    }
  }
  counts.push(pixels - start);
  return { width, height, counts: Uint32Array.from(counts) };
}

/** Calls `visit` for each run of object pixels: from (x, y) down `length` pixels of that column. */
export function forEachColumnRun(rle: MaskRle, visit: (x: number, y: number, length: number) => void): void {
  const { counts, height } = rle;
  let position = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (i % 2 === 1) {
      let start = position;
      const end = position + count;
      while (start < end) {
        const x = Math.floor(start / height);
        const y = start - x * height;
        const length = Math.min(end - start, height - y);
        visit(x, y, length);
        start += length;
      }
    }
    position += count;
  }
}

/** Writes `value` into a row-major raster of the mask's size, wherever the mask is object. */
export function paintRle(
  rle: MaskRle,
  raster: Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array,
  value: number,
): void {
  forEachColumnRun(rle, (x, y, length) => {
    let at = y * rle.width + x;
    for (let i = 0; i < length; i++, at += rle.width) raster[at] = value;
  });
}

/** Decodes to a row-major mask of 0 and 1. */
export function decodeRle(rle: MaskRle): Uint8Array {
  const mask = new Uint8Array(rle.width * rle.height);
  paintRle(rle, mask, 1);
  return mask;
}

/** The mask without the pixels of others of its size; the very mask if it shares none with them. */
export function subtractRle(mask: MaskRle, others: readonly MaskRle[]): MaskRle {
  return others.reduce((rest, other) => (mayOverlap(rest, other) ? subtractOne(rest, other) : rest), mask);
}

function subtractOne(mask: MaskRle, other: MaskRle): MaskRle {
  const rest = combine(mask, other, (inMask, inOther) => inMask && !inOther);
  return rleArea(rest) < rleArea(mask) ? rest : mask;
}

/** All pixels of masks of one size, of which there is at least one. */
export function unionRle(masks: readonly MaskRle[]): MaskRle {
  return masks.reduce((a, b) => combine(a, b, (inA, inB) => inA || inB));
}

function combine(a: MaskRle, b: MaskRle, isIn: (inA: boolean, inB: boolean) => boolean): MaskRle {
  const changes: number[] = [];
  let position = 0;
  let wasIn = false;
  forEachSharedRun(a, b, (inA, inB, length) => {
    if (isIn(inA, inB) !== wasIn) {
      changes.push(position);
      wasIn = !wasIn;
    }
    position += length;
  });
  return encodeChanges(a, changes);
}

/** Whether two masks of one size can have a pixel in common: whether the boxes round them have one. */
export function mayOverlap(a: MaskRle, b: MaskRle): boolean {
  const [factsA, factsB] = [factsOf(a), factsOf(b)];
  return factsA.x0 < factsB.x1 && factsB.x0 < factsA.x1 && factsA.y0 < factsB.y1 && factsB.y0 < factsA.y1;
}

/** Whether the pixel at a point is of the object. */
export function rleIncludes({ counts, width, height }: MaskRle, { x, y }: VideoPoint): boolean {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  const at = column * height + row;
  let end = 0;
  let run = 0;
  while (end <= at) end += counts[run++] ?? Infinity;
  return run % 2 === 0;
}

/** Number of object pixels. */
export function rleArea(rle: MaskRle): number {
  return factsOf(rle).area;
}

/** The smallest box round the object, or `null` for an empty mask. */
export function rleBounds(rle: MaskRle): VideoBox | null {
  const { area, x0, y0, x1, y1 } = factsOf(rle);
  return area > 0 ? { x0, y0, x1, y1 } : null;
}

/** The mean place of the object's pixels, in pixels of the mask; its middle for an empty one. */
export function rleCentroid(rle: MaskRle): VideoPoint {
  const facts = factsOf(rle);
  return (facts.centroid ??= centroidOf(rle));
}

function centroidOf(rle: MaskRle): VideoPoint {
  let area = 0;
  let [x, y] = [0, 0];
  forEachColumnRun(rle, (column, row, length) => {
    area += length;
    x += (column + 0.5) * length;
    y += (row + length / 2) * length;
  });
  return area === 0 ? { x: rle.width / 2, y: rle.height / 2 } : { x: x / area, y: y / area };
}

/** What is asked of many masks: how many pixels the object has, and the smallest box round it, which is empty where the mask is. */
interface RleFacts extends VideoBox {
  readonly area: number;
  centroid?: VideoPoint;
}

const FACTS = Symbol('facts of a mask');

/** Has a mask remember its facts: they are worked out of its runs once. Gives the very mask back. */
export function rememberingFacts(mask: MaskRle): MaskRle {
  return Object.defineProperty(mask, FACTS, { value: undefined, writable: true });
}

function factsOf(mask: MaskRle & { [FACTS]?: RleFacts | undefined }): RleFacts {
  if (mask[FACTS]) return mask[FACTS];
  let [area, x0, y0, x1, y1] = [0, mask.width, mask.height, 0, 0];
  forEachColumnRun(mask, (x, y, length) => {
    area += length;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x + 1);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y + length);
  });
  const facts = { area, x0, y0, x1, y1 };
  if (FACTS in mask) mask[FACTS] = facts;
  return facts;
}

/** Intersection over union of two masks of the same size; 1 if both are empty. */
export function rleIou(a: MaskRle, b: MaskRle): number {
  let intersection = 0;
  let union = 0;
  forEachSharedRun(a, b, (inA, inB, length) => {
    if (inA && inB) intersection += length;
    if (inA || inB) union += length;
  });
  return union === 0 ? 1 : intersection / union;
}

/** What two masks of the same size share, as a part of the smaller one; 0 where one is empty. */
export function sharedPart(a: MaskRle, b: MaskRle): number {
  if (!mayOverlap(a, b)) return 0;
  const [areaA, areaB] = [rleArea(a), rleArea(b)];
  const iou = rleIou(a, b);
  return (iou / (1 + iou)) * ((areaA + areaB) / Math.max(1, Math.min(areaA, areaB)));
}

/** Those masks, not empty, that share no pixel with this one. */
export function apartFrom(mask: MaskRle, others: readonly MaskRle[]): MaskRle[] {
  return others.filter((other) => rleArea(other) > 0 && sharedPart(mask, other) === 0);
}

/** Whether a mask lies on a larger one, of which it hides at most half: a ball before the man who holds it. */
export function liesOn(small: MaskRle, large: MaskRle): boolean {
  return 2 * rleArea(small) <= rleArea(large) && sharedPart(small, large) > MEANT_OVERLAP;
}

/**
 * Goes over two masks of the same size at once: calls `visit` for each stretch of pixels that neither changes in.
 *
 * @throws RangeError if the sizes differ
 */
function forEachSharedRun(
  a: MaskRle,
  b: MaskRle,
  visit: (inA: boolean, inB: boolean, length: number) => void,
): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`Masks of ${a.width}×${a.height} and ${b.width}×${b.height} cannot be compared.`);
  }
  let ia = 0;
  let ib = 0;
  // Read once: a compressed mask looks its runs up.
  const [countsA, countsB] = [a.counts, b.counts];
  let leftA = countsA[0] ?? 0;
  let leftB = countsB[0] ?? 0;
  while (ia < countsA.length && ib < countsB.length) {
    const length = Math.min(leftA, leftB);
    if (length > 0) visit(ia % 2 === 1, ib % 2 === 1, length);
    leftA -= length;
    leftB -= length;
    if (leftA === 0) leftA = countsA[++ia] ?? 0;
    if (leftB === 0) leftB = countsB[++ib] ?? 0;
  }
}

/** A mask without any pixel set. */
export function emptyRle({ width, height }: Size): MaskRle {
  return { width, height, counts: Uint32Array.of(width * height) };
}
