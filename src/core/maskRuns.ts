import { MAX_FRAME_SIDE } from './clip.ts';
import { FormatError } from './formatError.ts';
import type { Size } from './geometry.ts';
import type { MaskRle } from './rle.ts';

/**
 * The size of a mask as a file states it. Nothing is allocated for it.
 * @throws FormatError if a side is not a whole number from 1 to 8192.
 */
export function checkMaskSides(width: unknown, height: unknown): Size {
  if (isSide(width) && isSide(height)) return { width, height };
  throw new FormatError(
    `A mask of ${show(width)}×${show(height)} pixels cannot be: each side has 1 to ${MAX_FRAME_SIDE}.`,
  );
}

function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_FRAME_SIDE;
}

function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value;
}

/**
 * A mask from run lengths of unknown origin, in the order of `MaskRle`. Runs of 0 in the middle, which some programs write,
 * are joined with their neighbours.
 * @throws FormatError if a run is not a whole number from 0, or the runs do not add up to the mask's pixels.
 */
export function maskOfRuns(runs: ArrayLike<unknown>, size: Size): MaskRle {
  const pixels = size.width * size.height;
  const counts: number[] = [];
  let total = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i];
    if (typeof run !== 'number' || !Number.isInteger(run) || run < 0) {
      throw new FormatError(`Run ${i} of a mask is ${show(run)}: a run is a whole number from 0.`);
    }
    total += run;
    if (total > pixels) break;
    // The run before a run of 0 goes on with the one after it.
    const continues = counts.length % 2 !== i % 2;
    if (continues) counts[counts.length - 1] = (counts[counts.length - 1] ?? 0) + run;
    else if (run > 0 || i === 0) counts.push(run);
  }
  if (total !== pixels) {
    const what = total > pixels ? `more than the ${pixels}` : `${total}, not the ${pixels},`;
    throw new FormatError(
      `The run lengths of a mask add up to ${what} pixels of ${size.width}×${size.height}.`,
    );
  }
  return { ...size, counts: Uint32Array.from(counts) };
}
