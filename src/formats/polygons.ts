import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { decodeRle, encodeChanges, type MaskRle } from '../core/rle.ts';

/** An outline as x and y in turn, in pixels of the mask; a pixel covers [x, x + 1). Not closed: the last point meets the first. */
export type Polygon = readonly number[];

/** Steps to the right, down, left and up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** From a corner, the pixels ahead to the left and to the right of each step. */
const AHEAD_LEFT = [
  [0, -1],
  [0, 0],
  [-1, 0],
  [-1, -1],
] as const;
const AHEAD_RIGHT = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;

/**
 * The outer outline of each part of a mask, along the edges of its pixels: whoever fills it has every pixel of the part, and its
 * holes. Pixels that touch at a corner only belong to different parts.
 */
export function outlinesOf(rle: MaskRle): number[][] {
  const { width, height } = rle;
  const mask = decodeRle(rle);
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  // Each outline has an upper edge of a pixel that is walked to the right.
  const walked = new Uint8Array(width * height);
  const outlines: number[][] = [];
  for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
    const [startX, startY] = [at % width, Math.floor(at / width)];
    if (walked[at] === 1 || isInside(startX, startY - 1)) continue;
    const outline: number[] = [startX, startY];
    let twiceArea = 0;
    let [x, y, direction] = [startX, startY, 0];
    for (;;) {
      if (direction === 0) walked[y * width + x] = 1;
      const [stepX, stepY] = STEPS[direction] ?? [0, 0];
      twiceArea += x * stepY - y * stepX;
      x += stepX;
      y += stepY;
      const [rightX, rightY] = AHEAD_RIGHT[direction] ?? [0, 0];
      const [leftX, leftY] = AHEAD_LEFT[direction] ?? [0, 0];
      const turn = !isInside(x + rightX, y + rightY) ? 1 : isInside(x + leftX, y + leftY) ? 3 : 0;
      direction = (direction + turn) % 4;
      if (x === startX && y === startY && direction === 0) break;
      if (turn !== 0) outline.push(x, y);
    }
    // The outline of a hole runs the other way round.
    if (twiceArea > 0) outlines.push(outline);
  }
  return outlines;
}

/** More crossings of outlines and columns than this are not worked out: no mask has so many. */
const MOST_CROSSINGS = 4_000_000;

/**
 * The mask that polygons enclose, by the even-odd rule for each, all of them together: the pixels whose middle lies inside. What
 * lies beyond the frame is cut off.
 *
 * @throws FormatError if a polygon is not one, or they are too complicated
 */
export function maskOfPolygons(polygons: readonly Polygon[], size: Size): MaskRle {
  const columns = new Map<number, [from: number, to: number][]>();
  let budget = MOST_CROSSINGS;
  for (const polygon of polygons) {
    const crossings = crossingsOf(polygon, size, budget);
    for (const [x, places] of crossings) {
      budget -= places.length;
      places.sort((a, b) => a - b);
      for (let i = 0; i + 1 < places.length; i += 2) {
        const from = rowFrom(places[i] ?? 0, size.height);
        const to = rowFrom(places[i + 1] ?? 0, size.height);
        if (to <= from) continue;
        const column = columns.get(x);
        if (column) column.push([from, to]);
        else columns.set(x, [[from, to]]);
      }
    }
  }
  const changes: number[] = [];
  for (const [x, rows] of [...columns].sort(([a], [b]) => a - b)) {
    rows.sort(([a], [b]) => a - b);
    for (const [from, to] of rows) {
      const [start, end] = [x * size.height + from, x * size.height + to];
      // A run that begins within the last one, or right behind it, goes on with it.
      const last = changes.at(-1) ?? -1;
      if (start > last) changes.push(start, end);
      else if (end > last) changes[changes.length - 1] = end;
    }
  }
  if (changes.at(-1) === size.width * size.height) changes.pop();
  return encodeChanges(size, changes);
}

/** The first row whose middle is not above `y`. */
function rowFrom(y: number, height: number): number {
  return Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
}

/** Where a polygon's outline crosses the middle of each column. */
function crossingsOf(polygon: Polygon, size: Size, budget: number): Map<number, number[]> {
  if (polygon.length < 6 || polygon.length % 2 !== 0 || !polygon.every(isCoordinate)) {
    throw new FormatError('A polygon is at least three points, each with an x and a y.');
  }
  const edges = polygon.flatMap((ax, i) => (i % 2 === 0 ? edgeAt(polygon, i, ax, size) : []));
  if (edges.reduce((sum, { first, end }) => sum + end - first, 0) > budget) {
    throw new FormatError('The polygons of a mask are too complicated to be those of an object.');
  }
  const crossings = new Map<number, number[]>();
  for (const { first, end, yAt } of edges) {
    for (let x = first; x < end; x++) {
      const places = crossings.get(x);
      if (places) places.push(yAt(x + 0.5));
      else crossings.set(x, [yAt(x + 0.5)]);
    }
  }
  return crossings;
}

/** The columns whose middle an edge crosses, none for a vertical one. */
interface Edge {
  readonly first: number;
  readonly end: number;
  readonly yAt: (x: number) => number;
}

function edgeAt(polygon: Polygon, i: number, ax: number, { width }: Size): Edge[] {
  const next = (i + 2) % polygon.length;
  const [ay = 0, bx = 0, by = 0] = [polygon[i + 1], polygon[next], polygon[next + 1]];
  const [x0, y0, x1, y1] = ax < bx ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const first = Math.max(0, Math.ceil(x0 - 0.5));
  const end = Math.min(width, Math.ceil(x1 - 0.5));
  return end > first ? [{ first, end, yAt: (x) => y0 + ((x - x0) * (y1 - y0)) / (x1 - x0) }] : [];
}

function isCoordinate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 1e7;
}
