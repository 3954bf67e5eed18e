import type { FrameContent } from '../../../src/core/frames.ts';
import { letterbox, videoToModelPoint, type Size, type VideoPoint } from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts } from '../../../src/core/prompts.ts';
import { emptyRle, rleArea, type MaskRle } from '../../../src/core/rle.ts';
import type { GraphRuntime, GraphSession } from '../../models/graph.ts';
import { encoderInput } from '../encoderInput.ts';
import { logitsToMask, maskShare, positiveCount } from '../grid.ts';
import type { MemoryEntry, SelectedMemories } from '../memoryBank.ts';
import type { StageTimer } from '../stageTimer.ts';
import type { MaskCandidate, VideoModel } from '../videoModel.ts';
import { EmbeddedDecoder, MASK_PROMPT_BOUND, MASK_SIDE, maskContent, type DecodedMask } from './decoder.ts';
import { contentGrid, describeCells, INPUT_SIDE, type EmbeddedFeatures, meanDescriptor } from './features.ts';
import { promptsFromGuess } from './guess.ts';
import { decodePrompts } from './promptDecoding.ts';
import { attend, memoryOf, MEMORY_RULES, type EmbeddedMemory, type EmbeddedPrediction } from './memory.ts';
import { EmbeddedMemoryAttention } from './memoryAttention.ts';
import { beforeLoss, isPresent } from './presence.ts';

/** ImageNet's statistics, for 8-bit values. */
export const NORMALISATION = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;

const EMBEDDING = 'output';
const STAGE_2 = '/layers.2/blocks.5/Add_1_output_0';
const STAGE_1 = '/layers.1/blocks.1/Add_1_output_0';

export interface EmbeddedWeights {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/**
 * The embedded model: an image encoder and SAM's decoder with trained weights, and a memory that needs none (attention
 * over the encoder's inner layers). It is not SAM 2. See docs/embedded-tracker.md.
 */
export class EmbeddedModel implements VideoModel<EmbeddedFeatures, EmbeddedMemory, EmbeddedPrediction> {
  readonly memoryRules = MEMORY_RULES;
  readonly #runtime: GraphRuntime;
  readonly #encoder: GraphSession;
  readonly #decoder: EmbeddedDecoder;
  readonly #attention: EmbeddedMemoryAttention;
  readonly #timer: StageTimer;

  private constructor(
    runtime: GraphRuntime,
    encoder: GraphSession,
    decoder: EmbeddedDecoder,
    attention: EmbeddedMemoryAttention,
    timer: StageTimer,
  ) {
    this.#runtime = runtime;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#attention = attention;
    this.#timer = timer;
  }

  /** @throws MaskletError `model-failed` if a graph cannot be loaded. */
  static async load(
    runtime: GraphRuntime,
    weights: EmbeddedWeights,
    timer: StageTimer,
  ): Promise<EmbeddedModel> {
    const encoder = await runtime.load('image encoder', weights.encoder);
    const decoder = await runtime.load('mask decoder', weights.decoder);
    const attention = await EmbeddedMemoryAttention.load(runtime);
    return new EmbeddedModel(runtime, encoder, new EmbeddedDecoder(decoder), attention, timer);
  }

  async encode(frame: FrameContent): Promise<EmbeddedFeatures> {
    const fit = (size: Size) => letterbox(size, INPUT_SIDE);
    const { video, input } = await encoderInput(this.#runtime, this.#timer, frame, fit, NORMALISATION);
    const outputs = await this.#timer
      .time('encoder', () => this.#encoder.run({ input }, [EMBEDDING, STAGE_2, STAGE_1]))
      .finally(() => this.#runtime.tensors.free(input));
    const box = fit(video);
    const grid = contentGrid(box);
    const descriptors = describeCells(outputs[STAGE_2], outputs[STAGE_1], grid);
    return {
      video,
      letterbox: box,
      imageEmbedding: outputs[EMBEDDING],
      grid,
      descriptors,
      meanDescriptor: meanDescriptor(descriptors),
    };
  }

  /** Everything is plain data. */
  free(): void {
    // Nothing is held.
  }

  featureBytes({ imageEmbedding, descriptors }: EmbeddedFeatures): number {
    return imageEmbedding.data.byteLength + descriptors.byteLength;
  }

  async segment(features: EmbeddedFeatures, prompts: FramePrompts): Promise<EmbeddedPrediction> {
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    if (prompts.mask && prompts.points.length === 0 && !prompts.box) return givenMask(features, prompts.mask);
    const decoded = await this.#timer.time('decoder', () => decodePrompts(this.#decoder, features, prompts));
    return this.#timer.time('mask', () => ({
      ...render(features, decoded),
      score: decoded.predictedIou,
      ...fromPerson(
        decoded.predictedIou,
        prompts.points.length > 1 || prompts.box !== undefined || prompts.reading !== undefined,
      ),
    }));
  }

  async candidates(features: EmbeddedFeatures, point: VideoPoint): Promise<MaskCandidate[]> {
    const click = { ...videoToModelPoint(point, features.letterbox), label: 1 as const };
    const { readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, { points: [click] }),
    );
    return readings.map(({ logits, predictedIou }) => ({
      logits: logits.data,
      predictedIou,
      mask: () => logitsToMask(logits, features.letterbox, features.video),
    }));
  }

  async track(
    features: EmbeddedFeatures,
    objects: readonly SelectedMemories<EmbeddedMemory>[],
  ): Promise<EmbeddedPrediction[]> {
    const predictions: EmbeddedPrediction[] = [];
    for (const memories of objects) predictions.push(await this.#trackOne(features, memories));
    return predictions;
  }

  redraw(features: EmbeddedFeatures, prediction: EmbeddedPrediction, data: Float32Array): EmbeddedPrediction {
    return {
      ...prediction,
      ...render(features, { logits: { width: MASK_SIDE, height: MASK_SIDE, data } }),
    };
  }

  memorize(
    features: EmbeddedFeatures,
    predictions: readonly EmbeddedPrediction[],
  ): Promise<(EmbeddedMemory | undefined)[]> {
    // What is not there leaves no memory: the last that is remembered says since when the object is lost.
    return this.#timer.time('memory', () =>
      predictions.map((prediction) =>
        prediction.present || prediction.prompted ? memoryOf(features, prediction) : undefined,
      ),
    );
  }

  async #trackOne(
    features: EmbeddedFeatures,
    memories: SelectedMemories<EmbeddedMemory>,
  ): Promise<EmbeddedPrediction> {
    const latest = latestBehind(memories);
    if (!latest) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
    const lost = Math.abs(latest.frame - memories.frame) > 1;
    const [reference = latest] = memories.conditioning;
    const { probability, peak } = await this.#timer.time('memory', () =>
      this.#attention.guess(
        features,
        attend(memories, lost),
        reference.memory.meanDescriptor,
        lost ? null : latest.memory.label,
      ),
    );
    const prompts = promptsFromGuess(probability, maskContent(features));
    if (!prompts) return absent(features);

    const { single, readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, prompts),
    );
    const evidence = {
      bestProbability: Math.max(...probability.data),
      predictedIou: single.predictedIou,
      agreement: iouOfPositive(prompts.mask, single.logits.data),
      peak,
      area: positiveCount(single.logits.data),
    };
    const recent = memories.recent.map(({ memory }) => memory);
    const last = lost ? beforeLoss(latest.memory, recent) : latest.memory;
    if (!isPresent(evidence, last, lost)) return absent(features);
    return this.#timer.time('mask', () => ({
      ...render(features, single),
      // The best of the other masks and the agreement rank frames by their true IoU; see docs/embedded-tracker.md.
      score: Math.max(...readings.map(({ predictedIou }) => predictedIou)) ** 4 * evidence.agreement,
      predictedIou: evidence.predictedIou,
      agreement: evidence.agreement,
      peak,
      peakMean: latest.memory.peakMean,
      prompted: false,
      reviewed: false,
    }));
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#encoder.dispose(), this.#decoder.dispose(), this.#attention.dispose()]);
  }
}

/** The memory that the run left last on its way to the frame: the tracked one, or a prompted frame that it passed. */
function latestBehind<Memory>({
  frame,
  direction,
  conditioning,
  recent,
}: SelectedMemories<Memory>): MemoryEntry<Memory> | undefined {
  const behind = conditioning.find((entry) =>
    direction === 'forward' ? entry.frame < frame : entry.frame > frame,
  );
  return [...recent.slice(0, 1), ...(behind ? [behind] : [])].sort(
    (a, b) => Math.abs(a.frame - frame) - Math.abs(b.frame - frame),
  )[0];
}

function iouOfPositive(a: Float32Array, b: Float32Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    const inA = (a[i] ?? 0) > 0;
    const inB = (b[i] ?? 0) > 0;
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return either === 0 ? 0 : both / either;
}

/** A mask that was given: sure of every pixel. */
function givenMask({ video, letterbox: box }: EmbeddedFeatures, mask: MaskRle): EmbeddedPrediction {
  if (mask.width !== video.width || mask.height !== video.height) {
    throw new RangeError(
      `A mask prompt of ${mask.width}×${mask.height} does not fit frames of ${video.width}×${video.height}.`,
    );
  }
  const share = maskShare(mask, box, MASK_SIDE).data;
  const logits = share.map((value) => (2 * value - 1) * MASK_PROMPT_BOUND);
  return { logits, mask, score: 1, present: rleArea(mask) > 0, ...fromPerson(1, true) };
}

/** What is known of a mask that a person prompted. */
function fromPerson(predictedIou: number, reviewed: boolean) {
  return { predictedIou, agreement: 1, peak: undefined, peakMean: undefined, prompted: true, reviewed };
}

/** The decoded mask in video pixels. */
function render({ letterbox: box, video }: EmbeddedFeatures, { logits }: Pick<DecodedMask, 'logits'>) {
  return {
    logits: logits.data,
    mask: logitsToMask(logits, box, video),
    present: positiveCount(logits.data) > 0,
  };
}

/** What is said of a frame on which the object was not found. */
function absent({ video }: EmbeddedFeatures): EmbeddedPrediction {
  return {
    logits: new Float32Array(MASK_SIDE ** 2).fill(-MASK_PROMPT_BOUND),
    mask: emptyRle(video),
    score: 0,
    present: false,
    predictedIou: 0,
    agreement: 0,
    peak: undefined,
    peakMean: undefined,
    prompted: false,
    reviewed: false,
  };
}
