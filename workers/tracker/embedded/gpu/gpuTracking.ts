import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { tensor, type GraphRuntime, type GraphSession } from '../../../models/graph.ts';
import { isOnGpu, onGpu } from '../../../models/tensorStore.ts';
import type { StageTimer } from '../../stageTimer.ts';
import { IOUS, MASK_DIMS, maskContent, MASKS } from '../decoder.ts';
import { contentGrid, DESCRIPTOR, type EmbeddedFeatures } from '../features.ts';
import type {
  EmbeddedTracking,
  EncoderOutputs,
  Found,
  Rememberable,
  Remembered,
  Search,
} from '../tracking.ts';
import { GpuAttention } from './gpuAttention.ts';
import { GpuCells, readSummary } from './gpuCells.ts';
import { GpuEvidence, readEvidence } from './gpuEvidence.ts';
import { GUESS_POINTS, GpuGuessPrompts } from './gpuGuessPrompts.ts';

/** The decoder's name for how many points there are. */
const POINTS = 'num_points';

/** What was handed over, to be freed. */
interface PendingFind {
  readonly logits: GpuSlice;
  /** For `readEvidence`. */
  readonly evidence: GpuSlice;
}

/** The embedded tracker on the GPU: features, memories, guesses, prompts and masks stay there. */
export class GpuTracking implements EmbeddedTracking {
  readonly #memory: GpuMemory;
  /** With as many points as a guess asks for: of a fixed number the GPU needs no help with shapes. */
  readonly #decoder: GraphSession;
  readonly #attention: GpuAttention;
  readonly #cells: GpuCells;
  readonly #prompts: GpuGuessPrompts;
  readonly #evidence: GpuEvidence;
  readonly #timer: StageTimer;

  private constructor(memory: GpuMemory, decoder: GraphSession, attention: GpuAttention, timer: StageTimer) {
    this.#memory = memory;
    this.#decoder = decoder;
    this.#attention = attention;
    this.#cells = new GpuCells(memory);
    this.#prompts = new GpuGuessPrompts(memory);
    this.#evidence = new GpuEvidence(memory);
    this.#timer = timer;
  }

  /** @param decoder the ONNX file */
  static async load(
    runtime: GraphRuntime,
    memory: GpuMemory,
    decoder: Uint8Array,
    timer: StageTimer,
  ): Promise<GpuTracking> {
    const session = await runtime.load('mask decoder of guesses', decoder, { [POINTS]: GUESS_POINTS });
    return new GpuTracking(memory, session, await GpuAttention.load(runtime, memory), timer);
  }

  describe(
    { embedding, stage2, stage1 }: EncoderOutputs,
    video: Size,
    letterbox: ModelFit,
  ): EmbeddedFeatures {
    const grid = contentGrid(letterbox);
    const descriptors = this.#cells.describe(onGpu(stage2), onGpu(stage1), grid);
    for (const stage of [stage2, stage1]) onGpu(stage).free();
    return {
      ...{ video, letterbox, grid },
      imageEmbedding: embedding,
      descriptors: { slice: descriptors, dims: [grid.width * grid.height, DESCRIPTOR] },
      meanDescriptor: { slice: this.#cells.mean(descriptors), dims: [DESCRIPTOR] },
    };
  }

  async find(features: EmbeddedFeatures, searches: readonly Search[]): Promise<(Found | undefined)[]> {
    const pending: PendingFind[] = [];
    try {
      for (const search of searches) pending.push(await this.#findOne(features, search));
      const read = await this.#timer.time('decoder', () =>
        this.#memory.read(pending.map(({ evidence }) => evidence)),
      );
      const found = read.map(readEvidence);
      return pending.splice(0).map(({ logits, evidence }, i) => {
        evidence.free();
        const own = found[i];
        if (own) return { logits: { slice: logits, dims: MASK_DIMS }, evidence: own };
        logits.free();
        return undefined;
      });
    } finally {
      // Only where it failed is there any left.
      for (const { logits, evidence } of pending) for (const slice of [logits, evidence]) slice.free();
    }
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', async () => {
      const { grid } = features;
      const descriptors = onGpu(features.descriptors);
      const mean = onGpu(features.meanDescriptor);
      const pending = masks.map(({ logits, earlierLooks }) => {
        const given = isOnGpu(logits)
          ? logits.slice
          : this.#memory.join([logits.data], logits.data.byteLength);
        const { label, extent } = this.#cells.pool(given, grid);
        if (!isOnGpu(logits)) given.free();
        const look = this.#cells.look(descriptors, mean, label);
        const summary = this.#cells.summarise(extent, look, earlierLooks.map(onGpu));
        extent.free();
        return { label, look, summary, compared: earlierLooks.length };
      });
      const read = await this.#memory.read(pending.map(({ summary }) => summary));
      return pending.map(({ label, look, summary, compared }, i) => {
        summary.free();
        return {
          grid,
          descriptors: { slice: descriptors.part(0, descriptors.bytes), dims: features.descriptors.dims },
          meanDescriptor: { slice: mean.part(0, mean.bytes), dims: [DESCRIPTOR] },
          label: { slice: label, dims: [grid.width * grid.height] },
          look: { slice: look, dims: [DESCRIPTOR] },
          ...readSummary(read[i] ?? new ArrayBuffer(0), grid, compared),
        };
      });
    });
  }

  async dispose(): Promise<void> {
    this.#prompts.dispose();
    await Promise.all([this.#decoder.dispose(), this.#attention.dispose()]);
  }

  /** Hands all work for one search over. */
  async #findOne(features: EmbeddedFeatures, { plan, meanDescriptor }: Search): Promise<PendingFind> {
    const content = maskContent(features);
    const held: GpuSlice[] = [];
    try {
      const guess = await this.#timer.time('memory', () =>
        this.#attention.guess(features, plan, meanDescriptor),
      );
      held.push(guess.probability, guess.best);
      const prompts = this.#prompts.prompt(guess.probability, guess.asked, features.grid, content);
      const { coords, labels, mask, extent } = prompts;
      held.push(coords, labels, mask, extent);
      const decoded = await this.#timer.time('decoder', () =>
        this.#decoder.runInPlace(
          {
            image_embeddings: features.imageEmbedding,
            point_coords: { slice: coords, dims: [1, GUESS_POINTS, 2] },
            point_labels: { slice: labels, dims: [1, GUESS_POINTS] },
            mask_input: { slice: mask, dims: MASK_DIMS },
            has_mask_input: tensor(Float32Array.of(1), [1]),
          },
          [MASKS, IOUS],
        ),
      );
      const [masks, ious] = [onGpu(decoded[MASKS]), onGpu(decoded[IOUS])];
      held.push(masks, ious);
      return this.#evidence.weigh(guess, prompts, { masks, ious }, content);
    } finally {
      for (const slice of held) slice.free();
    }
  }
}
