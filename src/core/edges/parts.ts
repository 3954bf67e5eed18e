import type { Size, VideoBox } from '../geometry.ts';
import { encodeChanges, forEachColumnRun, rleBounds, type MaskRle } from '../rle.ts';

/** Pixels of a column that are next to each other, all of the object or none of it. */
interface Run {
  readonly x: number;
  readonly from: number;
  /** The first pixel behind it. */
  readonly to: number;
  readonly isObject: boolean;
}

/**
 * A mask with its holes filled and its specks taken away. A hole is background that does not touch the border of the object's box; the largest part
 * of the object is no speck. Object pixels hang together over corners, background pixels do not. Works on run lengths: an object has some thousand
 * runs, and a hundred times as many pixels.
 * @param holes, specks the most pixels that one has
 */
export function mendedMask(mask: MaskRle, holes: number, specks: number): MaskRle {
  const box = rleBounds(mask);
  if (box === null || (holes === 0 && specks === 0)) return mask;
  const given = runsOf(mask, box);
  const filled =
    holes > 0 ? withoutParts(given, false, ({ pixels, isOpen }) => !isOpen && pixels <= holes, box) : given;
  const mended =
    specks > 0
      ? withoutParts(filled, true, ({ pixels, largest }) => pixels <= specks && pixels < largest, box)
      : filled;
  return mended === given ? mask : encodeChanges(mask, changesOf(mended, mask));
}

/** All runs of a box, column by column, each from top to bottom. */
function runsOf(mask: MaskRle, { x0, x1, y0, y1 }: VideoBox): Run[] {
  const runs: Run[] = [];
  let [x, y] = [x0, y0];
  const addGround = (to: number) => {
    if (y < to) runs.push({ x, from: y, to, isObject: false });
    y = to;
  };
  const nextColumn = () => {
    addGround(y1);
    x++;
    y = y0;
  };
  forEachColumnRun(mask, (column, from, length) => {
    while (x < column) nextColumn();
    addGround(from);
    runs.push({ x, from, to: from + length, isObject: true });
    y = from + length;
  });
  while (x < x1) nextColumn();
  return runs;
}

/** Runs that hang together. */
interface Part {
  readonly pixels: number;
  /** Whether it touches the border of the box. */
  readonly isOpen: boolean;
  /** The pixels of the largest part. */
  readonly largest: number;
}

/** Runs in which some parts of the object, or of the background, are of the other side; the very same where there is no such part. */
function withoutParts(
  runs: readonly Run[],
  isObject: boolean,
  isMeant: (part: Part) => boolean,
  box: VideoBox,
): readonly Run[] {
  const roots = joined(runs, isObject);
  const [pixels, open] = [new Float64Array(runs.length), new Uint8Array(runs.length)];
  for (const [at, { x, from, to, isObject: is }] of runs.entries()) {
    if (is !== isObject) continue;
    const root = rootOf(roots, at);
    pixels[root] = (pixels[root] ?? 0) + to - from;
    if (x === box.x0 || x === box.x1 - 1 || from === box.y0 || to === box.y1) open[root] = 1;
  }
  const largest = pixels.reduce((most, count) => Math.max(most, count), 0);
  const meant = new Set<number>();
  for (const [at, count] of pixels.entries())
    if (count > 0 && isMeant({ pixels: count, isOpen: open[at] === 1, largest })) meant.add(at);
  if (meant.size === 0) return runs;
  return merged(
    runs.map((run, at) =>
      run.isObject === isObject && meant.has(rootOf(roots, at)) ? { ...run, isObject: !isObject } : run,
    ),
  );
}

/** For each run of one side another that it hangs together with, up to one that stands for all of its part. */
function joined(runs: readonly Run[], isObject: boolean): Int32Array {
  const roots = Int32Array.from(runs, (_, at) => at);
  // Over corners, a run reaches a pixel farther.
  const corner = isObject ? 1 : 0;
  let before = 0;
  for (const [at, { x, from, to, isObject: is }] of runs.entries()) {
    if (is !== isObject) continue;
    while (isAbove(runs[before], x - 1, from - corner)) before++;
    for (let beside = before; ; beside++) {
      const other = runs[beside];
      if (other === undefined || other.x !== x - 1 || other.from >= to + corner) break;
      if (other.isObject === isObject) roots[rootOf(roots, beside)] = rootOf(roots, at);
    }
  }
  return roots;
}

/** Whether a run ends before a place, in the order of the runs. */
function isAbove(run: Run | undefined, x: number, y: number): boolean {
  return run !== undefined && (run.x < x || (run.x === x && run.to <= y));
}

/** What stands for the part of a run. Shortens the way to it. */
function rootOf(roots: Int32Array, at: number): number {
  let root = at;
  for (let next = roots[root] ?? root; next !== root; next = roots[root] ?? root) {
    roots[root] = roots[next] ?? next;
    root = next;
  }
  return root;
}

/** Runs of which no two next to each other are of one side. */
function merged(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last?.x === run.x && last.isObject === run.isObject)
      result[result.length - 1] = { ...last, to: run.to };
    else result.push(run);
  }
  return result;
}

/** The places where object and background change, as `encodeChanges` takes them. */
function changesOf(runs: readonly Run[], { width, height }: Size): number[] {
  const changes: number[] = [];
  for (const { x, from, to, isObject } of runs) {
    if (!isObject) continue;
    // Goes on where the column before has ended.
    if (changes.at(-1) === x * height + from) changes.pop();
    else changes.push(x * height + from);
    changes.push(x * height + to);
  }
  if (changes.at(-1) === width * height) changes.pop();
  return changes;
}
