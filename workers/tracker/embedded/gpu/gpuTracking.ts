import type { ModelFit, Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { tensor, type GraphRuntime, type GraphSession } from '../../../models/graph.ts';
import { isOnGpu, onGpu } from '../../../models/tensorStore.ts';
import type { StepTimer } from '../../run/stepTimer.ts';
import { MASK_DIMS, maskContent } from '../decoder.ts';
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

  async find(
    features: EmbeddedFeatures,
    { searches, contests }: FrameSearch,
  ): Promise<(Found | undefined)[]> {
    const held: GpuSlice[] = [];
    const pending: PendingFind[] = [];
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
      const prompts = guesses.map(({ asked, probability }, i) => {
        const made = this.#prompts.prompt(
          left[i] ?? probability,
          asked,
          features.grid,
          maskContent(features),
          componentShareOf(searches[i]),
        );
        held.push(made.coords, made.labels, made.mask, made.extent);
        return made;
      });
      const answers: Answer[] = [];
      for (const [i, guess] of guesses.entries()) {
        const search = searches[i];
        const [own, other] = [prompts[i], prompts[search?.beside ?? -1]];
        if (!own) throw new RangeError('Each guess has prompts.');
        if (other) this.#prompts.avoid(own, other);
        const byRest = search !== undefined && isJudgedByRest(search);
        const judged = byRest ? { ...guess, probability: left[i] ?? guess.probability } : guess;
        answers.push({ guess: judged, prompts: own, decoded: await this.#ask(features, own, held) });
      }
      for (const { object, rival, ...contest } of contests) {
        const [own, other] = [answers[object], answers[rival]];
        if (own && other) this.#contest.settle(own, other, contest);
      }
      for (const { guess, prompts, decoded } of answers)
        pending.push(this.#evidence.weigh(guess, prompts, decoded, maskContent(features)));
      const read = await this.#timer.time('decoder', () =>
        this.#memory.read(pending.map(({ evidence }) => evidence)),
      );
      return pending.splice(0).map((find, i) => takeFound(find, read[i] ?? new ArrayBuffer(0)));
    } finally {
      // Only where it failed are there any finds left.
      for (const { logits, evidence } of pending) held.push(logits, evidence);
      for (const slice of held) slice.free();
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

  /** Asks the decoder. @param held what it makes is added, to be freed */
  async #ask(
    features: EmbeddedFeatures,
    { coords, labels, mask }: GpuPrompts,
    held: GpuSlice[],
  ): Promise<GpuDecoded> {
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
    return decoded;
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
