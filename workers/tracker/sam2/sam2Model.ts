import type { FrameContent } from '../../../src/core/frames.ts';
import {
  stretch,
  videoToModelBox,
  videoToModelPoint,
  type ModelFit,
  type Size,
  type VideoPoint,
} from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts } from '../../../src/core/prompts.ts';
import type { MaskRle } from '../../../src/core/rle.ts';
import type { DeviceTensor, GraphRuntime, Tensor, TensorStore } from '../../models/graph.ts';
import type { Sam2Manifest } from '../../models/sam2Manifest.ts';
import { byteLength, isOnGpu } from '../../models/tensorStore.ts';
import { EncoderInputs } from '../input/encoderInput.ts';
import type { Grid } from '../masks/grid.ts';
import { maskMakerOf, type Finish, type MaskMaker } from '../masks/maskMaker.ts';
import { roughPrompts } from '../masks/roughPrompts.ts';
import { logitsToMask } from '../masks/videoMask.ts';
import type { MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import { resizePlane } from '../input/resize.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import type { FinishedMask, MaskCandidate, MaskPrediction, PromptedMask, VideoModel } from '../videoModel.ts';
import { readClick } from './clickReadings.ts';
import { GIVEN_LOGIT, type Sam2Contract, type Sam2Memory, type StepBudget } from './contract.ts';
import { freeRead, readDecoded, type Decoded, type ReadDecoded } from './decoded.ts';
import type { Sam2Features } from './features.ts';
import { finishedMask } from './finishedMask.ts';
import { givenLogits } from './givenMask.ts';
import { HostedContract } from './hostedContract.ts';
import { MaskletContract } from './maskletContract.ts';
import { gridOf, maskTensor, scalar } from './maskTensors.ts';
import { asTracked, decodePrompts, trackAgain, type PromptDecoder } from './promptDecoding.ts';
import { boxCorners, type LabelledPoint } from './promptTokens.ts';
import type { Sam2Weights } from './weights.ts';

export interface Sam2Prediction extends MaskPrediction, Decoded {
  readonly logits: DeviceTensor;
  /** The memory of a tracked mask: [1, T, Cm]. A prompted mask's is still to be encoded. */
  readonly tokens: DeviceTensor | undefined;
}

/** A prompted mask: all but its pointer, and what its memory is made from, is plain data. */
export interface Sam2Prompted extends ReadDecoded, PromptedMask {
  readonly logits: Tensor;
  readonly tokens: undefined;
}

/** What a processor is given: all objects at once, and nothing is recorded. */
const UNLIMITED: StepBudget = { objectsPerStep: Infinity, replaysStep: false };

/** SAM 2, SAM 2.1 and EdgeTAM: the streaming memory of the paper, over the graphs of either contract. */
export class Sam2Model implements VideoModel<Sam2Features, Sam2Memory, Sam2Prediction> {
  readonly memoryRules: MemoryRules<Sam2Memory>;
  readonly #runtime: GraphRuntime;
  readonly #inputs: EncoderInputs;
  readonly #imageSize: number;
  readonly #contract: Sam2Contract;
  readonly #timer: StepTimer;
  readonly #masks: MaskMaker;

  private constructor(runtime: GraphRuntime, imageSize: number, contract: Sam2Contract, timer: StepTimer) {
    this.#runtime = runtime;
    this.#inputs = new EncoderInputs(runtime, timer);
    this.#masks = maskMakerOf(runtime);
    this.#imageSize = imageSize;
    this.#contract = contract;
    this.#timer = timer;
    this.memoryRules = contract.memoryRules;
  }

  /**
   * @throws MaskletError `model-failed` if a graph cannot be loaded; `weights-altered` if one or the constants do not fit.
   */
  static async load(
    runtime: GraphRuntime,
    manifest: Sam2Manifest,
    weights: Sam2Weights,
    timer: StepTimer,
    budget: StepBudget = UNLIMITED,
  ): Promise<Sam2Model> {
    const contract =
      manifest.contract === 'hosted'
        ? await HostedContract.load(runtime, manifest, weights, timer, budget)
        : await MaskletContract.load(runtime, manifest, weights, timer, budget);
    return new Sam2Model(runtime, manifest.imageSize, contract, timer);
  }

  get finishesLater(): boolean {
    return this.#runtime.gpu !== undefined;
  }

  encode(frame: FrameContent): Promise<Sam2Features> {
    const how = {
      fit: (video: Size) => stretch(video, this.#imageSize),
      normalisation: this.#contract.normalisation,
    };
    return this.#inputs.use(frame, how, async (input, video) => ({
      video,
      ...(await this.#contract.encode(input)),
    }));
  }

  featureBytes({ fine, middle, image, imageWithoutMemory }: Sam2Features): number {
    return [fine, middle, image, imageWithoutMemory].reduce((sum, each) => sum + byteLength(each), 0);
  }

  /**
   * A box and clicks are decoded one after the other, each with the logits of the one before as mask prompt: what makes
   * refinement work in the SAM 2 paper. Clicks correct the mask that was given or tracked on the frame, where there is one and no
   * box takes its place, or else what the first click was chosen to mean. With memories, the tracked mask is corrected as in the
   * paper: on the features that they condition, and with the logits that they give. A decoder that takes no masks gets all clicks
   * at once, and the box of the mask that they correct.
   */
  async segment(
    features: Sam2Features,
    prompts: FramePrompts,
    memories?: SelectedMemories<Sam2Memory>,
  ): Promise<Sam2Prompted> {
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    const { mask, prior, box, points } = prompts;
    if (mask && points.length === 0 && !box) return this.givenMask(features, mask);
    const corrected = box ? undefined : (mask ?? prior);
    const decodeOn = (image: DeviceTensor, tracked?: Grid) =>
      decodePrompts(this.#decoderOn(features, image), prompts, {
        fit: this.#fit(features),
        corrected,
        feedback: corrected && this.#feedbackOf(corrected, tracked),
      });
    if (!memories || !corrected) return decodeOn(features.imageWithoutMemory);
    const { tracked, image } = await trackAgain(this, features, memories);
    try {
      return await decodeOn(image, tracked);
    } finally {
      this.tensors.free(image);
    }
  }

  async candidates(features: Sam2Features, point: VideoPoint): Promise<MaskCandidate[]> {
    const found = await this.readings(features, point);
    for (const each of found) freeRead(this.tensors, each);
    return found.map(({ logits, predictedIou: { data } }) => ({
      logits: logits.data,
      predictedIou: Math.min(1, Math.max(0, data[0] ?? 0)),
      mask: () => logitsToMask(gridOf(logits), this.#fit(features), features.video),
    }));
  }

  /** A decoder that takes no masks gets the box and the point alone. */
  async refine(features: Sam2Features, rough: MaskRle): Promise<FinishedMask> {
    const fit = this.#fit(features);
    const { box, inside } = roughPrompts(rough);
    const points = [
      ...boxCorners(videoToModelBox(box, fit)),
      { ...videoToModelPoint(inside, fit), label: 1 as const },
    ];
    const feedback = this.#contract.takesMasks ? this.#feedbackOf(rough) : undefined;
    const found = await this.decode(features, features.imageWithoutMemory, points, feedback);
    this.free(found);
    const { mask, score, present } = found;
    return { mask, score, present };
  }

  /** What the decoder takes a click that adds for: its tokens 1 to 3, or the one mask that its graph gives. */
  readings(features: Sam2Features, point: VideoPoint): Promise<ReadDecoded[]> {
    return this.#contract.readings(features, { ...videoToModelPoint(point, this.#fit(features)), label: 1 });
  }

  async track(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
  ): Promise<Sam2Prediction[]> {
    checkConditioning(objects);
    const binarize = objects.map(() => false);
    return this.#contract.step(features, objects, binarize);
  }

  /**
   * Masks of several objects from their memories, and the features as the memories condition them: [1, C, S/16, S/16] for
   * each, for prompts on this frame.
   *
   * @param binarize for each object, whether its memory is made from the mask instead of from its probabilities
   */
  async trackConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ predictions: Sam2Prediction[]; conditioned: DeviceTensor[] }> {
    checkConditioning(objects);
    const { stepped: predictions, conditioned } = await this.#contract.stepConditioned(
      features,
      objects,
      binarize,
    );
    return { predictions, conditioned };
  }

  /**
   * The decoder for one object.
   *
   * @param image [1, C, S/16, S/16]: features with the no-memory embedding, or as memories condition them
   * @param points in model pixels, a box's corners first
   * @param feedback logits of an earlier mask, on the low-resolution grid
   */
  async decode(
    features: Sam2Features,
    image: DeviceTensor,
    points: readonly LabelledPoint[],
    feedback?: Grid,
  ): Promise<Sam2Prompted> {
    const decoded = await this.#contract.decode(features, image, points, feedback);
    return this.#prompted(
      features,
      await this.#timer.time('decoder', () => readDecoded(this.tensors, decoded)),
    );
  }

  /** A mask prompt is its own prediction; the decoder only gives the object's pointer. */
  async givenMask(features: Sam2Features, mask: MaskRle): Promise<Sam2Prompted> {
    const { video } = features;
    if (mask.width !== video.width || mask.height !== video.height) {
      throw new RangeError(
        `A mask prompt of ${mask.width}×${mask.height} does not fit frames of ${video.width}×${video.height}.`,
      );
    }
    const full = givenLogits(mask, this.#imageSize);
    const inside = { ...full, data: full.data.map((logit) => (logit > 0 ? 1 : 0)) };
    const present = inside.data.includes(1);
    return {
      logits: maskTensor(this.#lowResolution(full)),
      mask,
      score: 1,
      present,
      pointer: await this.#contract.pointerOf(features, inside),
      objectScore: scalar(present ? GIVEN_LOGIT : -GIVEN_LOGIT),
      predictedIou: scalar(1),
      tokens: undefined,
      full: maskTensor(full),
    };
  }

  /** What is remembered of tracked masks is made with them, before they are kept apart, as in the SAM 2 paper's code. */
  async memorize(
    features: Sam2Features,
    predictions: readonly Sam2Prediction[],
  ): Promise<(Sam2Memory | undefined)[]> {
    const memories: Sam2Memory[] = [];
    for (const prediction of predictions)
      memories.push(await this.remember(features, prediction, prediction.tokens === undefined));
    return memories;
  }

  /** @param binarize whether the memory is made from the mask instead of from its probabilities */
  async remember(features: Sam2Features, prediction: Sam2Prediction, binarize: boolean): Promise<Sam2Memory> {
    const { pointer, objectScore, logits, full } = prediction;
    try {
      const tokens =
        prediction.tokens ?? (await this.#contract.remember(features, full ?? logits, objectScore, binarize));
      return { tokens, pointer };
    } finally {
      if (full) this.tensors.free(full);
    }
  }

  finish(
    features: Sam2Features,
    predictions: readonly Sam2Prediction[],
    how: Finish,
  ): Promise<FinishedMask[]> {
    const place = { fit: this.#fit(features), video: features.video };
    const scores = predictions.flatMap(({ objectScore, predictedIou }) => [objectScore, predictedIou]);
    return this.#timer.time('mask', async () => {
      const logits = predictions.map((each) => each.logits);
      const finished = await this.#masks.finish(logits, scores, place, how);
      return finished.masks.map((mask, i) =>
        finishedMask(mask, finished.scores[2 * i], finished.scores[2 * i + 1]),
      );
    });
  }

  /** Where the tensors of features, predictions and memories are. */
  get tensors(): TensorStore {
    return this.#contract.tensors;
  }

  free(held: Sam2Features | Sam2Memory | Sam2Prediction): void {
    for (const value of Object.values(held) as unknown[])
      if (typeof value === 'object' && value !== null && isOnGpu(value)) this.#contract.tensors.free(value);
  }

  async dispose(): Promise<void> {
    await this.#contract.dispose();
  }

  #decoderOn(features: Sam2Features, image: DeviceTensor): PromptDecoder {
    return {
      takesMasks: this.#contract.takesMasks,
      decode: (points, feedback) => this.decode(features, image, points, feedback),
      read: (click, reading) => this.#read(features, click, reading),
      free: (prompted) => this.free(prompted),
    };
  }

  /** The logits of a mask that clicks correct. @param tracked those that memories give it */
  #feedbackOf(mask: MaskRle, tracked?: Grid): Grid {
    const stored = this.#lowResolution(givenLogits(mask, this.#imageSize));
    return tracked ? asTracked(stored, tracked) : stored;
  }

  async #read(features: Sam2Features, click: LabelledPoint, reading: number): Promise<Sam2Prompted> {
    const decoded = await readClick(this.#contract, features, click, reading, this.#imageSize);
    return this.#prompted(features, decoded);
  }

  #prompted(features: Sam2Features, decoded: ReadDecoded): Promise<Sam2Prompted> {
    const { logits, objectScore, predictedIou } = decoded;
    return this.#timer.time('mask', () => {
      const mask = logitsToMask(gridOf(logits), this.#fit(features), features.video);
      return { ...decoded, ...finishedMask(mask, objectScore, predictedIou), tokens: undefined };
    });
  }

  #fit({ video }: Sam2Features): ModelFit {
    return stretch(video, this.#imageSize);
  }

  #lowResolution(logits: Grid): Grid {
    const { maskSide } = this.#contract;
    return resizePlane(logits, { width: maskSide, height: maskSide });
  }
}

function checkConditioning(objects: readonly SelectedMemories<Sam2Memory>[]): void {
  if (objects.some(({ conditioning }) => conditioning.length === 0))
    throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
}
