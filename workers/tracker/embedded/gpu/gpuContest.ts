import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import type { CellBox } from '../../masks/grid.ts';
import { sidesOf, surroundingsReach, type Round } from '../contest.ts';
import { MASK_SIDE } from '../decoder.ts';
import { TUNED } from '../tuned.ts';
import type { GpuDecoded } from './gpuEvidence.ts';
import type { GpuPrompts } from './gpuGuessPrompts.ts';
import type { BatchedGuess, GuessBatch } from './guessBatch.ts';
import settleShader from './settleMasks.wgsl?raw';
import shareShader from './shareGuesses.wgsl?raw';

const WORD = 4;
/** Cells on each side of the squares that guesses are shared in, and cells of a mask that are settled together. */
const SQUARE = 8;
const LINE = 64;
/** Of one side of a contest; see shareGuesses.wgsl. */
const SIDE_WORDS = 28;
/** Of what is said of one contest; see settleMasks.wgsl. */
const SETTLING_WORDS = 3;

/** Keeps those apart that contest each other, as `shareGuesses` and `settleMasks` do. */
export class GpuContest {
  readonly #share: Kernel;
  readonly #settle: Kernel;

  constructor(memory: GpuMemory) {
    this.#share = new Kernel(memory, 'shareGuesses', shareShader, {
      SPREAD: TUNED.contestSpread,
      REACH: surroundingsReach(),
      MOST_LEAD: TUNED.lead,
      MOST_LEAD_IN_PAIR: TUNED.pairLead,
    });
    this.#settle = new Kernel(memory, 'settleMasks', settleShader, {
      CELLS: MASK_SIDE ** 2,
      MASK_PROMPT_SCALE: TUNED.maskPromptScale,
    });
  }

  /** Writes what each round leaves of the probabilities of those that take part. */
  share(batch: GuessBatch, grid: Size, rounds: readonly Round[]): void {
    for (const [index, round] of rounds.entries()) this.#shareRound(batch, grid, round, index);
  }

  #shareRound({ values, guesses }: GuessBatch, grid: Size, round: Round, index: number): void {
    const before = ({ probabilities }: BatchedGuess) => probabilities[index] ?? 0;
    const sides = guesses.flatMap((_, own) =>
      sidesOf(own, round).map((side, i, { length }) => ({
        ...{ own, ...side },
        isFirst: i === 0,
        isLast: i === length - 1,
      })),
    );
    if (sides.length === 0) return;
    const parameters = new ArrayBuffer(WORD * SIDE_WORDS * sides.length);
    sides.forEach(({ own, other, places, pair, isFirst, isLast }, i) => {
      const [mine, theirs] = [guesses[own], guesses[other]];
      if (!mine || !theirs) throw new RangeError('A contest is of two guesses of the batch.');
      const words = new Uint32Array(parameters, WORD * SIDE_WORDS * i, SIDE_WORDS);
      words.set([...windowOf(mine.asked), ...windowOf(theirs.asked)]);
      const edges = places?.own && places.other && [...edgesOf(places.own), ...edgesOf(places.other)];
      new Float32Array(parameters, words.byteOffset).set(edges ?? [], 8);
      words.set(
        [before(mine), mine.best, before(theirs), theirs.best, mine.probabilities[index + 1] ?? 0],
        16,
      );
      words.set([places, edges, pair, isFirst, isLast].map(Boolean).map(Number), 21);
    });
    const groups = [Math.ceil(grid.width / SQUARE), Math.ceil(grid.height / SQUARE)] as const;
    this.#share.run(parameters, [values], [...groups, sides.length]);
  }

  /** Settles whose the cells are that the masks of two of the objects both claim, in the decoder's answers. */
  settle(
    { masks: prompts, extents }: Pick<GpuPrompts, 'masks' | 'extents'>,
    { masks }: Pick<GpuDecoded, 'masks'>,
    rounds: readonly Round[],
  ): void {
    const contests = rounds.flat();
    if (contests.length === 0) return;
    const parameters = new ArrayBuffer(WORD * SETTLING_WORDS * contests.length);
    contests.forEach(({ object, rival, favour }, i) => {
      const start = WORD * SETTLING_WORDS * i;
      new Uint32Array(parameters, start).set([object, rival]);
      new Float32Array(parameters, start + 2 * WORD).set([favour]);
    });
    this.#settle.run(parameters, [masks, prompts, extents], [MASK_SIDE ** 2 / LINE, 1]);
  }
}

function windowOf({ x0, y0, x1, y1 }: CellBox): number[] {
  return [x0, y0, x1 - x0, y1 - y0];
}

function edgesOf({ x0, y0, x1, y1 }: CellBox): number[] {
  return [x0, y0, x1, y1];
}
