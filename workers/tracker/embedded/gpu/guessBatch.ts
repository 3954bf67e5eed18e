import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { CellBox } from '../../masks/grid.ts';

const WORD = 4;

/** One of a frame's guesses: values of the cells that were asked, row by row. */
export interface GuessToBatch {
  readonly asked: CellBox;
  readonly probability: GpuSlice;
  /** The best scores of its cells. */
  readonly best: GpuSlice;
  /** See `componentShareOf`. */
  readonly componentShare: number;
  /** Whether others may claim what it claims: there is then room for what they leave of it. */
  readonly isContested: boolean;
  /** Whether it is judged by what they leave. */
  readonly isJudgedByRest: boolean;
}

/** One of the guesses in a batch: its values are where they start, in words. */
export interface BatchedGuess extends Pick<GuessToBatch, 'asked' | 'componentShare'> {
  readonly probability: number;
  readonly best: number;
  /** The probabilities that its prompts are made of: what others leave of them. */
  readonly prompted: number;
  /** The probabilities that it is judged by. */
  readonly judged: number;
}

/** All guesses of a frame, their values in one buffer: so one dispatch of a kernel serves them all. */
export interface GuessBatch {
  readonly values: GpuSlice;
  readonly guesses: readonly BatchedGuess[];
}

/** Joins a frame's guesses. The batch's values are to be freed; the guesses stay the caller's. */
export function joinGuesses(memory: GpuMemory, guesses: readonly GuessToBatch[]): GuessBatch {
  const parts = guesses.flatMap(({ probability, best }) => [probability, best]);
  let words = 0;
  const place = ({ bytes }: GpuSlice) => (words += bytes / WORD) - bytes / WORD;
  const given = guesses.map((guess) => [place(guess.probability), place(guess.best)] as const);
  const batched = guesses.map((guess, i) => {
    const [probability = 0, best = 0] = given[i] ?? [];
    const prompted = guess.isContested ? place(guess.probability) : probability;
    const judged = guess.isJudgedByRest ? prompted : probability;
    return { ...pickGuess(guess), probability, best, prompted, judged };
  });
  const isContested = guesses.some((guess) => guess.isContested);
  return {
    values: memory.join(isContested ? [...parts, undefined] : parts, WORD * words),
    guesses: batched,
  };
}

function pickGuess({ asked, componentShare }: GuessToBatch) {
  return { asked, componentShare };
}
