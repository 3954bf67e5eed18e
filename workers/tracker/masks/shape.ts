import { boundsAbove, type Grid } from './grid.ts';

/**
 * Labels the 8-connected components of the non-zero cells, from 1; background is 0.
 * Returns the labels, row-major, and the number of components.
 */
export function connectedComponents({ data, width, height }: Grid<Uint8Array>): {
  labels: Uint16Array;
  count: number;
} {
  const labels = new Uint16Array(data.length);
  // Each cell waits there at most once.
  const pending = new Int32Array(data.length);
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    pending[0] = start;
    for (let waiting = 1; waiting > 0;) {
      const cell = pending[--waiting] ?? 0;
      const x = cell % width;
      const y = Math.floor(cell / width);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbour = ny * width + nx;
          if (data[neighbour] === 0 || labels[neighbour] !== 0) continue;
          labels[neighbour] = count;
          pending[waiting++] = neighbour;
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
export function distanceTransform(grid: Grid<Uint8Array>): Float32Array {
  const { data, width, height } = grid;
  const distance = new Float32Array(width * height);
  // What is outside the box is zero, as the outside of the grid.
  const { x0, y0, x1, y1 } = boundsAbove(grid, 0) ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
  // Within each column: how far it is to the zero cell above, then whether the one below is nearer.
  for (let y = y0; y < y1; y++) {
    for (let x = x0, at = y * width + x0; x < x1; x++, at++)
      if (data[at] !== 0) distance[at] = 1 + (y > y0 ? (distance[at - width] ?? 0) : 0);
  }
  for (let y = y1 - 1; y >= y0; y--) {
    for (let x = x0, at = y * width + x0; x < x1; x++, at++) {
      const below = 1 + (y + 1 < y1 ? (distance[at + width] ?? 0) : 0);
      if (below < (distance[at] ?? 0)) distance[at] = below;
    }
  }
  // Then along each row, with a zero cell on either side.
  const heights = new Float64Array(x1 - x0 + 2);
  const lowest = new Float64Array(heights.length);
  const envelope = { centres: new Int32Array(heights.length), starts: new Float64Array(heights.length) };
  for (let y = y0; y < y1; y++) {
    const before = y * width + x0 - 1;
    for (let i = 1; i < heights.length - 1; i++) heights[i] = (distance[before + i] ?? 0) ** 2;
    lowerEnvelope(heights, lowest, envelope);
    for (let i = 1; i < heights.length - 1; i++) distance[before + i] = Math.sqrt(lowest[i] ?? 0);
  }
  return distance;
}

/** The centre of the non-zero cell that is farthest from zero cells; the outside of the grid counts as zero. */
export function deepestCell(grid: Grid<Uint8Array>): { x: number; y: number } {
  const depth = distanceTransform(grid);
  let deepest = 0;
  for (let i = 1; i < depth.length; i++) if ((depth[i] ?? 0) > (depth[deepest] ?? 0)) deepest = i;
  return { x: (deepest % grid.width) + 0.5, y: Math.floor(deepest / grid.width) + 0.5 };
}

/** The parabolas of a lower envelope: where each is centred, and from where on it is the lowest. */
interface Envelope {
  readonly centres: Int32Array;
  readonly starts: Float64Array;
}

/**
 * For each position the least of `heights[i]` + (position − i)², by the lower envelope of the parabolas.
 *
 * @param envelope as long as the line, whatever is there
 */
function lowerEnvelope(heights: Float64Array, lowest: Float64Array, { centres, starts }: Envelope): void {
  centres[0] = 0;
  starts[0] = -Infinity;
  let last = 0;
  for (let i = 1; i < heights.length; i++) {
    const rise = (heights[i] ?? 0) + i * i;
    for (;;) {
      const centre = centres[last] ?? 0;
      const meet = (rise - ((heights[centre] ?? 0) + centre * centre)) / (2 * (i - centre));
      if (meet > (starts[last] ?? 0)) {
        centres[++last] = i;
        starts[last] = meet;
        break;
      }
      last--;
    }
  }
  for (let position = 0, k = 0; position < heights.length; position++) {
    while (k < last && (starts[k + 1] ?? 0) < position) k++;
    const centre = centres[k] ?? 0;
    lowest[position] = (heights[centre] ?? 0) + (position - centre) ** 2;
  }
}
