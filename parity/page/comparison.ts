import type { Gpu } from '../../workers/gpu/gpu.ts';
import type { GpuSlice } from '../../workers/gpu/gpuMemory.ts';
import type { Round } from '../../workers/tracker/embedded/contest.ts';
import {
  batchGuesses,
  type GuessBatch,
  type GuessToBatch,
} from '../../workers/tracker/embedded/gpu/guessBatch.ts';

const WORD = Float32Array.BYTES_PER_ELEMENT;

/** How far the GPU is from the CPU in something that both compute. */
export interface Comparison {
  readonly name: string;
  /** Integers, and choices, that are not the same. */
  readonly different: number;
  /** The largest difference of numbers. */
  readonly distance: number;
}

export function upload(gpu: Gpu, values: Float32Array): GpuSlice {
  return gpu.memory.join([values], values.byteLength);
}

/** A guess with its values. */
export interface GivenGuess extends GuessToBatch {
  readonly probability: Float32Array;
  readonly best: Float32Array;
}

/** Sends guesses up as one batch; its values are to be freed. */
export function uploadGuesses(
  gpu: Gpu,
  guesses: readonly GivenGuess[],
  rounds: readonly Round[] = [],
): GuessBatch {
  const batch = batchGuesses(gpu.memory, guesses, rounds);
  guesses.forEach(({ probability, best }, i) => {
    const places = batch.guesses[i];
    if (!places) throw new RangeError('Each guess has its places in the batch.');
    gpu.memory.write(batch.values, probability, WORD * places.probabilities[0]);
    gpu.memory.write(batch.values, best, WORD * places.best);
  });
  return batch;
}

export async function read(gpu: Gpu, slices: readonly GpuSlice[]): Promise<Float32Array[]> {
  return (await gpu.memory.read(slices)).map((each) => new Float32Array(each));
}

/** Reads slices, and frees them. */
export async function download(gpu: Gpu, slices: readonly GpuSlice[]): Promise<Float32Array[]> {
  const values = await read(gpu, slices);
  for (const slice of slices) slice.free();
  return values;
}

/** The largest difference of two lists; NaN where they are not of one length. */
export function largest(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return NaN;
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? NaN))), 0);
}
