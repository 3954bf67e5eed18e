import type { RgbaImage } from '../../../src/core/frames.ts';
import { letterbox } from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts } from '../../../src/core/prompts.ts';
import { emptyRle, rleArea, type MaskRle } from '../../../src/core/rle.ts';
import type { GraphRuntime, GraphSession } from '../../models/graph.ts';
import { exposeOutputs } from '../../models/onnxFile.ts';
import { boundsAbove, logitsToMask, maskShare, meanPool } from '../grid.ts';
import type { MemoryEntry, MemoryRules, SelectedMemories } from '../memoryBank.ts';
import { toEncoderInput } from '../resize.ts';
import type { StageTimer } from '../stageTimer.ts';
import type { MaskPrediction, VideoModel } from '../videoModel.ts';
import {
  DECODER_OUTPUTS,
  EmbeddedDecoder,
  MASK_CELL,
  MASK_PROMPT_BOUND,
  MASK_SIDE,
  maskContent,
  type DecodedMask,
} from './decoder.ts';
import {
  CELL,
  contentGrid,
  describeCells,
  INPUT_SIDE,
  meanDescriptor,
  type EmbeddedFeatures,
} from './features.ts';
import { promptsFromGuess } from './guess.ts';
import { decodePrompts } from './promptDecoding.ts';
import { EmbeddedMemoryAttention, type AttendedMemory, type EmbeddedMemory } from './memoryAttention.ts';

/** ImageNet's statistics, for 8-bit values. */
const NORMALISATION = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;

const EMBEDDING = 'output';
const STAGE_2 = '/layers.2/blocks.5/Add_1_output_0';
const STAGE_1 = '/layers.1/blocks.1/Add_1_output_0';

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
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    if (prompts.mask && prompts.points.length === 0 && !prompts.box) return givenMask(features, prompts.mask);
    return this.#timer.time('decoder', async () => {
      const decoded = await decodePrompts(this.#decoder, features, prompts);
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
    const agreement = iouOfPositive(prompts.mask, single.logits.data);
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

  #predict(features: EmbeddedFeatures, { logits }: DecodedMask, score: number): MaskPrediction {
    const present = boundsAbove(logits, 0) !== null;
    return {
      logits: logits.data,
      mask: logitsToMask(logits, features.letterbox, features.video),
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
function givenMask({ video, letterbox: box }: EmbeddedFeatures, mask: MaskRle): MaskPrediction {
  if (mask.width !== video.width || mask.height !== video.height) {
    throw new RangeError(
      `A mask prompt of ${mask.width}×${mask.height} does not fit frames of ${video.width}×${video.height}.`,
    );
  }
  const share = maskShare(mask, box, MASK_SIDE).data;
  const logits = share.map((value) => (2 * value - 1) * MASK_PROMPT_BOUND);
  return { logits, mask, score: 1, present: rleArea(mask) > 0 };
}
