import type { Size } from '../geometry.ts';

/**
 * The mean over the square of `2·radius + 1` pixels round each pixel, of the pixels that are within the picture.
 * @param picture row by row
 * @param into where the means are written; may be `picture` itself
 */
export function boxMean(
  picture: Float32Array,
  { width, height }: Size,
  radius: number,
  into: Float32Array = new Float32Array(picture.length),
): Float32Array {
  const line = new Float32Array(Math.max(width, height));
  for (let y = 0; y < height; y++) lineMean(picture, into, y * width, 1, width, radius, line);
  for (let x = 0; x < width; x++) lineMean(into, into, x, width, height, radius, line);
  return into;
}

function lineMean(
  from: Float32Array,
  into: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
  line: Float32Array,
): void {
  let sum = 0;
  for (let i = 0, at = start; i < count; i++, at += step) line[i] = from[at] ?? 0;
  for (let i = 0; i < Math.min(radius, count); i++) sum += line[i] ?? 0;
  for (let i = 0, at = start; i < count; i++, at += step) {
    if (i + radius < count) sum += line[i + radius] ?? 0;
    if (i - radius > 0) sum -= line[i - radius - 1] ?? 0;
    into[at] = sum / (Math.min(count, i + radius + 1) - Math.max(0, i - radius));
  }
}

/** As many means, one after the other, make a blur that is nearly Gaussian. */
export const MEANS = 3;

/** A blur that is nearly Gaussian. @param deviation in pixels @returns a new picture */
export function blurred(picture: Float32Array, size: Size, deviation: number): Float32Array {
  const radius = blurRadius(deviation);
  const result = boxMean(picture, size, radius);
  for (let i = 1; i < MEANS; i++) boxMean(result, size, radius, result);
  return result;
}

/** How far a blur carries a pixel's value. @param deviation in pixels */
export function blurReach(deviation: number): number {
  return MEANS * blurRadius(deviation);
}

/** The radius of the means of a blur: the variance of three of them is r(r + 1). @param deviation in pixels */
export function blurRadius(deviation: number): number {
  return Math.max(1, Math.round(Math.sqrt(deviation * deviation + 0.25) - 0.5));
}
