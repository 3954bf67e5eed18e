import type { Size } from '../../../src/core/geometry.ts';
import { BORDER, type GreyLevel, type GreyPyramid } from './greyPyramid.ts';

/** Where each pixel of one frame is in another: so many pixels to the right and down, row-major. */
export interface Flow extends Size {
  readonly right: Float32Array;
  readonly down: Float32Array;
}

/** A part of a frame, in pixels of the finest scale: from (x0, y0) to before (x1, y1). */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Side of the patches that are sought, and the distance between two of them, in pixels of each scale. */
const PATCH = 8;
const APART = 4;
const PIXELS = PATCH * PATCH;
/** Steps of the search for a patch from each of its beginnings. */
const STEPS = 8;
/** A patch that has moved farther than this from where its search began, in pixels, has gone astray. */
const FARTHEST = PATCH;
/** Squares of gradients over a patch, in one direction, below which it has nothing to be found by. */
const LEAST_TEXTURE = 16;

/**
 * Dense optical flow by inverse search (Kroeger et al., “Fast Optical Flow using Dense Inverse Search”, 2016), without its
 * refinement by variation: patches are sought by gradient descent, from coarse to fine, and each pixel’s flow is the mean of the
 * patches over it, those that fit it well counting more. Patches are compared without their mean brightness.
 *
 * @param region where the flow is wanted; it is 0 elsewhere
 * @returns the flow at the finest scale of `from`, which has the size of `to`
 */
export function flowBetween(from: GreyPyramid, to: GreyPyramid, region: Region = wholeOf(from[0])): Flow {
  let flow: Flow | undefined;
  for (let level = from.length - 1; level >= 0; level--) {
    const [a, b] = [from[level], to[level]];
    if (!a || !b) throw new RangeError('Flow is between frames of one size.');
    flow = densify(a, b, searchPatches(a, b, flow, patchesIn(region, level, a)));
  }
  if (!flow) throw new RangeError('Flow is between frames of one size.');
  return flow;
}

function wholeOf({ width, height }: Size): Region {
  return { x0: 0, y0: 0, x1: width, y1: height };
}

/** Patches of a scale: so many columns and rows of them, the first with its upper left pixel at (left, top). */
interface PatchGrid {
  readonly columns: number;
  readonly rows: number;
  readonly left: number;
  readonly top: number;
}

/** The patches that lie on a region of the finest scale. */
function patchesIn({ x0, y0, x1, y1 }: Region, level: number, { width, height }: Size): PatchGrid {
  const along = (from: number, to: number, size: number): [first: number, count: number] => {
    const most = Math.max(1, Math.ceil((size - PATCH) / APART) + 1);
    const first = Math.min(Math.max(Math.floor((from / 2 ** level - PATCH) / APART) + 1, 0), most - 1);
    const last = Math.min(Math.max(Math.ceil(to / 2 ** level / APART) - 1, first), most - 1);
    return [first, last - first + 1];
  };
  const [[column, columns], [row, rows]] = [along(x0, x1, width), along(y0, y1, height)];
  return { columns, rows, left: column * APART, top: row * APART };
}

/** The displacement of each patch. */
interface Patches extends PatchGrid {
  readonly right: Float32Array;
  readonly down: Float32Array;
}

function searchPatches(a: GreyLevel, b: GreyLevel, coarse: Flow | undefined, grid: PatchGrid): Patches {
  const { columns, rows, left, top } = grid;
  const count = columns * rows;
  const patches = { ...grid, right: new Float32Array(count), down: new Float32Array(count) };
  const search = new PatchSearch(a, b);
  const seek = (index: number, neighbours: readonly number[]) => {
    search.take(left + (index % columns) * APART, top + Math.floor(index / columns) * APART);
    for (const neighbour of neighbours)
      search.propose(patches.right[neighbour] ?? 0, patches.down[neighbour] ?? 0);
    search.descend();
    patches.right[index] = search.right;
    patches.down[index] = search.down;
  };
  for (let index = 0; index < count; index++) {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [x, y] = [left + column * APART, top + row * APART];
    const [right, down] = coarse ? flowAt(coarse, x + PATCH / 2, y + PATCH / 2) : [0, 0];
    search.begin(right, down);
    seek(index, [...(column > 0 ? [index - 1] : []), ...(row > 0 ? [index - columns] : [])]);
  }
  for (let index = count - 1; index >= 0; index--) {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    search.begin(patches.right[index] ?? 0, patches.down[index] ?? 0);
    seek(index, [...(column < columns - 1 ? [index + 1] : []), ...(row < rows - 1 ? [index + columns] : [])]);
  }
  return patches;
}

/** The flow of a scale half as fine, at a pixel of this one. */
function flowAt({ width, height, right, down }: Flow, x: number, y: number): [right: number, down: number] {
  const at = Math.min(y >> 1, height - 1) * width + Math.min(x >> 1, width - 1);
  return [2 * (right[at] ?? 0), 2 * (down[at] ?? 0)];
}

/** Seeks one patch of `a` in `b` after the other. */
class PatchSearch {
  readonly #a: GreyLevel;
  readonly #b: GreyLevel;
  readonly #patch = new Float32Array(PIXELS);
  readonly #gradientX = new Float32Array(PIXELS);
  readonly #gradientY = new Float32Array(PIXELS);
  readonly #found = new Float32Array(PIXELS);
  #x = 0;
  #y = 0;
  #error = Infinity;
  right = 0;
  down = 0;

  constructor(a: GreyLevel, b: GreyLevel) {
    this.#a = a;
    this.#b = b;
  }

  /** Where the next patch is looked for first. */
  begin(right: number, down: number): void {
    this.right = right;
    this.down = down;
  }

  /** Takes the patch of `a` whose upper left pixel is (x, y). */
  take(x: number, y: number): void {
    const { data, stride } = this.#a;
    this.#x = x;
    this.#y = y;
    let sum = 0;
    for (let row = 0, i = 0; row < PATCH; row++) {
      let at = (y + row + BORDER) * stride + x + BORDER;
      for (let column = 0; column < PATCH; column++, i++, at++) {
        const value = data[at] ?? 0;
        this.#patch[i] = value;
        sum += value;
        this.#gradientX[i] = ((data[at + 1] ?? 0) - (data[at - 1] ?? 0)) / 2;
        this.#gradientY[i] = ((data[at + stride] ?? 0) - (data[at - stride] ?? 0)) / 2;
      }
    }
    for (let i = 0; i < PIXELS; i++) this.#patch[i] = (this.#patch[i] ?? 0) - sum / PIXELS;
    this.#error = this.#errorAt(this.right, this.down);
  }

  /** Begins at another place if the patch fits better there. */
  propose(right: number, down: number): void {
    const error = this.#errorAt(right, down);
    if (error >= this.#error) return;
    this.#error = error;
    this.right = right;
    this.down = down;
  }

  /** Moves the patch to where it fits best near its beginning. */
  descend(): void {
    const [gx, gy, found, patch] = [this.#gradientX, this.#gradientY, this.#found, this.#patch];
    let [xx, xy, yy, sumX, sumY] = [0, 0, 0, 0, 0];
    for (let i = 0; i < PIXELS; i++) {
      const [x = 0, y = 0] = [gx[i], gy[i]];
      xx += x * x;
      xy += x * y;
      yy += y * y;
      sumX += x;
      sumY += y;
    }
    xx -= (sumX * sumX) / PIXELS;
    xy -= (sumX * sumY) / PIXELS;
    yy -= (sumY * sumY) / PIXELS;
    const determinant = xx * yy - xy * xy;
    if (determinant < LEAST_TEXTURE * LEAST_TEXTURE) return;
    const [beginRight, beginDown] = [this.right, this.down];
    // #found has what is at the patch's place, here and after each step that is kept.
    this.#errorAt(this.right, this.down);
    for (let step = 0; step < STEPS; step++) {
      let [dx, dy] = [0, 0];
      for (let i = 0; i < PIXELS; i++) {
        const difference = (found[i] ?? 0) - (patch[i] ?? 0);
        dx += (gx[i] ?? 0) * difference;
        dy += (gy[i] ?? 0) * difference;
      }
      const right = this.right - (yy * dx - xy * dy) / determinant;
      const down = this.down - (xx * dy - xy * dx) / determinant;
      if (Math.hypot(right - beginRight, down - beginDown) > FARTHEST) break;
      const error = this.#errorAt(right, down);
      if (error >= this.#error) break;
      this.#error = error;
      this.right = right;
      this.down = down;
    }
  }

  /** Mean squared difference of the patch and what `b` has there, bilinear, each without its mean. */
  #errorAt(right: number, down: number): number {
    const { data, stride, width, height } = this.#b;
    const x = Math.min(Math.max(this.#x + right, -BORDER), width + BORDER - PATCH - 2);
    const y = Math.min(Math.max(this.#y + down, -BORDER), height + BORDER - PATCH - 2);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [shareX, shareY] = [x - left, y - top];
    const [a, b] = [(1 - shareX) * (1 - shareY), shareX * (1 - shareY)];
    const [c, d] = [(1 - shareX) * shareY, shareX * shareY];
    const found = this.#found;
    let sum = 0;
    for (let row = 0, i = 0; row < PATCH; row++) {
      let at = (top + row + BORDER) * stride + left + BORDER;
      for (let column = 0; column < PATCH; column++, i++, at++) {
        const value =
          a * (data[at] ?? 0) +
          b * (data[at + 1] ?? 0) +
          c * (data[at + stride] ?? 0) +
          d * (data[at + stride + 1] ?? 0);
        found[i] = value;
        sum += value;
      }
    }
    const mean = sum / PIXELS;
    let error = 0;
    for (let i = 0; i < PIXELS; i++) {
      const value = (found[i] ?? 0) - mean;
      found[i] = value;
      error += (value - (this.#patch[i] ?? 0)) ** 2;
    }
    return error / PIXELS;
  }
}

/** The flow of each pixel: the mean of the patches over it, by how well each fits the pixel. */
function densify(a: GreyLevel, b: GreyLevel, patches: Patches): Flow {
  const { width, height } = a;
  const right = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  const weights = new Float32Array(width * height);
  for (let row = 0, index = 0; row < patches.rows; row++) {
    for (let column = 0; column < patches.columns; column++, index++) {
      const [u = 0, v = 0] = [patches.right[index], patches.down[index]];
      const [left, top] = [patches.left + column * APART, patches.top + row * APART];
      const [lastX, lastY] = [Math.min(left + PATCH, width), Math.min(top + PATCH, height)];
      for (let y = top; y < lastY; y++) {
        for (let x = left; x < lastX; x++) {
          const difference = sample(b, x + u, y + v) - (a.data[(y + BORDER) * a.stride + x + BORDER] ?? 0);
          const weight = 1 / Math.max(1, Math.abs(difference));
          const at = y * width + x;
          right[at] = (right[at] ?? 0) + weight * u;
          down[at] = (down[at] ?? 0) + weight * v;
          weights[at] = (weights[at] ?? 0) + weight;
        }
      }
    }
  }
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] || 1;
    right[at] = (right[at] ?? 0) / weight;
    down[at] = (down[at] ?? 0) / weight;
  }
  return { width, height, right, down };
}

/** Brightness between pixels, bilinear; beyond the border as at it. */
export function sample({ data, stride, width, height }: GreyLevel, x: number, y: number): number {
  const inX = Math.min(Math.max(x, -BORDER), width + BORDER - 2);
  const inY = Math.min(Math.max(y, -BORDER), height + BORDER - 2);
  const [left, top] = [Math.floor(inX), Math.floor(inY)];
  const [shareX, shareY] = [inX - left, inY - top];
  const at = (top + BORDER) * stride + left + BORDER;
  const upper = (data[at] ?? 0) + shareX * ((data[at + 1] ?? 0) - (data[at] ?? 0));
  const next = at + stride;
  const lower = (data[next] ?? 0) + shareX * ((data[next + 1] ?? 0) - (data[next] ?? 0));
  return upper + shareY * (lower - upper);
}
