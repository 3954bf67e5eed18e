import { decodeRle, rleIou, type MaskRle } from '../../src/core/rle.ts';
import type { Size } from '../../src/core/geometry.ts';

/**
 * The measures of the DAVIS benchmark: region similarity J and boundary accuracy F. Source: Perazzi et al., A Benchmark
 * Dataset and Evaluation Methodology for Video Object Segmentation, 2016, sections 4 and 5.
 */

/** How far a boundary may lie from the true one, as a share of the frame's diagonal. */
export const BOUNDARY_TOLERANCE = 0.008;

export interface Quality {
  /** Intersection over union; 1 where both masks are empty. */
  readonly j: number;
  /** Harmonic mean of the boundary's precision and recall; 1 where both masks are empty. */
  readonly f: number;
}

/** J, the IoU, and F, the boundary measure, of a mask and the true one of the same size. */
export function measure(mask: MaskRle, truth: MaskRle): Quality {
  return { j: rleIou(mask, truth), f: boundaryMeasure(mask, truth) };
}

/**
 * The boundary measure of two masks of the same size: how many boundary pixels of each have one of the other within the
 * tolerance.
 *
 * @param tolerance share of the diagonal, or, from 1 on, pixels
 */
export function boundaryMeasure(mask: MaskRle, truth: MaskRle, tolerance = BOUNDARY_TOLERANCE): number {
  const size: Size = { width: truth.width, height: truth.height };
  const radius = tolerance >= 1 ? tolerance : Math.ceil(tolerance * Math.hypot(size.width, size.height));
  const found = boundaryMap(decodeRle(mask), size);
  const wanted = boundaryMap(decodeRle(truth), size);
  // Where nothing is found, nothing found is wrong; where nothing is wanted, nothing is missing.
  const precision = shareNear(found, wanted, size, radius) ?? 1;
  const recall = shareNear(wanted, found, size, radius) ?? 1;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * The boundary pixels of a mask, row-major: those whose value differs from the one to the right, below, or below on the
 * right. It is one pixel wide and lies on the upper left side of each edge. Beyond the frame there is no edge.
 */
export function boundaryMap(mask: Uint8Array, { width, height }: Size): Uint8Array {
  const boundary = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, at++) {
      const right = x + 1 < width ? 1 : 0;
      const here = mask[at];
      if (here !== mask[at + right] || here !== mask[at + down] || here !== mask[at + down + right])
        boundary[at] = 1;
    }
  }
  return boundary;
}

/** Which of the set pixels have a set pixel of `others` within a disc of `radius`; `undefined` if none are set. */
function shareNear(
  pixels: Uint8Array,
  others: Uint8Array,
  { width, height }: Size,
  radius: number,
): number | undefined {
  const disc = discOffsets(radius);
  let all = 0;
  let near = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (pixels[at] === 0) continue;
      all++;
      const hit = disc.some(([dx, dy]) => {
        const [nx, ny] = [x + dx, y + dy];
        return nx >= 0 && nx < width && ny >= 0 && ny < height && others[ny * width + nx] === 1;
      });
      if (hit) near++;
    }
  }
  return all === 0 ? undefined : near / all;
}

/** Offsets within a disc, the nearest first: most pixels of a good mask find their like at once. */
function discOffsets(radius: number): [dx: number, dy: number][] {
  const offsets: [number, number][] = [];
  const reach = Math.floor(radius);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= radius * radius) offsets.push([dx, dy]);
  }
  return offsets.sort(([ax, ay], [bx, by]) => ax * ax + ay * ay - (bx * bx + by * by));
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean over a clip as DAVIS takes it for first-frame prompts: without the first frame, which was given, and without the
 * last one.
 */
export function clipQuality(frames: readonly Quality[]): Quality {
  const counted = frames.slice(1, -1);
  return { j: mean(counted.map(({ j }) => j)), f: mean(counted.map(({ f }) => f)) };
}

/** J&F, the benchmark's one figure. */
export function jAndF({ j, f }: Quality): number {
  return (j + f) / 2;
}
