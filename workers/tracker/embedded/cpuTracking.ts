import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import { tensor, type GraphRuntime } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { boundsAbove, meanPool, positiveCount } from '../grid.ts';
import type { StageTimer } from '../stageTimer.ts';
import { MASK_CELL, MASK_DIMS, MASK_SIDE, maskContent, type EmbeddedDecoder } from './decoder.ts';
import {
  CELL,
  contentGrid,
  describeCells,
  DESCRIPTOR,
  meanDescriptor,
  type EmbeddedFeatures,
} from './features.ts';
import { promptsFromGuess } from './guess.ts';
import { EmbeddedMemoryAttention, OBJECT_SHARE } from './memoryAttention.ts';
import type {
  EmbeddedTracking,
  EncoderOutputs,
  Found,
  Rememberable,
  Remembered,
  Search,
} from './tracking.ts';

/** The embedded tracker in TypeScript. */
export class CpuTracking implements EmbeddedTracking {
  readonly #decoder: EmbeddedDecoder;
  readonly #attention: EmbeddedMemoryAttention;
  readonly #timer: StageTimer;

  private constructor(decoder: EmbeddedDecoder, attention: EmbeddedMemoryAttention, timer: StageTimer) {
    this.#decoder = decoder;
    this.#attention = attention;
    this.#timer = timer;
  }

  /** @param decoder stays its owner's */
  static async load(
    runtime: GraphRuntime,
    decoder: EmbeddedDecoder,
    timer: StageTimer,
  ): Promise<CpuTracking> {
    return new CpuTracking(decoder, await EmbeddedMemoryAttention.load(runtime), timer);
  }

  describe(
    { embedding, stage2, stage1 }: EncoderOutputs,
    video: Size,
    letterbox: ModelFit,
  ): EmbeddedFeatures {
    const grid = contentGrid(letterbox);
    const descriptors = describeCells(onCpu(stage2), onCpu(stage1), grid);
    return {
      ...{ video, letterbox, grid },
      imageEmbedding: embedding,
      descriptors: tensor(descriptors, [grid.width * grid.height, DESCRIPTOR]),
      meanDescriptor: tensor(meanDescriptor(descriptors), [DESCRIPTOR]),
    };
  }

  async find(features: EmbeddedFeatures, searches: readonly Search[]): Promise<(Found | undefined)[]> {
    const found: (Found | undefined)[] = [];
    for (const search of searches) found.push(await this.#findOne(features, search));
    return found;
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', () => masks.map((mask) => remember(features, mask)));
  }

  dispose(): Promise<void> {
    return this.#attention.dispose();
  }

  async #findOne(
    features: EmbeddedFeatures,
    { plan, meanDescriptor: mean }: Search,
  ): Promise<Found | undefined> {
    const { probability, peak } = await this.#timer.time('memory', () =>
      this.#attention.guess(features, plan, mean),
    );
    const prompts = promptsFromGuess(probability, maskContent(features));
    if (!prompts) return undefined;
    const { single, readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, prompts),
    );
    const logits = single.logits.data;
    return {
      logits: tensor(logits, MASK_DIMS),
      evidence: {
        bestProbability: Math.max(...probability.data),
        predictedIou: single.predictedIou,
        readingIou: Math.max(...readings.map(({ predictedIou }) => predictedIou)),
        agreement: iouOfPositive(prompts.mask, logits),
        peak,
        area: positiveCount(logits),
      },
    };
  }
}

/** What a mask leaves of a frame. */
export function remember(features: EmbeddedFeatures, mask: Rememberable): Remembered {
  const logits = onCpu(mask.logits).data;
  const { grid, descriptors, meanDescriptor: mean } = features;
  const object = { width: MASK_SIDE, height: MASK_SIDE, data: logits.map((logit) => (logit > 0 ? 1 : 0)) };
  const share = meanPool(object, CELL / MASK_CELL);
  const label = new Float32Array(grid.width * grid.height);
  for (let y = 0; y < grid.height; y++)
    label.set(share.data.subarray(y * share.width, y * share.width + grid.width), y * grid.width);
  const look = objectLook(onCpu(descriptors).data, onCpu(mean).data, label);
  return {
    ...{ grid, descriptors, meanDescriptor: mean },
    label: tensor(label, [label.length]),
    bounds: boundsAbove({ ...grid, data: label }, OBJECT_SHARE),
    look: tensor(look, [DESCRIPTOR]),
    likeness: mask.earlierLooks.map((earlier) => cosine(look, onCpu(earlier).data)),
    area: positiveCount(logits),
  };
}

/** Sum of the object's descriptors less the mean, each weighted by its cell's share of the object. */
function objectLook(descriptors: Float32Array, mean: Float32Array, label: Float32Array): Float32Array {
  const look = new Float32Array(DESCRIPTOR);
  label.forEach((share, cell) => {
    if (share === 0) return;
    for (let channel = 0; channel < DESCRIPTOR; channel++) {
      const value = (descriptors[cell * DESCRIPTOR + channel] ?? 0) - (mean[channel] ?? 0);
      look[channel] = (look[channel] ?? 0) + share * value;
    }
  });
  return look;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const other = b[i] ?? 0;
    product += value * other;
    squaresA += value * value;
    squaresB += other * other;
  });
  return product / Math.max(Math.sqrt(squaresA * squaresB), 1e-12);
}

/** IoU of the cells where the values are positive. */
export function iouOfPositive(a: Float32Array, b: Float32Array): number {
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
