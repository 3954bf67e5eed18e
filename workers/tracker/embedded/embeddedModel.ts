import type { RgbaImage } from '../../../src/core/frames.ts';
import {
  letterbox,
  videoToModelBox,
  videoToModelPoint,
  type ModelBox,
  type VideoBox,
} from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts, type PointPrompt } from '../../../src/core/prompts.ts';
import { decodeRle, emptyRle, rleBounds, type MaskRle } from '../../../src/core/rle.ts';
import type { GraphRuntime, GraphSession } from '../../models/graph.ts';
import { exposeOutputs } from '../../models/onnxFile.ts';
import { boundsAbove, logitsToMask, meanPool, type Grid } from '../grid.ts';
import type { MemoryEntry, MemoryRules, SelectedMemories } from '../memoryBank.ts';
import { toEncoderInput } from '../resize.ts';
import { distanceTransform } from '../shape.ts';
import type { StageTimer } from '../stageTimer.ts';
import type { MaskPrediction, VideoModel } from '../videoModel.ts';
import { DECODER_OUTPUTS, EmbeddedDecoder, MASK_CELL, MASK_SIDE, type DecodedMask } from './decoder.ts';
import {
  CELL,
  contentGrid,
  describeCells,
  INPUT_SIDE,
  meanDescriptor,
  type EmbeddedFeatures,
} from './features.ts';
import { promptsFromGuess } from './guess.ts';
import { EmbeddedMemoryAttention, type AttendedMemory, type EmbeddedMemory } from './memoryAttention.ts';

/** ImageNet's statistics, for 8-bit values. */
const NORMALISATION = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;

const EMBEDDING = 'output';
const STAGE_2 = '/layers.2/blocks.5/Add_1_output_0';
const STAGE_1 = '/layers.1/blocks.1/Add_1_output_0';

/** The bound of the logits that go back into the decoder as mask prompt. */
const MASK_PROMPT_BOUND = 10;
/** Up to this many frames from a prompted one, the object is expected near where it was there. */
const PROMPT_LOCALITY = 2;

export interface EmbeddedWeights {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/**
 * The embedded model: an image encoder and SAM's decoder with trained weights, and a memory that needs none (attention
 * over the encoder's inner layers). It is not SAM 2. See docs/embedded-tracker.md.
 */
export class EmbeddedModel implements VideoModel<EmbeddedFeatures, EmbeddedMemory> {
  readonly memoryRules: MemoryRules = { recentRanks: [1, 2] };
  readonly #encoder: GraphSession;
  readonly #decoder: EmbeddedDecoder;
  readonly #attention: EmbeddedMemoryAttention;
  readonly #timer: StageTimer;

  private constructor(
    encoder: GraphSession,
    decoder: EmbeddedDecoder,
    attention: EmbeddedMemoryAttention,
    timer: StageTimer,
  ) {
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
    const encoder = await runtime.load('image encoder', exposeOutputs(weights.encoder, [STAGE_2, STAGE_1]));
    const decoder = await runtime.load('mask decoder', exposeOutputs(weights.decoder, DECODER_OUTPUTS));
    const attention = await EmbeddedMemoryAttention.load(runtime);
    return new EmbeddedModel(encoder, new EmbeddedDecoder(decoder), attention, timer);
  }

  async encode(frame: RgbaImage): Promise<EmbeddedFeatures> {
    const video = { width: frame.width, height: frame.height };
    const box = letterbox(video, INPUT_SIDE);
    const input = await this.#timer.time('preprocess', () => toEncoderInput(frame, box, NORMALISATION));
    const outputs = await this.#timer.time('encoder', () =>
      this.#encoder.run({ input: { data: input, dims: [1, 3, INPUT_SIDE, INPUT_SIDE] } }, [
        EMBEDDING,
        STAGE_2,
        STAGE_1,
      ]),
    );
    const grid = contentGrid(box);
    return {
      video,
      letterbox: box,
      imageEmbedding: outputs[EMBEDDING],
      grid,
      descriptors: describeCells(outputs[STAGE_2], outputs[STAGE_1], grid),
    };
  }

  featureBytes({ imageEmbedding, descriptors }: EmbeddedFeatures): number {
    return imageEmbedding.data.byteLength + descriptors.byteLength;
  }

  async segment(features: EmbeddedFeatures, prompts: FramePrompts): Promise<MaskPrediction> {
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point or a box.');
    return this.#timer.time('decoder', async () => {
      const decoded =
        prompts.prior && !prompts.box
          ? await this.#decodeCorrection(features, prompts.points, prompts.prior)
          : await this.#decodePrompts(features, prompts);
      return this.#predict(features, decoded, decoded.predictedIou);
    });
  }

  async track(
    features: EmbeddedFeatures,
    memories: SelectedMemories<EmbeddedMemory>,
  ): Promise<MaskPrediction> {
    const [nearest] = memories.conditioning;
    if (!nearest) throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
    const latest = latestBehind(memories);
    const lost = latest === undefined || Math.abs(latest.frame - memories.frame) > 1;
    const attended: AttendedMemory[] = [
      ...memories.conditioning.map(({ memory, frame }) => ({
        memory,
        local: !lost && Math.abs(frame - memories.frame) <= PROMPT_LOCALITY,
      })),
      ...memories.recent.map(({ memory }) => ({ memory, local: !lost })),
    ];
    const guess = await this.#timer.time('memory', () =>
      this.#attention.guess(
        features,
        attended,
        nearest.memory.meanDescriptor,
        lost ? null : latest.memory.label,
      ),
    );
    const prompts = promptsFromGuess(guess, maskContent(features));
    if (!prompts) {
      return {
        logits: new Float32Array(MASK_SIDE ** 2),
        mask: emptyRle(features.video),
        score: 0,
        present: false,
      };
    }
    const { single, readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, prompts),
    );
    // How far the decoder agrees with the guess says most about the mask; the power was fitted in embedded-tracker.md.
    const agreement = iouOfPositive(prompts.mask ?? single.logits, single.logits);
    const confidence = Math.max(...readings.map(({ predictedIou }) => predictedIou)) ** 4 * agreement;
    return this.#timer.time('mask', () => this.#predict(features, single, confidence));
  }

  async memorize(features: EmbeddedFeatures, { logits }: MaskPrediction): Promise<EmbeddedMemory> {
    const object = { width: MASK_SIDE, height: MASK_SIDE, data: logits.map((logit) => (logit > 0 ? 1 : 0)) };
    const share = meanPool(object, CELL / MASK_CELL);
    const { width, height } = features.grid;
    const label = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      label.set(share.data.subarray(y * share.width, y * share.width + width), y * width);
    }
    return {
      descriptors: features.descriptors,
      meanDescriptor: meanDescriptor(features.descriptors),
      label: { width, height, data: label },
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#encoder.dispose(), this.#decoder.dispose(), this.#attention.dispose()]);
  }

  /** Prompts on a frame that had no mask: decoded twice, the second time with the first mask as prompt. */
  async #decodePrompts(features: EmbeddedFeatures, prompts: FramePrompts): Promise<DecodedMask> {
    const points = this.#modelPoints(features, prompts.points);
    const box = prompts.box && videoToModelBox(prompts.box, features.letterbox);
    const ambiguous = !box && points.length === 1;
    const { single, readings } = await this.#decoder.decode(features, { points, box });
    const first = ambiguous ? readings.reduce((a, b) => (b.predictedIou > a.predictedIou ? b : a)) : single;
    const bounds = boundsAbove(maskGrid(first.logits, maskContent(features)), 0);
    if (!bounds) return first;
    const second = await this.#decoder.decode(features, {
      points,
      box: ambiguous ? scaleBox(bounds, MASK_CELL) : box,
      mask: first.logits.map((logit) => Math.max(-MASK_PROMPT_BOUND, Math.min(MASK_PROMPT_BOUND, logit))),
    });
    return second.single;
  }

  /** Points that correct a tracked mask: its box, stretched to the added points, and one point inside it. */
  async #decodeCorrection(
    features: EmbeddedFeatures,
    clicks: readonly PointPrompt[],
    prior: MaskRle,
  ): Promise<DecodedMask> {
    const priorBox = rleBounds(prior);
    if (!priorBox) return this.#decodePrompts(features, { points: clicks });
    const box = clicks.filter(({ label }) => label === 1).reduce(stretchBox, priorBox);
    const points = this.#modelPoints(features, [...clicks, innerPoint(prior, clicks)]);
    const { single } = await this.#decoder.decode(features, {
      points,
      box: videoToModelBox(box, features.letterbox),
    });
    return single;
  }

  #modelPoints({ letterbox: box }: EmbeddedFeatures, points: readonly PointPrompt[]) {
    return points.map((point) => ({ ...videoToModelPoint(point, box), label: point.label }));
  }

  #predict(features: EmbeddedFeatures, { logits }: DecodedMask, score: number): MaskPrediction {
    const grid = maskGrid(logits, maskContent(features));
    const present = boundsAbove(grid, 0) !== null;
    return {
      logits: grid.data,
      mask: logitsToMask(grid, features.letterbox, features.video),
      score: present ? score : 0,
      present,
    };
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

/** The part of the decoder's mask grid that the frame covers. */
function maskContent({ letterbox: { content } }: EmbeddedFeatures) {
  return { width: Math.round(content.width / MASK_CELL), height: Math.round(content.height / MASK_CELL) };
}

/** The logits with the padding beside the frame set to background. */
function maskGrid(logits: Float32Array, content: { width: number; height: number }): Grid {
  const data = logits.slice();
  for (let y = 0, at = 0; y < MASK_SIDE; y++) {
    for (let x = 0; x < MASK_SIDE; x++, at++)
      if (x >= content.width || y >= content.height) data[at] = -MASK_PROMPT_BOUND;
  }
  return { width: MASK_SIDE, height: MASK_SIDE, data };
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

function scaleBox(box: { x0: number; y0: number; x1: number; y1: number }, factor: number): ModelBox {
  return { x0: box.x0 * factor, y0: box.y0 * factor, x1: box.x1 * factor, y1: box.y1 * factor };
}

function stretchBox(box: VideoBox, { x, y }: PointPrompt): VideoBox {
  return {
    x0: Math.min(box.x0, x),
    y0: Math.min(box.y0, y),
    x1: Math.max(box.x1, x),
    y1: Math.max(box.y1, y),
  };
}

/** The point deepest inside the mask, away from the points that take away. */
function innerPoint(mask: MaskRle, clicks: readonly PointPrompt[]): PointPrompt {
  const depth = distanceTransform({ width: mask.width, height: mask.height, data: decodeRle(mask) });
  const removed = clicks.filter(({ label }) => label === 0);
  let best: PointPrompt = { x: 0, y: 0, label: 1 };
  let bestDepth = -1;
  for (let y = 0, at = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, at++) {
      const inside = depth[at] ?? 0;
      if (inside <= bestDepth) continue;
      const clearance = Math.min(inside, ...removed.map((point) => Math.hypot(point.x - x, point.y - y)));
      if (clearance > bestDepth) {
        bestDepth = clearance;
        best = { x: x + 0.5, y: y + 0.5, label: 1 };
      }
    }
  }
  return best;
}
