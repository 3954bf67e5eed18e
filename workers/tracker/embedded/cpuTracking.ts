import type { ModelFit, ModelPoint, Size } from '../../../src/core/geometry.ts';
import { tensor, type GraphRuntime } from '../../models/graph.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { boundsAbove, iouOfPositive, positiveCount, type Grid } from '../masks/grid.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import { settleMasks, shareGuesses, type Claim } from './contest.ts';
import { MASK_DIMS, maskContent, type DecodedMask, type EmbeddedDecoder } from './decoder.ts';
import { contentGrid, describeCells, DESCRIPTOR, meanDescriptor, type EmbeddedFeatures } from './features.ts';
import { keptOf, promptsFromGuess, type GuessPrompts } from './guess.ts';
import { EmbeddedMemoryAttention, summariseGuess, type Guess } from './memoryAttention.ts';
import { cosine, objectLook, objectShare } from './objectLook.ts';
import {
  isJudgedByRest,
  type EmbeddedTracking,
  type EncoderOutputs,
  type Found,
  type FrameSearch,
  type Rememberable,
  type Remembered,
  type Search,
} from './tracking.ts';
import { TUNED } from './tuned.ts';

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
    const descriptors = describeCells(onCpu(stage2), onCpu(stage1), letterbox);
    return {
      ...{ video, letterbox, grid },
      imageEmbedding: embedding,
      descriptors: tensor(descriptors, [grid.width * grid.height, DESCRIPTOR]),
      meanDescriptor: tensor(meanDescriptor(descriptors), [DESCRIPTOR]),
    };
  }

  async find(features: EmbeddedFeatures, { searches, rounds }: FrameSearch): Promise<(Found | undefined)[]> {
    const guesses = await this.#timer.time('memory', async () => {
      const made: Guess[] = [];
      for (const { plan, meanDescriptor } of searches)
        made.push(await this.#attention.guess(features, plan, meanDescriptor));
      return made;
    });
    const left = await this.#timer.time('memory', () => shareGuesses(guesses, rounds));
    const judged = guesses.map((guess, i) => judgedGuess(guess, searches[i], left[i]));
    const asked = await this.#timer.time('memory', () =>
      searches.map((search, i) => {
        const guess = judged[i];
        if (!guess || (search.unknown && summariseGuess(guess).best < TUNED.followedBest)) return null;
        return promptsFromGuess(left[i] ?? guess.probability, maskContent(features), keptOf(search));
      }),
    );
    const answers: (Answer | undefined)[] = [];
    for (const [i, guess] of judged.entries()) {
      const prompts = asked[i];
      const avoided = TUNED.avoids ? (asked[searches[i]?.beside ?? -1]?.points.slice(0, 1) ?? []) : [];
      answers.push(prompts ? await this.#ask(features, guess, prompts, avoided) : undefined);
    }
    settleMasks(
      answers.map((answer) => answer && claimOf(answer)),
      rounds,
    );
    return answers.map((answer) => answer && found(answer));
  }

  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]> {
    return this.#timer.time('memory', () => masks.map((mask) => remember(features, mask)));
  }

  dispose(): Promise<void> {
    return this.#attention.dispose();
  }

  /** What the decoder makes of a guess. @param avoided points that are not the object's */
  async #ask(
    features: EmbeddedFeatures,
    guess: Guess,
    prompts: GuessPrompts,
    avoided: readonly ModelPoint[],
  ): Promise<Answer> {
    const points = [...prompts.points, ...avoided.map(({ x, y }) => ({ x, y, label: 0 as const }))];
    const { single, readings } = await this.#timer.time('decoder', () =>
      this.#decoder.decode(features, { ...prompts, points }),
    );
    return {
      ...{ guess, prompts },
      decoded: single,
      readingIou: Math.max(...readings.map(({ predictedIou }) => predictedIou)),
    };
  }
}

/** A guess as it is judged. @param left what others leave of it */
function judgedGuess(guess: Guess, search: Search | undefined, left: Grid | undefined): Guess {
  return left && search && isJudgedByRest(search) ? { ...guess, probability: left } : guess;
}

/** A guess, and what the decoder says to it. */
interface Answer {
  readonly guess: Guess;
  readonly prompts: GuessPrompts;
  readonly decoded: DecodedMask;
  readonly readingIou: number;
}

function claimOf({ decoded, prompts }: Answer): Claim {
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
    bounds: boundsAbove({ ...grid, data: label }, TUNED.objectFrom),
    look: tensor(look, [DESCRIPTOR]),
    likeness: mask.earlierLooks.map((earlier) => cosine(look, onCpu(earlier).data)),
    area: positiveCount(logits),
  };
}
