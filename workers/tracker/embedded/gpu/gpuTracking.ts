import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { GpuTensor, GraphRuntime, GraphSession } from '../../../models/graph.ts';
import { isOnGpu, onGpu } from '../../../models/tensorStore.ts';
import { maskMakerOf, type MaskMaker } from '../../masks/maskMaker.ts';
import type { StepTimer } from '../../run/stepTimer.ts';
import { MASK_DIMS, MASK_SIDE, maskContent } from '../decoder.ts';
import { contentGrid, DESCRIPTOR, type EmbeddedFeatures } from '../features.ts';
import {
  isJudgedByRest,
  type EmbeddedTracking,
  type EncoderOutputs,
  type Found,
  type FrameSearch,
  type Rememberable,
  type Remembered,
} from '../tracking.ts';
import { keptOf } from '../guess.ts';
import { GpuAttention } from './gpuAttention.ts';
import { GpuCells, readSummary } from './gpuCells.ts';
import { GpuContest } from './gpuContest.ts';
import { GpuEvidence, readEvidence } from './gpuEvidence.ts';
import { GpuGuessPrompts } from './gpuGuessPrompts.ts';
import { GuessDecoder, loadForGuesses } from './guessDecoder.ts';
import { batchGuesses } from './guessBatch.ts';

const MASK_BYTES = MASK_SIDE ** 2 * Float32Array.BYTES_PER_ELEMENT;

/** What masks leave of a frame, once their summaries are read back. */
interface Leaving {
  readonly summaries: GpuSlice;
  /** @param mask its index */
  readonly read: (summaries: ArrayBuffer, mask: number) => Remembered;
}

/** One of several masks, to be freed. */
function maskOf(logits: GpuSlice, index: number): GpuTensor {
  return { slice: logits.part(index * MASK_BYTES, MASK_BYTES), dims: MASK_DIMS };
}

/** The embedded tracker on the GPU: features, memories, guesses, prompts and masks stay there. */
export class GpuTracking implements EmbeddedTracking {
  readonly #memory: GpuMemory;
  readonly #decoder: GuessDecoder;
  readonly #attention: GpuAttention;
  readonly #cells: GpuCells;
  readonly #prompts: GpuGuessPrompts;
  readonly #contest: GpuContest;
  readonly #evidence: GpuEvidence;
  readonly #masks: MaskMaker;
  readonly #timer: StepTimer;

  /**
   * @param decoder stays its owner's
   * @param file the decoder's, from which more sessions may be made
   * @param objectsPerRun the most objects that the decoder is given at once
   */
  constructor(
    runtime: GraphRuntime,
    memory: GpuMemory,
    { decoder, file }: { readonly decoder: GraphSession; readonly file: Uint8Array },
    objectsPerRun: number,
    timer: StepTimer,
  ) {
    this.#memory = memory;
    this.#decoder = new GuessDecoder(memory, decoder, loadForGuesses(runtime, file), objectsPerRun);
    this.#attention = new GpuAttention(memory);
    this.#cells = new GpuCells(memory);
    this.#prompts = new GpuGuessPrompts(memory);
    this.#contest = new GpuContest(memory);
    this.#evidence = new GpuEvidence(memory);
    this.#masks = maskMakerOf(runtime);
    this.#timer = timer;
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
    { searches, rounds, expected }: FrameSearch,
    whileWaiting?: () => void,
  ): Promise<(Found | undefined)[]> {
    if (searches.length === 0) return [];
    const held: GpuSlice[] = [];
    try {
      const batch = batchGuesses(
        this.#memory,
        searches.map((search) => ({
          asked: search.plan.asked,
          kept: keptOf(search),
          isJudgedByRest: isJudgedByRest(search),
        })),
        rounds,
      );
      held.push(batch.values);
      await this.#timer.time('memory', () => this.#attention.guess(features, searches, batch));
      this.#contest.share(batch, features.grid, rounds);
      const content = maskContent(features);
      const prompts = this.#prompts.prompt(batch, features.grid, content);
      held.push(prompts.coords, prompts.labels, prompts.masks, prompts.extents);
      this.#prompts.avoid(
        prompts,
        searches.map(({ beside }) => beside),
      );
      const decoded = await this.#timer.time('decoder', () =>
        this.#decoder.decode(features.imageEmbedding, prompts, searches.length, held),
      );
      this.#contest.settle(prompts, decoded, rounds);
      const { logits, evidence } = this.#evidence.weigh(batch, prompts, decoded, content);
      held.push(logits, evidence);
      const leaving = await this.#timer.time('memory', () =>
        this.#leave(features, this.#keepApart(logits, expected, held), held),
      );
      const [read = new ArrayBuffer(0), summaries] = await this.#timer.time('decoder', () => {
        const reading = this.#memory.read(leaving ? [evidence, leaving.summaries] : [evidence]);
        whileWaiting?.();
        return reading;
      });
      const remembering = expected.flat().map(({ search }) => search);
      return searches.map((_, i) => {
        const found = readEvidence(read, i);
        const at = remembering.indexOf(i);
        const remembered = found && summaries && at >= 0 ? leaving?.read(summaries, at) : undefined;
        return found && { logits: maskOf(logits, i), evidence: found, remembered };
      });
    } finally {
      for (const slice of held) slice.free();
    }
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', async () => {
      const held: GpuSlice[] = [];
      try {
        const leaving = this.#leave(features, masks, held);
        if (!leaving) return [];
        const [read = new ArrayBuffer(0)] = await this.#memory.read([leaving.summaries]);
        return masks.map((_, i) => leaving.read(read, i));
      } finally {
        for (const slice of held) slice.free();
      }
    });
  }

  async dispose(): Promise<void> {
    this.#prompts.dispose();
    await this.#decoder.dispose();
  }

  /** The masks of what is expected to be there, as they are remembered. @param logits of all searches */
  #keepApart(logits: GpuSlice, expected: FrameSearch['expected'], held: GpuSlice[]): Rememberable[] {
    return expected.flatMap((together) => {
      const whole = together.map(({ search }) => maskOf(logits, search));
      const apart = whole.length > 1 ? this.#masks.separate(whole, []) : [];
      held.push(...whole.map(onGpu), ...apart.map(onGpu));
      return whole.map((mask, i) => ({
        logits: apart[i] ?? mask,
        earlierLooks: together[i]?.earlierLooks ?? [],
      }));
    });
  }

  /** Has the GPU make what masks leave of a frame; nothing of no masks. */
  #leave(features: EmbeddedFeatures, masks: readonly Rememberable[], held: GpuSlice[]): Leaving | undefined {
    if (masks.length === 0) return undefined;
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
    held.push(labels, looks, summaries);
    const [labelBytes, lookBytes] = [labels.bytes / masks.length, looks.bytes / masks.length];
    return {
      summaries,
      read: (read, i) => ({
        grid,
        descriptors: { slice: descriptors.part(0, descriptors.bytes), dims: features.descriptors.dims },
        meanDescriptor: { slice: mean.part(0, mean.bytes), dims: [DESCRIPTOR] },
        label: {
          slice: labels.part(i * labelBytes, labelBytes),
          dims: [grid.width * grid.height],
        },
        look: { slice: looks.part(i * lookBytes, lookBytes), dims: [DESCRIPTOR] },
        ...readSummary(read, i, grid, masks[i]?.earlierLooks.length ?? 0),
      }),
    };
  }
}
