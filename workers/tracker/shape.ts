import type { Grid } from './grid.ts';

/**
 * Labels the 8-connected components of the non-zero cells, from 1; background is 0.
 * Returns the labels, row-major, and the number of components.
 */
export function connectedComponents({ data, width, height }: Grid<Uint8Array>): {
  labels: Uint16Array;
  count: number;
} {
  const labels = new Uint16Array(data.length);
  const pending: number[] = [];
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    pending.push(start);
    for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
      const x = cell % width;
      const y = Math.floor(cell / width);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbour = ny * width + nx;
          if (data[neighbour] === 0 || labels[neighbour] !== 0) continue;
          labels[neighbour] = count;
          pending.push(neighbour);
        }
      }
    }
  }
  return { labels, count };
}

/**
 * For each non-zero cell the Euclidean distance, in cells, to the nearest zero cell; the outside of the grid counts as zero.
 * Source: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012.
 */
export function distanceTransform({ data, width, height }: Grid<Uint8Array>): Float32Array {
  // A border of zero cells stands for the outside.
  const w = width + 2;
  const h = height + 2;
  const squared = new Float64Array(w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      if (data[y * width + x] !== 0) squared[(y + 1) * w + x + 1] = w * w + h * h;
  }
  const line = new Float64Array(Math.max(w, h));
  for (let x = 0; x < w; x++) {
    for (let y = 0; y < h; y++) line[y] = squared[y * w + x] ?? 0;
    lowerEnvelope(line, h, (y, value) => (squared[y * w + x] = value));
  }
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) line[x] = squared[y * w + x] ?? 0;
    lowerEnvelope(line, w, (x, value) => (squared[y * w + x] = value));
  }
  const distance = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) distance[y * width + x] = Math.sqrt(squared[(y + 1) * w + x + 1] ?? 0);
  }
  return distance;
}

/** For each position the least of `heights[i]` + (position − i)², by the lower envelope of the parabolas. */
function lowerEnvelope(
  heights: Float64Array,
  length: number,
  set: (position: number, value: number) => void,
): void {
  const centres = [0];
  const starts = [-Infinity];
  const height = (i: number) => heights[i] ?? 0;
  for (let i = 1; i < length; i++) {
    for (;;) {
      const last = centres.at(-1) ?? 0;
      const meet = (height(i) + i * i - (height(last) + last * last)) / (2 * (i - last));
      if (meet > (starts.at(-1) ?? -Infinity)) {
        centres.push(i);
        starts.push(meet);
        break;
      }
      centres.pop();
      starts.pop();
    }
  }
  const results = new Float64Array(length);
  for (let position = 0, k = 0; position < length; position++) {
    while ((starts[k + 1] ?? Infinity) < position) k++;
    const centre = centres[k] ?? 0;
    results[position] = height(centre) + (position - centre) ** 2;
  }
  results.forEach((value, position) => set(position, value));
}
