import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { tensor, type GraphRuntime, type GraphSession } from '../../../models/graph.ts';
import { isOnGpu, onGpu } from '../../../models/tensorStore.ts';
import type { StepTimer } from '../../run/stepTimer.ts';
import { MASK_DIMS, maskContent } from '../decoder.ts';
import { contentGrid, DESCRIPTOR, type EmbeddedFeatures } from '../features.ts';
import type {
  EmbeddedTracking,
  EncoderOutputs,
  Found,
  Rememberable,
  Remembered,
  Search,
  Sighting,
} from '../tracking.ts';
import { IOUS, MASKS } from '../tensorNames.ts';
import type { AttentionPlan } from '../memoryAttention.ts';
import { GpuAttention, type GpuGuess } from './gpuAttention.ts';
import { GpuCells, readSummary } from './gpuCells.ts';
import { GpuContest } from './gpuContest.ts';
import { GpuEvidence, readEvidence, type GpuDecoded } from './gpuEvidence.ts';
import { GUESS_POINTS, GpuGuessPrompts, type GpuPrompts } from './gpuGuessPrompts.ts';

/** The decoder's name for how many points there are. */
const POINTS = 'num_points';

/** A guess, what the decoder was asked for it, and its answer. */
interface Answer {
  readonly guess: GpuGuess;
  readonly prompts: GpuPrompts;
  readonly decoded: GpuDecoded;
}

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
  readonly #contest: GpuContest;
  readonly #evidence: GpuEvidence;
  readonly #timer: StepTimer;

  private constructor(memory: GpuMemory, decoder: GraphSession, attention: GpuAttention, timer: StepTimer) {
    this.#memory = memory;
    this.#decoder = decoder;
    this.#attention = attention;
    this.#cells = new GpuCells(memory);
    this.#prompts = new GpuGuessPrompts(memory);
    this.#contest = new GpuContest(memory);
    this.#evidence = new GpuEvidence(memory);
    this.#timer = timer;
  }

  /** @param decoder the ONNX file */
  static async load(
    runtime: GraphRuntime,
    memory: GpuMemory,
    decoder: Uint8Array,
    timer: StepTimer,
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

  async find(features: EmbeddedFeatures, searches: readonly Search[]): Promise<Sighting[]> {
    const pending: { readonly object: PendingFind; readonly rival: PendingFind | undefined }[] = [];
    const all = () => pending.flatMap(({ object, rival }) => (rival ? [object, rival] : [object]));
    try {
      for (const search of searches) pending.push(await this.#findOne(features, search));
      const finds = all();
      const read = await this.#timer.time('decoder', () =>
        this.#memory.read(finds.map(({ evidence }) => evidence)),
      );
      const found = new Map(finds.map((find, i) => [find, takeFound(find, read[i] ?? new ArrayBuffer(0))]));
      return pending.splice(0).map(({ object, rival }) => ({
        object: found.get(object),
        rival: rival && found.get(rival),
      }));
    } finally {
      // Only where it failed is there any left.
      for (const { logits, evidence } of all()) for (const slice of [logits, evidence]) slice.free();
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
  async #findOne(
    features: EmbeddedFeatures,
    { plan, meanDescriptor, rival: sought }: Search,
  ): Promise<{ object: PendingFind; rival: PendingFind | undefined }> {
    const held: GpuSlice[] = [];
    const guess = async (asked: AttentionPlan) => {
      const made = await this.#timer.time('memory', () =>
        this.#attention.guess(features, asked, meanDescriptor),
      );
      held.push(made.probability, made.best);
      return made;
    };
    try {
      const own = await guess(plan);
      if (!sought) {
        const object = await this.#ask(features, own, own.probability, held);
        return { object: this.#weigh(features, object), rival: undefined };
      }
      const other = await guess(sought.plan);
      const shared = this.#contest.share(own, other, features.grid, sought.places);
      held.push(shared.object, shared.rival);
      const object = await this.#ask(features, own, shared.object, held);
      // One that was not known before is judged by what the object does not claim.
      const judged = sought.places ? other : { ...other, probability: shared.rival };
      const rival = await this.#ask(features, judged, shared.rival, held);
      this.#contest.settle(object, rival, sought.favour);
      return { object: this.#weigh(features, object), rival: this.#weigh(features, rival) };
    } finally {
      for (const slice of held) slice.free();
    }
  }

  /**
   * Asks the decoder for a guess.
   *
   * @param probability what a rival leaves of the guess
   * @param held what is made on the way, to be freed
   */
  async #ask(
    features: EmbeddedFeatures,
    guess: GpuGuess,
    probability: GpuSlice,
    held: GpuSlice[],
  ): Promise<Answer> {
    const prompts = this.#prompts.prompt(probability, guess.asked, features.grid, maskContent(features));
    const { coords, labels, mask, extent } = prompts;
    held.push(coords, labels, mask, extent);
    const outputs = await this.#timer.time('decoder', () =>
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
    const decoded = { masks: onGpu(outputs[MASKS]), ious: onGpu(outputs[IOUS]) };
    held.push(decoded.masks, decoded.ious);
    return { guess, prompts, decoded };
  }

  #weigh(features: EmbeddedFeatures, { guess, prompts, decoded }: Answer): PendingFind {
    return this.#evidence.weigh(guess, prompts, decoded, maskContent(features));
  }
}

/** What was found, once its evidence is read. */
function takeFound({ logits, evidence: slice }: PendingFind, read: ArrayBuffer): Found | undefined {
  slice.free();
  const evidence = readEvidence(read);
  if (evidence) return { logits: { slice: logits, dims: MASK_DIMS }, evidence };
  logits.free();
  return undefined;
}
