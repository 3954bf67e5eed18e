import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import type { CellBox } from '../../masks/grid.ts';
import { ABSENT_LABEL, BOTTOM_RIGHT_LABEL, MASK_CELL, MASK_SIDE, TOP_LEFT_LABEL } from '../decoder.ts';
import { SIDE } from '../features.ts';
import {
  APART,
  BOX_PADDING,
  COMPONENT_SHARE,
  LEAST_APART,
  LEAST_PROBABILITY,
  MASK_PROMPT_SCALE,
  MAX_POINTS,
  NOT_OBJECT,
  OBJECT_LOGIT,
  POINT_DEPTH,
  SMALLEST_GUESS,
  SURE,
} from '../guess.ts';
import avoidShader from './avoidPoint.wgsl?raw';
import chooseShader from './choosePoints.wgsl?raw';
import acrossShader from './fathomAcross.wgsl?raw';
import downShader from './fathomDown.wgsl?raw';
import spreadShader from './spreadGuess.wgsl?raw';
import uniteShader from './uniteCells.wgsl?raw';
import weighShader from './weighComponents.wgsl?raw';

const WORD = 4;
const PLANE_BYTES = WORD * MASK_SIDE ** 2;
/** The guess's heaviest mass, area and bounds; see fathomDown.wgsl. */
const EXTENT_WORDS = 6;
/** The kernels work in squares of 8 by 8. */
const GROUPS = [MASK_SIDE / 8, MASK_SIDE / 8] as const;

/** Points of a guess's prompts, with the two corners of its box and one that is avoided; those that are not there are labelled so. */
export const GUESS_POINTS = MAX_POINTS + 3;

/** What the decoder is asked, on the GPU, to be freed. */
export interface GpuPrompts {
  /** [1, GUESS_POINTS, 2], in model pixels. */
  readonly coords: GpuSlice;
  /** [1, GUESS_POINTS]. */
  readonly labels: GpuSlice;
  /** [1, 1, 256, 256]. */
  readonly mask: GpuSlice;
  /** Its second word is the area of what the guess finds, in mask cells: where that is too small, the prompts mean nothing. */
  readonly extent: GpuSlice;
}

/** Turns guesses into prompts as `promptsFromGuess` does. */
export class GpuGuessPrompts {
  readonly #memory: GpuMemory;
  readonly #spread: Kernel;
  readonly #unite: Kernel;
  readonly #weigh: Kernel;
  readonly #down: Kernel;
  readonly #across: Kernel;
  readonly #choose: Kernel;
  readonly #avoid: Kernel;
  /** What the kernels leave each other: one guess comes after another, so that it serves them all. */
  readonly #scratch: Readonly<Record<'logits' | 'parents' | 'masses' | 'depths' | 'worth', GpuSlice>>;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#spread = new Kernel(memory, 'spreadGuess', spreadShader, {
      ...{ MASK_SIDE, FACTOR: MASK_SIDE / SIDE, NOT_OBJECT },
      ...{ LEAST_PROBABILITY, OBJECT_LOGIT, MASK_PROMPT_SCALE },
    });
    this.#unite = new Kernel(memory, 'uniteCells', uniteShader, { MASK_SIDE });
    this.#weigh = new Kernel(memory, 'weighComponents', weighShader, { MASK_SIDE });
    this.#down = new Kernel(memory, 'fathomDown', downShader, { MASK_SIDE });
    this.#across = new Kernel(memory, 'fathomAcross', acrossShader, { MASK_SIDE });
    this.#choose = new Kernel(memory, 'choosePoints', chooseShader, {
      ...{ MASK_SIDE, MASK_CELL, BOX_PADDING, LEAST_APART, APART, SURE, POINT_DEPTH },
      ...{ ABSENT_LABEL, OBJECT_LABEL: 1, TOP_LEFT_LABEL, BOTTOM_RIGHT_LABEL },
    });
    this.#avoid = new Kernel(memory, 'avoidPoint', avoidShader, { SMALLEST_GUESS, AVOIDED_LABEL: 0 });
    const plane = () => memory.allocate(PLANE_BYTES);
    this.#scratch = { logits: plane(), parents: plane(), masses: plane(), depths: plane(), worth: plane() };
  }

  /**
   * @param probability of the cells asked, row by row; all others are surely not the object's
   * @param content the part of the mask grid that the frame covers
   * @param componentShare of `COMPONENT_SHARE`
   */
  prompt(
    probability: GpuSlice,
    asked: CellBox,
    grid: Size,
    content: Size,
    componentShare: number = COMPONENT_SHARE.usual,
  ): GpuPrompts {
    const { logits, parents, masses, depths, worth } = this.#scratch;
    const mask = this.#memory.allocate(PLANE_BYTES);
    const extent = this.#memory.join([undefined], WORD * EXTENT_WORDS);
    const coords = this.#memory.allocate(WORD * 2 * GUESS_POINTS);
    const labels = this.#memory.allocate(WORD * GUESS_POINTS);
    const { x0, y0, x1, y1 } = asked;
    const covered = [content.width, content.height] as const;
    const area = Uint32Array.of(...covered).buffer;
    const guess = Uint32Array.of(grid.width, grid.height, x0, y0, x1 - x0, y1 - y0, ...covered).buffer;
    this.#spread.run(guess, [probability, logits, mask, parents, masses], GROUPS);
    this.#unite.run(area, [parents], GROUPS);
    this.#weigh.run(area, [logits, parents, masses, extent], GROUPS);
    const sharing = new ArrayBuffer(4 * WORD);
    new Uint32Array(sharing).set(covered);
    new Float32Array(sharing).set([componentShare], 2);
    this.#down.run(sharing, [parents, masses, extent, depths], GROUPS);
    this.#across.run(area, [depths, logits, worth], GROUPS);
    this.#choose.run(area, [worth, logits, extent, coords, labels], [1, 1]);
    return { coords, labels, mask, extent };
  }

  /** Adds the deepest point of another guess to one's prompts, as one that is not its object's. */
  avoid({ coords, labels }: GpuPrompts, other: GpuPrompts): void {
    this.#avoid.run(new ArrayBuffer(2 * WORD), [other.coords, other.extent, coords, labels], [1, 1]);
  }

  dispose(): void {
    for (const slice of Object.values(this.#scratch)) slice.free();
  }
}
