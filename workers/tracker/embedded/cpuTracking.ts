import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import { tensor, type GraphRuntime } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { boundsAbove, iouOfPositive, positiveCount, type Grid } from '../masks/grid.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import { LEAST_RIVAL_IOU, settleMasks, shareGuesses, type Claim } from './contest.ts';
import { MASK_DIMS, maskContent, type DecodedMask, type EmbeddedDecoder } from './decoder.ts';
import { contentGrid, describeCells, DESCRIPTOR, meanDescriptor, type EmbeddedFeatures } from './features.ts';
import { promptsFromGuess, type GuessPrompts } from './guess.ts';
import {
  EmbeddedMemoryAttention,
  OBJECT_SHARE,
  summariseGuess,
  type AttentionPlan,
  type Guess,
} from './memoryAttention.ts';
import { cosine, objectLook, objectShare } from './objectLook.ts';
import { LEAST_BEST } from './presence.ts';
import type {
  EmbeddedTracking,
  EncoderOutputs,
  Found,
  Rememberable,
  Remembered,
  Search,
  Sighting,
} from './tracking.ts';

/** The embedded tracker in TypeScript. */
export class CpuTracking implements EmbeddedTracking {
  readonly #decoder: EmbeddedDecoder;
  readonly #attention: EmbeddedMemoryAttention;
  readonly #timer: StepTimer;

  private constructor(decoder: EmbeddedDecoder, attention: EmbeddedMemoryAttention, timer: StepTimer) {
    this.#decoder = decoder;
    this.#attention = attention;
    this.#timer = timer;
  }

  /** @param decoder stays its owner's */
  static async load(runtime: GraphRuntime, decoder: EmbeddedDecoder, timer: StepTimer): Promise<CpuTracking> {
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

  async find(features: EmbeddedFeatures, searches: readonly Search[]): Promise<Sighting[]> {
    const sightings: Sighting[] = [];
    for (const search of searches) sightings.push(await this.#findOne(features, search));
    return sightings;
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', () => masks.map((mask) => remember(features, mask)));
  }

  dispose(): Promise<void> {
    return this.#attention.dispose();
  }

  async #findOne(
    features: EmbeddedFeatures,
    { plan, meanDescriptor: mean, rival: sought }: Search,
  ): Promise<Sighting> {
    const guess = (asked: AttentionPlan) => this.#attention.guess(features, asked, mean);
    const own = await this.#timer.time('memory', () => guess(plan));
    if (!sought) {
      const answer = await this.#ask(features, own, own.probability);
      return { object: answer && found(answer), rival: undefined };
    }
    const { places, favour } = sought;
    const { other, shared } = await this.#timer.time('memory', async () => {
      const asked = await guess(sought.plan);
      const shared = shareGuesses(own, asked, places);
      // One that was not known before is judged by what the object does not claim.
      return { other: places ? asked : { ...asked, probability: shared.rival }, shared };
    });
    const object = await this.#ask(features, own, shared.object);
    const hopeless = !places && summariseGuess(other).best < LEAST_BEST.lost;
    const rival = hopeless ? undefined : await this.#ask(features, other, shared.rival);
    if (object && rival && rival.decoded.predictedIou >= LEAST_RIVAL_IOU)
      settleMasks(claim(object), claim(rival), favour);
    return { object: object && found(object), rival: rival && found(rival) };
  }

  /**
   * What the decoder makes of a guess; `undefined` where there is nothing to ask it for.
   *
   * @param probability what a rival leaves of the guess
   */
  async #ask(features: EmbeddedFeatures, guess: Guess, probability: Grid): Promise<Answer | undefined> {
    const prompts = await this.#timer.time('memory', () =>
      promptsFromGuess(probability, maskContent(features)),
    );
    if (!prompts) return undefined;
    const { single, readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, prompts),
    );
    return {
      ...{ guess, prompts },
      decoded: single,
      readingIou: Math.max(...readings.map(({ predictedIou }) => predictedIou)),
    };
  }
}

/** A guess, and what the decoder says to it. */
interface Answer {
  readonly guess: Guess;
  readonly prompts: GuessPrompts;
  readonly decoded: DecodedMask;
  readonly readingIou: number;
}

function claim({ decoded, prompts }: Answer): Claim {
  return { logits: decoded.logits.data, prompt: prompts.mask };
}

function found({ guess, prompts, decoded, readingIou }: Answer): Found {
  const { predictedIou, logits } = decoded;
  const { best, peak } = summariseGuess(guess);
  return {
    logits: tensor(logits.data, MASK_DIMS),
    evidence: {
      bestProbability: best,
      ...{ predictedIou, readingIou, peak },
      agreement: iouOfPositive(prompts.mask, logits.data),
      area: positiveCount(logits.data),
    },
  };
}

/** What a mask leaves of a frame. */
export function remember(features: EmbeddedFeatures, mask: Rememberable): Remembered {
  const logits = onCpu(mask.logits).data;
  const { grid, descriptors, meanDescriptor: mean } = features;
  const label = objectShare(logits, grid);
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
