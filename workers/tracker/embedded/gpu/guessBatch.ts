import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { CellBox } from '../../masks/grid.ts';

const WORD = 4;

/** One of a frame's guesses: values of the cells that were asked, row by row. */
export interface GuessToBatch {
  readonly asked: CellBox;
  /** Probabilities that its prompts are made of, those that it is judged by, and the best scores of its cells. */
  readonly prompted: GpuSlice;
  readonly judged: GpuSlice;
  readonly best: GpuSlice;
  /** See `componentShareOf`. */
  readonly componentShare: number;
}

/** One of the guesses in a batch: its values are where they start, in words. */
export type BatchedGuess = Pick<GuessToBatch, 'asked' | 'componentShare'> &
  Readonly<Record<'prompted' | 'judged' | 'best', number>>;

/** All guesses of a frame, their values in one buffer: so one dispatch of a kernel serves them all. */
export interface GuessBatch {
  readonly values: GpuSlice;
  readonly guesses: readonly BatchedGuess[];
}

/** Joins a frame's guesses. The batch's values are to be freed; the guesses stay the caller's. */
export function joinGuesses(memory: GpuMemory, guesses: readonly GuessToBatch[]): GuessBatch {
  const parts: GpuSlice[] = [];
  let words = 0;
  const place = (slice: GpuSlice) => {
    const first = words;
    parts.push(slice);
    words += slice.bytes / WORD;
    return first;
  };
  const placed = guesses.map(({ prompted, judged, best, ...guess }) => {
    const first = place(prompted);
    return {
      ...guess,
      ...{ prompted: first, judged: judged === prompted ? first : place(judged), best: place(best) },
    };
  });
  return { values: memory.join(parts, WORD * words), guesses: placed };
}
