import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { ABSENT_LABEL, BOTTOM_RIGHT_LABEL, MASK_CELL, MASK_SIDE, TOP_LEFT_LABEL } from '../decoder.ts';
import { SIDE } from '../features.ts';
import { MAX_POINTS, objectLogit } from '../guess.ts';
import { TUNED } from '../tuned.ts';
import type { GuessBatch } from './guessBatch.ts';
import avoidShader from './avoidPoint.wgsl?raw';
import chooseShader from './choosePoints.wgsl?raw';
import boundShader from './boundHeaviest.wgsl?raw';
import acrossShader from './fathomAcross.wgsl?raw';
import downShader from './fathomDown.wgsl?raw';
import spreadShader from './spreadGuess.wgsl?raw';
import uniteShader from './uniteCells.wgsl?raw';
import weighShader from './weighComponents.wgsl?raw';

const WORD = 4;
const PLANE_BYTES = WORD * MASK_SIDE ** 2;
/** The guess's heaviest mass, area and bounds; see fathomDown.wgsl. */
const EXTENT_WORDS = 6;
/** Bounds of its heaviest component; see boundHeaviest.wgsl. */
const CORE_WORDS = 4;
/** The kernels work in squares of 8 by 8, and in lines of 64. */
const SQUARES = MASK_SIDE / 8;
const LINE = 64;

/** Points of a guess's prompts, with the two corners of its box and one that is avoided; those that are not there are labelled so. */
export const GUESS_POINTS = MAX_POINTS + 3;

/** What the decoder is asked for each object, on the GPU, to be freed. */
export interface GpuPrompts {
  /** [objects, GUESS_POINTS, 2], in model pixels. */
  readonly coords: GpuSlice;
  /** [objects, GUESS_POINTS]. */
  readonly labels: GpuSlice;
  /** [objects, 1, 256, 256]. */
  readonly masks: GpuSlice;
  /** An object's second word is the area of what its guess finds, in mask cells: where that is 0, its prompts mean nothing. */
  readonly extents: GpuSlice;
}

/** [objects, 256, 256] each. */
type Scratch = Readonly<Record<'logits' | 'parents' | 'masses' | 'depths' | 'worth', GpuSlice>>;

/** Turns the guesses of a frame's objects into prompts as `promptsFromGuess` does, all in one dispatch of each kernel. */
export class GpuGuessPrompts {
  readonly #memory: GpuMemory;
  readonly #spread: Kernel;
  readonly #unite: Kernel;
  readonly #weigh: Kernel;
  readonly #bound: Kernel;
  readonly #down: Kernel;
  readonly #across: Kernel;
  readonly #choose: Kernel;
  readonly #avoid: Kernel;
  /** What the kernels leave each other: one frame comes after another, so that it serves them all. */
  #scratch: Scratch | undefined;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#spread = new Kernel(memory, 'spreadGuess', spreadShader, {
      ...{ MASK_SIDE, FACTOR: MASK_SIDE / SIDE, NOT_OBJECT: TUNED.notObject },
      ...{ LEAST_PROBABILITY: TUNED.leastProbability, OBJECT_LOGIT: objectLogit() },
      MASK_PROMPT_SCALE: TUNED.maskPromptScale,
    });
    this.#unite = new Kernel(memory, 'uniteCells', uniteShader, { MASK_SIDE });
    this.#weigh = new Kernel(memory, 'weighComponents', weighShader, { MASK_SIDE });
    this.#bound = new Kernel(memory, 'boundHeaviest', boundShader, { MASK_SIDE });
    this.#down = new Kernel(memory, 'fathomDown', downShader, {
      ...{ MASK_SIDE, LEFT_OUT: TUNED.notObject * TUNED.maskPromptScale },
    });
    this.#across = new Kernel(memory, 'fathomAcross', acrossShader, { MASK_SIDE });
    this.#choose = new Kernel(memory, 'choosePoints', chooseShader, {
      ...{ MASK_SIDE, MASK_CELL, BOX_PADDING: TUNED.boxPadding },
      ...{ APART: TUNED.apart, SURE: TUNED.sure },
      ...{ ABSENT_LABEL, OBJECT_LABEL: 1, TOP_LEFT_LABEL, BOTTOM_RIGHT_LABEL },
    });
    this.#avoid = new Kernel(memory, 'avoidPoint', avoidShader, { AVOIDED_LABEL: 0 });
  }

  /** @param content the part of the mask grid that the frame covers */
  prompt({ values, guesses }: GuessBatch, grid: Size, content: Size): GpuPrompts {
    const count = guesses.length;
    const { logits, parents, masses, depths, worth } = this.#scratchFor(count);
    const masks = this.#memory.allocate(PLANE_BYTES * count);
    const extents = this.#memory.join([undefined], WORD * EXTENT_WORDS * count);
    const coords = this.#memory.allocate(WORD * 2 * GUESS_POINTS * count);
    const labels = this.#memory.allocate(WORD * GUESS_POINTS * count);
    const groups = [SQUARES, SQUARES, count] as const;
    const covered = [content.width, content.height] as const;
    const area = Uint32Array.of(...covered).buffer;
    const asked = guesses.flatMap(({ asked: { x0, y0, x1, y1 }, prompted }) => [
      ...[x0, y0, x1 - x0, y1 - y0],
      ...[prompted, 0],
    ]);
    const guess = Uint32Array.of(grid.width, grid.height, ...covered, ...asked).buffer;
    this.#spread.run(guess, [values, logits, masks, parents, masses], groups);
    this.#unite.run(area, [parents], groups);
    this.#weigh.run(area, [logits, parents, masses, extents], groups);
    const sharing = new ArrayBuffer(WORD * (2 + 2 * count));
    new Uint32Array(sharing).set(covered);
    new Float32Array(sharing, 2 * WORD).set(
      guesses.flatMap(({ kept }) => [kept.componentShare, kept.around ?? MASK_SIDE]),
    );
    const cores = this.#memory.join([undefined], WORD * CORE_WORDS * count);
    this.#bound.run(area, [parents, masses, extents, cores], groups);
    this.#down.run(sharing, [parents, masses, cores, extents, depths, masks], groups);
    cores.free();
    this.#across.run(area, [depths, logits, worth], groups);
    this.#choose.run(area, [worth, logits, extents, coords, labels], [count, 1]);
    return { coords, labels, masks, extents };
  }

  /**
   * Adds the deepest point of another guess to one's prompts, as one that is not its object's.
   *
   * @param besides for each object the index of that other, if there is one
   */
  avoid({ coords, labels, extents }: GpuPrompts, besides: readonly (number | undefined)[]): void {
    if (!TUNED.avoids || besides.every((beside) => beside === undefined)) return;
    const others = Int32Array.from(besides, (beside) => beside ?? -1).buffer;
    this.#avoid.run(others, [extents, coords, labels], [Math.ceil(besides.length / LINE), 1]);
  }

  dispose(): void {
    for (const slice of Object.values(this.#scratch ?? {})) slice.free();
    this.#scratch = undefined;
  }

  /** Room for as many objects: it only grows. */
  #scratchFor(count: number): Scratch {
    if (this.#scratch && this.#scratch.logits.bytes >= PLANE_BYTES * count) return this.#scratch;
    this.dispose();
    const plane = () => this.#memory.allocate(PLANE_BYTES * count);
    return (this.#scratch = {
      ...{ logits: plane(), parents: plane(), masses: plane() },
      ...{ depths: plane(), worth: plane() },
    });
  }
}
