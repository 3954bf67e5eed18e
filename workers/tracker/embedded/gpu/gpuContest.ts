import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import type { CellBox } from '../../masks/grid.ts';
import { promptWeight, surroundingsReach, type Rivalry } from '../contest.ts';
import type { Contest } from '../tracking.ts';
import { MASK_SIDE } from '../decoder.ts';
import { TUNED } from '../tuned.ts';
import type { GpuGuess } from './gpuAttention.ts';
import type { GpuDecoded } from './gpuEvidence.ts';
import type { GpuPrompts } from './gpuGuessPrompts.ts';
import settleShader from './settleMasks.wgsl?raw';
import shareShader from './shareGuesses.wgsl?raw';

const WORD = 4;
/** Cells on each side of the squares that guesses are shared in, and cells of a mask that are settled together. */
const SQUARE = 8;
const LINE = 64;
/** Of what is said of a contest; see shareGuesses.wgsl. */
const CONTEST_WORDS = 24;

/** Keeps an object and its rival apart as `shareGuesses` and `settleMasks` do. */
export class GpuContest {
  readonly #memory: GpuMemory;
  readonly #share: Kernel;
  readonly #settle: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#share = new Kernel(memory, 'shareGuesses', shareShader, {
      SPREAD: TUNED.contestSpread,
      REACH: surroundingsReach(),
      MOST_LEAD: TUNED.lead,
      MOST_LEAD_IN_PAIR: TUNED.pairLead,
    });
    this.#settle = new Kernel(memory, 'settleMasks', settleShader, {
      LEAST_RIVAL_IOU: TUNED.leastIou,
    });
  }

  /** What is left of the probabilities of both, as `GpuGuess` has them, to be freed. */
  share(
    object: GpuGuess,
    rival: GpuGuess,
    grid: Size,
    { places, pair }: Rivalry,
  ): { object: GpuSlice; rival: GpuSlice } {
    const shares = {
      object: this.#memory.allocate(object.probability.bytes),
      rival: this.#memory.allocate(rival.probability.bytes),
    };
    const parameters = new ArrayBuffer(WORD * CONTEST_WORDS);
    const floats = new Float32Array(parameters);
    new Uint32Array(parameters).set([...windowOf(object.asked), ...windowOf(rival.asked)]);
    if (places?.object && places.rival) {
      floats.set([...edgesOf(places.object), ...edgesOf(places.rival)], 8);
      floats.set([1], 18);
    }
    new Uint32Array(parameters).set([grid.width, grid.height], 16);
    floats.set([Number(places !== undefined), Number(pair)], 19);
    const groups = [Math.ceil(grid.width / SQUARE), Math.ceil(grid.height / SQUARE)] as const;
    const given = [object.probability, object.best, rival.probability, rival.best];
    this.#share.run(parameters, [...given, shares.object, shares.rival], groups);
    return shares;
  }

  /** Settles whose the cells are that the masks of two of the objects both claim, in the decoder's answers. */
  settle(
    { masks: prompts, extents }: Pick<GpuPrompts, 'masks' | 'extents'>,
    { masks, ious }: GpuDecoded,
    { object, rival, favour, pair }: Pick<Contest, 'object' | 'rival' | 'favour' | 'pair'>,
  ): void {
    const cells = MASK_SIDE ** 2;
    const parameters = new ArrayBuffer(6 * WORD);
    new Uint32Array(parameters).set([cells, 0, 0, object, rival]);
    new Float32Array(parameters).set([favour, promptWeight(pair)], 1);
    this.#settle.run(parameters, [masks, prompts, extents, ious], [cells / LINE, 1]);
  }
}

function windowOf({ x0, y0, x1, y1 }: CellBox): number[] {
  return [x0, y0, x1 - x0, y1 - y0];
}

function edgesOf({ x0, y0, x1, y1 }: CellBox): number[] {
  return [x0, y0, x1, y1];
}
