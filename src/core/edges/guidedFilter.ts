import type { Size } from '../geometry.ts';
import { boxMean } from './boxMean.ts';

/** Red, green and blue of each pixel, 0 to 1, row by row, a plane for each. */
export type Planes = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

/**
 * Filters a picture so that its edges are those of a colour picture: in each square of `2·radius + 1` pixels the result is as near to
 * `picture` as a linear function of the guide's colours can be.
 * Source: He, Sun and Tang, Guided Image Filtering, 2013, section 3.
 * @param picture row by row
 * @param regularization how much the colours of a square must vary, squared, to be an edge
 */
export function guidedFilter(
  picture: Float32Array,
  guide: Planes,
  size: Size,
  radius: number,
  regularization: number,
): Float32Array {
  const mean = (values: Float32Array) => boxMean(values, size, radius, values);
  const product = (a: Float32Array, b: Float32Array) => {
    const result = new Float32Array(a.length);
    for (let at = 0; at < a.length; at++) result[at] = (a[at] ?? 0) * (b[at] ?? 0);
    return mean(result);
  };
  const [red, green, blue] = guide;
  const means = guide.map((plane) => boxMean(plane, size, radius));
  const [meanR, meanG, meanB] = means as unknown as Planes;
  const [rr, rg, rb] = [product(red, red), product(red, green), product(red, blue)];
  const [gg, gb, bb] = [product(green, green), product(green, blue), product(blue, blue)];
  const [pr, pg, pb] = [product(picture, red), product(picture, green), product(picture, blue)];
  const offset = boxMean(picture, size, radius);

  // For each square the factors of red, green and blue, and the offset; written over what they come of.
  for (let at = 0; at < picture.length; at++) {
    const r = meanR[at] ?? 0;
    const g = meanG[at] ?? 0;
    const b = meanB[at] ?? 0;
    const p = offset[at] ?? 0;
    const xr = (rr[at] ?? 0) - r * r + regularization;
    const xg = (rg[at] ?? 0) - r * g;
    const xb = (rb[at] ?? 0) - r * b;
    const yg = (gg[at] ?? 0) - g * g + regularization;
    const yb = (gb[at] ?? 0) - g * b;
    const zb = (bb[at] ?? 0) - b * b + regularization;
    const cr = (pr[at] ?? 0) - r * p;
    const cg = (pg[at] ?? 0) - g * p;
    const cb = (pb[at] ?? 0) - b * p;
    // The inverse of the symmetric 3×3 matrix of covariances, by its adjugate.
    const ir = yg * zb - yb * yb;
    const irg = xb * yb - xg * zb;
    const irb = xg * yb - xb * yg;
    const ig = xr * zb - xb * xb;
    const igb = xb * xg - xr * yb;
    const ib = xr * yg - xg * xg;
    const scale = 1 / (xr * ir + xg * irg + xb * irb);
    const ar = scale * (ir * cr + irg * cg + irb * cb);
    const ag = scale * (irg * cr + ig * cg + igb * cb);
    const ab = scale * (irb * cr + igb * cg + ib * cb);
    pr[at] = ar;
    pg[at] = ag;
    pb[at] = ab;
    offset[at] = p - ar * r - ag * g - ab * b;
  }
  for (const factors of [pr, pg, pb, offset]) mean(factors);
  for (let at = 0; at < picture.length; at++)
    offset[at] =
      (offset[at] ?? 0) +
      (pr[at] ?? 0) * (red[at] ?? 0) +
      (pg[at] ?? 0) * (green[at] ?? 0) +
      (pb[at] ?? 0) * (blue[at] ?? 0);
  return offset;
}
