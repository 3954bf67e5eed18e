import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { tensor, type GraphRuntime, type GraphSession } from '../../../models/graph.ts';
import { isOnGpu, onGpu } from '../../../models/tensorStore.ts';
import type { StepTimer } from '../../run/stepTimer.ts';
import { MASK_DIMS, MASK_SIDE, maskContent } from '../decoder.ts';
import { contentGrid, DESCRIPTOR, type EmbeddedFeatures } from '../features.ts';
import {
  isJudgedByRest,
  type Contest,
  type EmbeddedTracking,
  type EncoderOutputs,
  type Found,
  type FrameSearch,
  type Rememberable,
  type Remembered,
} from '../tracking.ts';
import { IOUS, MASKS } from '../tensorNames.ts';
import { componentShareOf } from '../guess.ts';
import { GpuAttention, type GpuGuess } from './gpuAttention.ts';
import { GpuCells, readSummary } from './gpuCells.ts';
import { GpuContest } from './gpuContest.ts';
import { GpuEvidence, readEvidence, type GpuDecoded } from './gpuEvidence.ts';
import { GUESS_POINTS, GpuGuessPrompts, type GpuPrompts } from './gpuGuessPrompts.ts';
import { joinGuesses } from './guessBatch.ts';

const MASK_BYTES = MASK_SIDE ** 2 * Float32Array.BYTES_PER_ELEMENT;

/** The embedded tracker on the GPU: features, memories, guesses, prompts and masks stay there. */
export class GpuTracking implements EmbeddedTracking {
  readonly #memory: GpuMemory;
  readonly #decoder: GraphSession;
  readonly #objectsPerRun: number;
  readonly #attention: GpuAttention;
  readonly #cells: GpuCells;
  readonly #prompts: GpuGuessPrompts;
  readonly #contest: GpuContest;
  readonly #evidence: GpuEvidence;
  readonly #timer: StepTimer;

  private constructor(
    memory: GpuMemory,
    decoder: GraphSession,
    objectsPerRun: number,
    attention: GpuAttention,
    timer: StepTimer,
  ) {
    this.#memory = memory;
    this.#decoder = decoder;
    this.#objectsPerRun = objectsPerRun;
    this.#attention = attention;
    this.#cells = new GpuCells(memory);
    this.#prompts = new GpuGuessPrompts(memory);
    this.#contest = new GpuContest(memory);
    this.#evidence = new GpuEvidence(memory);
    this.#timer = timer;
  }

  /**
   * @param decoder stays its owner's
   * @param objectsPerRun the most objects that the decoder is given at once
   */
  static async load(
    runtime: GraphRuntime,
    memory: GpuMemory,
    decoder: GraphSession,
    objectsPerRun: number,
    timer: StepTimer,
  ): Promise<GpuTracking> {
    const attention = await GpuAttention.load(runtime, memory);
    return new GpuTracking(memory, decoder, objectsPerRun, attention, timer);
  }

  describe(
    { embedding, stage2, stage1 }: EncoderOutputs,
    video: Size,
    letterbox: ModelFit,
  ): EmbeddedFeatures {
    const grid = contentGrid(letterbox);
    const descriptors = this.#cells.describe(onGpu(stage2), onGpu(stage1), letterbox);
    for (const stage of [stage2, stage1]) onGpu(stage).free();
    return {
      ...{ video, letterbox, grid },
      imageEmbedding: embedding,
      descriptors: { slice: descriptors, dims: [grid.width * grid.height, DESCRIPTOR] },
      meanDescriptor: { slice: this.#cells.mean(descriptors), dims: [DESCRIPTOR] },
    };
  }

  async find(
    features: EmbeddedFeatures,
    { searches, contests }: FrameSearch,
    whileWaiting?: () => void,
  ): Promise<(Found | undefined)[]> {
    if (searches.length === 0) return [];
    const held: GpuSlice[] = [];
    try {
      const guesses: GpuGuess[] = [];
      for (const { plan, meanDescriptor } of searches) {
        const guess = await this.#timer.time('memory', () =>
          this.#attention.guess(features, plan, meanDescriptor),
        );
        held.push(guess.probability, guess.best);
        guesses.push(guess);
      }
      const left = this.#shareAll(features, guesses, contests, held);
      const batch = joinGuesses(
        this.#memory,
        guesses.map(({ asked, probability, best }, i) => {
          const prompted = left[i] ?? probability;
          const search = searches[i];
          const judged = search && isJudgedByRest(search) ? prompted : probability;
          return { asked, prompted, judged, best, componentShare: componentShareOf(search) };
        }),
      );
      held.push(batch.values);
      const content = maskContent(features);
      const prompts = this.#prompts.prompt(batch, features.grid, content);
      held.push(prompts.coords, prompts.labels, prompts.masks, prompts.extents);
      this.#prompts.avoid(
        prompts,
        searches.map(({ beside }) => beside),
      );
      const decoded = await this.#timer.time('decoder', () =>
        this.#ask(features, prompts, searches.length, held),
      );
      for (const contest of contests) this.#contest.settle(prompts, decoded, contest);
      const { logits, evidence } = this.#evidence.weigh(batch, prompts, decoded, content);
      held.push(logits, evidence);
      const [read = new ArrayBuffer(0)] = await this.#timer.time('decoder', () => {
        const reading = this.#memory.read([evidence]);
        whileWaiting?.();
        return reading;
      });
      return searches.map((_, i) => {
        const found = readEvidence(read, i);
        const bytes = logits.bytes / searches.length;
        return (
          found && { logits: { slice: logits.part(i * bytes, bytes), dims: MASK_DIMS }, evidence: found }
        );
      });
    } finally {
      for (const slice of held) slice.free();
    }
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', async () => {
      if (masks.length === 0) return [];
      const { grid } = features;
      const descriptors = onGpu(features.descriptors);
      const mean = onGpu(features.meanDescriptor);
      const logits = this.#memory.join(
        masks.map((mask) => (isOnGpu(mask.logits) ? mask.logits.slice : mask.logits.data)),
        masks.length * MASK_BYTES,
      );
      const { labels, extents } = this.#cells.pool(logits, masks.length, grid);
      const looks = this.#cells.looks(descriptors, mean, labels, masks.length);
      const earlier = masks.map(({ earlierLooks }) => earlierLooks.map(onGpu));
      const summaries = this.#cells.summarise(extents, looks, earlier);
      for (const slice of [logits, extents]) slice.free();
      const lookBytes = looks.bytes / masks.length;
      try {
        const [read = new ArrayBuffer(0)] = await this.#memory.read([summaries]);
        return masks.map(({ earlierLooks }, i) => ({
          grid,
          descriptors: { slice: descriptors.part(0, descriptors.bytes), dims: features.descriptors.dims },
          meanDescriptor: { slice: mean.part(0, mean.bytes), dims: [DESCRIPTOR] },
          label: {
            slice: labels.slice.part(i * labels.stride, labels.bytes),
            dims: [grid.width * grid.height],
          },
          look: { slice: looks.part(i * lookBytes, lookBytes), dims: [DESCRIPTOR] },
          ...readSummary(read, i, grid, earlierLooks.length),
        }));
      } finally {
        for (const slice of [labels.slice, looks, summaries]) slice.free();
      }
    });
  }

  dispose(): Promise<void> {
    this.#prompts.dispose();
    return this.#attention.dispose();
  }

  /** What is left of each guess's probabilities once those that claim the same cells have shared them. */
  #shareAll(
    { grid }: EmbeddedFeatures,
    guesses: readonly GpuGuess[],
    contests: readonly Contest[],
    held: GpuSlice[],
  ): GpuSlice[] {
    const left = guesses.map(({ probability }) => probability);
    for (const { object, rival, ...rivalry } of contests) {
      const [own, other] = [guesses[object], guesses[rival]];
      const [ownLeft, otherLeft] = [left[object], left[rival]];
      if (!own || !other || !ownLeft || !otherLeft) continue;
      const shared = this.#contest.share(
        { ...own, probability: ownLeft },
        { ...other, probability: otherLeft },
        grid,
        rivalry,
      );
      held.push(shared.object, shared.rival);
      left[object] = shared.object;
      left[rival] = shared.rival;
    }
    return left;
  }

  /** Asks the decoder, in as few runs as memory allows. @param held what it makes is added, to be freed */
  async #ask(
    { imageEmbedding }: EmbeddedFeatures,
    { coords, labels, masks }: GpuPrompts,
    count: number,
    held: GpuSlice[],
  ): Promise<GpuDecoded> {
    const answers: GpuDecoded[] = [];
    for (let first = 0; first < count; first += this.#objectsPerRun) {
      const objects = Math.min(this.#objectsPerRun, count - first);
      const part = (of: GpuSlice) => {
        const slice = of.part((first * of.bytes) / count, (objects * of.bytes) / count);
        held.push(slice);
        return slice;
      };
      const outputs = await this.#decoder.runInPlace(
        {
          image_embeddings: imageEmbedding,
          point_coords: { slice: part(coords), dims: [objects, GUESS_POINTS, 2] },
          point_labels: { slice: part(labels), dims: [objects, GUESS_POINTS] },
          mask_input: { slice: part(masks), dims: [objects, ...MASK_DIMS.slice(1)] },
          has_mask_input: tensor(Float32Array.of(1), [1]),
        },
        [MASKS, IOUS],
      );
      const answer = { masks: onGpu(outputs[MASKS]), ious: onGpu(outputs[IOUS]) };
      held.push(answer.masks, answer.ious);
      answers.push(answer);
    }
    const [all] = answers;
    if (all && answers.length === 1) return all;
    const join = (name: keyof GpuDecoded) => {
      const parts = answers.map((answer) => answer[name]);
      const joined = this.#memory.join(
        parts,
        parts.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      held.push(joined);
      return joined;
    };
    return { masks: join('masks'), ious: join('ious') };
  }
}
