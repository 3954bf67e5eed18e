import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { CellBox } from '../../masks/grid.ts';
import { sidesOf, type Round } from '../contest.ts';

const WORD = 4;

/** One of a frame's guesses: values of the cells that were asked, row by row. */
export interface GuessToBatch {
  readonly asked: CellBox;
  readonly probability: GpuSlice;
  /** The best scores of its cells. */
  readonly best: GpuSlice;
  /** See `componentShareOf`. */
  readonly componentShare: number;
  /** Whether it is judged by what others leave of its probabilities. */
  readonly isJudgedByRest: boolean;
}

/** One of the guesses in a batch: its values are where they start, in words. */
export interface BatchedGuess extends Pick<GuessToBatch, 'asked' | 'componentShare'> {
  readonly best: number;
  /** Its probabilities before the first round of contests, and after each: where they were before, if it took no part. */
  readonly probabilities: readonly [number, ...number[]];
  /** The probabilities that its prompts are made of: what is left after all rounds. */
  readonly prompted: number;
  /** The probabilities that it is judged by. */
  readonly judged: number;
}

/** All guesses of a frame, their values in one buffer: so one dispatch of a kernel serves them all. */
export interface GuessBatch {
  readonly values: GpuSlice;
  readonly guesses: readonly BatchedGuess[];
}

/**
 * Joins a frame's guesses, with room for what each round of contests leaves of those that take part. The batch's values are to be freed; the guesses
 * stay the caller's.
 */
export function joinGuesses(
  memory: GpuMemory,
  guesses: readonly GuessToBatch[],
  rounds: readonly Round[],
): GuessBatch {
  let words = 0;
  const place = ({ bytes }: GpuSlice) => (words += bytes / WORD) - bytes / WORD;
  const parts = guesses.flatMap(({ probability, best }) => [probability, best]);
  const given = guesses.map(({ probability, best }) => [place(probability), place(best)] as const);
  const givenWords = words;
  const batched = guesses.map(({ asked, componentShare, probability, isJudgedByRest }, i): BatchedGuess => {
    const [first = 0, best = 0] = given[i] ?? [];
    const probabilities: [number, ...number[]] = [first];
    let prompted = first;
    for (const round of rounds) {
      if (sidesOf(i, round).length > 0) prompted = place(probability);
      probabilities.push(prompted);
    }
    return {
      asked,
      componentShare,
      best,
      probabilities,
      prompted,
      judged: isJudgedByRest ? prompted : first,
    };
  });
  const values = memory.join(words > givenWords ? [...parts, undefined] : parts, WORD * words);
  return { values, guesses: batched };
}
