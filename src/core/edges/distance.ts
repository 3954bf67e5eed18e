import type { Size } from '../geometry.ts';

/** Farther than any pixel of a frame, squared. */
const FAR = 1e12;

/**
 * The squared distance, in pixels, of each pixel to the nearest one that has a value; 0 on those, and huge where there are none.
 * Source: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012.
 * @param mask row by row
 */
export function squaredDistances(mask: Uint8Array, value: number, { width, height }: Size): Float64Array {
  const distances = new Float64Array(mask.length);
  for (let at = 0; at < mask.length; at++) distances[at] = mask[at] === value ? 0 : FAR;
  const longest = Math.max(width, height);
  const scratch = {
    line: new Float64Array(longest),
    places: new Int32Array(longest),
    bounds: new Float64Array(longest + 1),
  };
  for (let x = 0; x < width; x++) lowerEnvelope(distances, x, width, height, scratch);
  for (let y = 0; y < height; y++) lowerEnvelope(distances, y * width, 1, width, scratch);
  return distances;
}

interface Scratch {
  readonly line: Float64Array;
  /** Where the parabolas of the envelope have their lowest points, and from where to where each is the lowest. */
  readonly places: Int32Array;
  readonly bounds: Float64Array;
}

/** The least of the parabolas over a line's values, written in their place. */
function lowerEnvelope(
  values: Float64Array,
  start: number,
  step: number,
  count: number,
  { line, places, bounds }: Scratch,
): void {
  for (let i = 0; i < count; i++) line[i] = values[start + i * step] ?? FAR;
  let last = 0;
  places[0] = 0;
  bounds[0] = -Infinity;
  bounds[1] = Infinity;
  for (let i = 1; i < count; i++) {
    const height = (line[i] ?? FAR) + i * i;
    let crossing: number;
    for (;;) {
      const place = places[last] ?? 0;
      crossing = (height - (line[place] ?? FAR) - place * place) / (2 * (i - place));
      if (crossing > (bounds[last] ?? -Infinity)) break;
      last--;
    }
    last++;
    places[last] = i;
    bounds[last] = crossing;
    bounds[last + 1] = Infinity;
  }
  for (let i = 0, nearest = 0; i < count; i++) {
    while ((bounds[nearest + 1] ?? Infinity) < i) nearest++;
    const place = places[nearest] ?? 0;
    values[start + i * step] = Math.min(FAR, (i - place) ** 2 + (line[place] ?? FAR));
  }
}
