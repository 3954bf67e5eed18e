import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { CellBox } from '../../masks/grid.ts';
import type { Kept } from '../guess.ts';
import { cellCount } from '../memoryAttention.ts';
import { sidesOf, type Round } from '../contest.ts';

const WORD = 4;

/** One of a frame's guesses: it has values of the cells that were asked, row by row. */
export interface GuessToBatch {
  readonly asked: CellBox;
  readonly kept: Kept;
  /** Whether it is judged by what others leave of its probabilities. */
  readonly isJudgedByRest: boolean;
}

/** One of the guesses in a batch: its values are where they start, in words. */
export interface BatchedGuess extends Pick<GuessToBatch, 'asked' | 'kept'> {
  /** Best scores of its cells. */
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
 * Makes room for a frame's guesses, and for what each round of contests leaves of those that take part. The batch's values are to be freed.
 */
export function batchGuesses(
  memory: GpuMemory,
  guesses: readonly GuessToBatch[],
  rounds: readonly Round[],
): GuessBatch {
  let words = 0;
  const batched = guesses.map(({ asked, kept, isJudgedByRest }, i): BatchedGuess => {
    const cells = cellCount(asked);
    const room = () => (words += cells) - cells;
    const [first, best] = [room(), room()];
    const probabilities: [number, ...number[]] = [first];
    let prompted = first;
    for (const round of rounds) {
      if (sidesOf(i, round).length > 0) prompted = room();
      probabilities.push(prompted);
    }
    const judged = isJudgedByRest ? prompted : first;
    return { asked, kept, best, probabilities, prompted, judged };
  });
  return { values: memory.allocate(WORD * words), guesses: batched };
}
