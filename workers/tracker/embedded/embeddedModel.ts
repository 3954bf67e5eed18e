import type { FrameContent } from '../../../src/core/frames.ts';
import { videoToModelPoint, type VideoPoint } from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts } from '../../../src/core/prompts.ts';
import { emptyRle, rleArea, type MaskRle } from '../../../src/core/rle.ts';
import { tensor, type DeviceTensor, type GraphRuntime } from '../../models/graph.ts';
import { byteLength, isOnGpu } from '../../models/tensorStore.ts';
import { EncoderInputs } from '../input/encoderInput.ts';
import { positiveCount } from '../masks/grid.ts';
import { maskMakerOf, type Finish, type MaskMaker } from '../masks/maskMaker.ts';
import { logitsToMask } from '../masks/videoMask.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import type {
  AreApart,
  FinishedMask,
  FrameLook,
  MaskCandidate,
  PromptedMask,
  Tracked,
  VideoModel,
} from '../videoModel.ts';
import { CpuTracking } from './cpuTracking.ts';
import { EmbeddedDecoder, MASK_DIMS } from './decoder.ts';
import { EmbeddedEncoder } from './encoder.ts';
import { CELL, DESCRIPTOR, unitDescriptors, type EmbeddedFeatures } from './features.ts';
import { expectedOn, unexpected } from './expected.ts';
import { fromPerson, givenMask } from './givenMask.ts';
import { findLookAlike } from './lookAlike.ts';
import {
  comparedMemories,
  memoryOf,
  memoryRules,
  type EmbeddedMemory,
  type EmbeddedPrediction,
} from './memory.ts';
import { ABSENT, isTarget, scoreOf } from './presence.ts';
import { decodePrompts, decodeRough } from './promptDecoding.ts';
import { planSearch } from './search.ts';
import type { EmbeddedTracking, Found } from './tracking.ts';
import { targetsOf, type Target } from './targetState.ts';

/** ImageNet's statistics, for 8-bit values. */
export const NORMALISATION = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;

export interface EmbeddedWeights {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/**
 * The embedded model: an image encoder and SAM's decoder with trained weights, and a memory that needs none (attention
 * over the encoder's inner layers). It is not SAM 2. See docs/embedded-tracker.md.
 */
export class EmbeddedModel implements VideoModel<EmbeddedFeatures, EmbeddedMemory, EmbeddedPrediction> {
  readonly memoryRules = memoryRules();
  readonly #runtime: GraphRuntime;
  readonly #inputs: EncoderInputs;
  readonly #encoder: EmbeddedEncoder;
  readonly #decoder: EmbeddedDecoder;
  readonly #tracking: EmbeddedTracking;
  readonly #masks: MaskMaker;
  readonly #timer: StepTimer;

  private constructor(
    runtime: GraphRuntime,
    encoder: EmbeddedEncoder,
    decoder: EmbeddedDecoder,
    tracking: EmbeddedTracking,
    timer: StepTimer,
  ) {
    this.#runtime = runtime;
    this.#inputs = new EncoderInputs(runtime, timer);
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#tracking = tracking;
    this.#masks = maskMakerOf(runtime);
    this.#timer = timer;
  }

  /**
   * @param objectsPerRun the most objects that the decoder is given at once, on a GPU: on the CPU more than one gain nothing
   * @throws MaskletError `model-failed` if a graph cannot be loaded
   */
  static async load(
    runtime: GraphRuntime,
    weights: EmbeddedWeights,
    timer: StepTimer,
    objectsPerRun = Infinity,
  ): Promise<EmbeddedModel> {
    const encoder = await EmbeddedEncoder.load(runtime, weights.encoder);
    const decoder = new EmbeddedDecoder(await runtime.load('mask decoder', weights.decoder));
    if (!runtime.gpu) {
      const tracking = await CpuTracking.load(runtime, decoder, timer);
      return new EmbeddedModel(runtime, encoder, decoder, tracking, timer);
    }
    // Only a bundle can import shaders; Node, which has no GPU, runs the sources.
    const { GpuTracking } = await import('./gpu/gpuTracking.ts');
    const tracking = new GpuTracking(
      runtime,
      runtime.gpu.memory,
      { decoder: decoder.session, file: weights.decoder },
      objectsPerRun,
      timer,
    );
    return new EmbeddedModel(runtime, encoder, decoder, tracking, timer);
  }

  get finishesLater(): boolean {
    return this.#runtime.gpu !== undefined;
  }

  async encode(frame: FrameContent): Promise<EmbeddedFeatures> {
    const encoder = this.#encoder;
    const how = { fit: encoder.fit.bind(encoder), normalisation: NORMALISATION };
    const { video, outputs } = await this.#inputs.use(frame, how, (input, video) =>
      this.#timer.time('encoder', async () => ({ video, outputs: await encoder.encode(input) })),
    );
    return this.#timer.time('memory', () => this.#tracking.describe(outputs, video, encoder.fit(video)));
  }

  free(held: object): void {
    for (const [name, value] of Object.entries<unknown>({ ...held })) {
      if (typeof value !== 'object' || value === null) continue;
      if (isOnGpu(value)) this.#runtime.tensors.free(value);
      else if (name === 'distractor' || name === 'remembered') this.free(value);
    }
  }

  featureBytes({ imageEmbedding, descriptors }: EmbeddedFeatures): number {
    return byteLength(imageEmbedding) + byteLength(descriptors);
  }

  async segment(
    features: EmbeddedFeatures,
    prompts: FramePrompts,
  ): Promise<EmbeddedPrediction & PromptedMask> {
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    if (prompts.mask && prompts.points.length === 0 && !prompts.box) return givenMask(features, prompts.mask);
    const { logits, mask, predictedIou } = await this.#timer.time('decoder', () =>
      decodePrompts(this.#decoder, features, prompts),
    );
    return {
      logits: tensor(logits.data, MASK_DIMS),
      mask,
      score: predictedIou,
      present: positiveCount(logits.data) > 0,
      ...fromPerson(
        predictedIou,
        prompts.points.length > 1 || prompts.box !== undefined || prompts.reading !== undefined,
      ),
    };
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

  async refine(features: EmbeddedFeatures, rough: MaskRle): Promise<FinishedMask> {
    const { logits, predictedIou } = await this.#timer.time('decoder', () =>
      decodeRough(this.#decoder, features, rough),
    );
    return this.#timer.time('mask', () => {
      const mask = logitsToMask(logits, features.letterbox, features.video);
      return { mask, score: predictedIou, present: rleArea(mask) > 0 };
    });
  }

  async look(features: EmbeddedFeatures, mean?: Float32Array): Promise<FrameLook> {
    const { letterbox: fit, grid, descriptors, meanDescriptor } = features;
    const [cells, own] = await this.#runtime.tensors.read([descriptors, meanDescriptor]);
    const centre = mean ?? own.data;
    return {
      ...{ fit, grid, cell: CELL, mean: centre },
      units: unitDescriptors(cells.data, centre, DESCRIPTOR),
    };
  }

  async track(
    features: EmbeddedFeatures,
    objects: readonly SelectedMemories<EmbeddedMemory>[],
    areApart: AreApart = () => true,
    whileWaiting?: () => void,
  ): Promise<Tracked<EmbeddedPrediction>[]> {
    const sought = targetsOf(objects, areApart);
    const { targets } = sought;
    const search = planSearch(sought, features.grid);
    const expected = expectedOn(targets, areApart);
    const found = await this.#tracking.find(features, { ...search, expected }, whileWaiting);
    const seen: (EmbeddedPrediction | undefined)[] = [];
    targets.forEach((target, i) => {
      const isInPair = search.searches[i]?.beside !== undefined;
      seen.push(this.#judge(found[i], target, isInPair, seen[target.object] && found[target.object]));
    });
    const tracked = objects.map((_, object) => {
      const beside = targets.findIndex((target) => target.object === object && target.role !== 'object');
      const distractor = seen[beside];
      const isNew = targets[beside]?.role === 'unknown';
      return { ...(seen[object] ?? ABSENT), distractor: distractor && { ...distractor, isNew } };
    });
    const present = tracked.map((each) => each.present);
    for (const i of unexpected(targets, present, areApart)) this.#forget(tracked[i]);
    return tracked;
  }

  async findDistractor(
    features: EmbeddedFeatures,
    prompted: EmbeddedPrediction,
  ): Promise<EmbeddedPrediction | undefined> {
    const [mask, descriptors, mean] = await this.#runtime.tensors.read([
      prompted.logits,
      features.descriptors,
      features.meanDescriptor,
    ]);
    const found = await this.#timer.time('decoder', () =>
      findLookAlike(this.#decoder, features, { descriptors: descriptors.data, mean: mean.data }, mask.data),
    );
    if (!found) return undefined;
    const { predictedIou, logits, alike } = found;
    const prediction = { score: predictedIou, present: true, ...fromPerson(predictedIou, false), alike };
    return { logits: tensor(logits.data, MASK_DIMS), ...prediction };
  }

  /** What is remembered of objects is what is left of their masks when they are kept apart. */
  async memorize(
    features: EmbeddedFeatures,
    predictions: readonly Tracked<EmbeddedPrediction>[],
    owned?: readonly DeviceTensor[],
  ): Promise<(EmbeddedMemory | undefined)[]> {
    const beside = new Set<EmbeddedPrediction | undefined>(predictions.map(({ distractor }) => distractor));
    // What is owned was not known when the objects were sought.
    if (owned?.length) for (const each of predictions) if (!beside.has(each)) this.#forget(each);
    const left = predictions.filter((each) => (each.present || each.prompted) && !each.remembered);
    const objects = left.filter((each) => !beside.has(each));
    const whole = objects.map(({ logits }) => logits);
    const apart = owned && whole.length > 0 ? this.#masks.separate(whole, owned) : [];
    const masks = left.map((each) => ({
      logits: apart[objects.indexOf(each)] ?? each.logits,
      earlierLooks: each.earlier.map(({ memory }) => memory.look),
    }));
    const remembered = await this.#tracking.remember(features, masks).finally(() => {
      for (const mask of apart) this.#runtime.tensors.free(mask);
    });
    return predictions.map((prediction) => {
      const what = prediction.remembered ?? remembered[left.indexOf(prediction)];
      prediction.remembered = undefined;
      if (!what) return undefined;
      if (prediction.prompted || what.area > 0) return memoryOf(what, prediction);
      this.free(what);
      return undefined;
    });
  }

  finish(
    { letterbox: fit, video }: EmbeddedFeatures,
    predictions: readonly EmbeddedPrediction[],
    how: Finish,
  ): Promise<FinishedMask[]> {
    return this.#timer.time('mask', async () => {
      const present = predictions.filter((prediction) => prediction.present);
      const logits = present.map((prediction) => prediction.logits);
      const { masks } = await this.#masks.finish(logits, [], { fit, video }, how);
      return predictions.map((prediction) => {
        const mask = masks[present.indexOf(prediction)] ?? emptyRle(video);
        return { mask, score: prediction.score, present: rleArea(mask) > 0 };
      });
    });
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#encoder.dispose(), this.#decoder.dispose(), this.#tracking.dispose()]);
  }

  /** Lets go of what was made to be remembered. */
  #forget(prediction: EmbeddedPrediction | undefined): void {
    if (!prediction?.remembered) return;
    this.free(prediction.remembered);
    prediction.remembered = undefined;
  }

  /** What was found, if it is the target. @param object what was found of the object that it may be taken for, if that is there */
  #judge(
    found: Found | undefined,
    target: Target,
    isInPair: boolean,
    object: Found | undefined,
  ): EmbeddedPrediction | undefined {
    if (!found || !isTarget(found.evidence, target, isInPair, object?.evidence)) {
      if (found) this.free(found);
      return undefined;
    }
    const { predictedIou, agreement, peak } = found.evidence;
    // What is met has no past of its own.
    const past =
      target.role === 'unknown'
        ? { peak: undefined, peakMean: undefined, earlier: [] }
        : { peak, peakMean: target.state.peakMean, earlier: comparedMemories(target.memories) };
    return {
      logits: found.logits,
      remembered: found.remembered,
      score: scoreOf(found.evidence),
      present: true,
      ...{ predictedIou, agreement, ...past },
      prompted: false,
      reviewed: false,
      alike: undefined,
    };
  }
}
