import type { RgbaImage } from '../../../src/core/frames.ts';
import { stretch, videoToModelBox, videoToModelPoint, type ModelFit } from '../../../src/core/geometry.ts';
import { hasPrompts, type FramePrompts } from '../../../src/core/prompts.ts';
import { decodeRle, emptyRle, type MaskRle } from '../../../src/core/rle.ts';
import { tensor, type GraphRuntime, type GraphSession, type Tensor } from '../../models/graph.ts';
import {
  forEachGraph,
  MASKLET_GRAPHS,
  type MaskletGraph,
  type MaskletManifest,
} from '../../models/sam2Manifest.ts';
import { logitsToMask, type Grid } from '../grid.ts';
import type { MemoryRules, SelectedMemories } from '../memoryBank.ts';
import { resizePlane, toEncoderInput, type Normalisation } from '../resize.ts';
import type { StageTimer } from '../stageTimer.ts';
import type { MaskPrediction, VideoModel } from '../videoModel.ts';
import { readConstants, type Sam2Constants } from './constants.ts';
import type { Sam2Features } from './features.ts';
import { emptyTokens, maskPrompt, pointTokens, type LabelledPoint } from './promptTokens.ts';
import { stepInputs, type Sam2Memory } from './stepInputs.ts';

export interface Sam2Prediction extends MaskPrediction {
  /** [C]: the object pointer, that of no object where it is not there. */
  readonly pointer: Float32Array;
  /** The object is there where this is positive. */
  readonly objectScore: number;
  /** Predicted IoU, as the decoder says it. */
  readonly predictedIou: number;
  /** What the step graph made of a tracked mask: [T, Cm]. A prompted mask's memory is still to be encoded. */
  readonly tokens: Float32Array | undefined;
  /** A mask that was given, in model pixels: its memory is made from this and not from the low-resolution logits. */
  readonly given?: Grid;
}

export interface Sam2Weights {
  readonly graphs: Readonly<Record<MaskletGraph, Uint8Array>>;
  readonly constants: Uint8Array;
}

const DECODER_OUTPUTS = ['masks', 'obj_ptr', 'obj_score', 'iou'] as const;
/** Without the conditioned features, which a tracked frame does not need. */
const STEP_OUTPUTS = ['masks', 'next_obj_ptr', 'obj_score', 'iou', 'next_memory'] as const;
type StepOutputs = Record<(typeof STEP_OUTPUTS)[number], Tensor>;

/** The bound of logits that go back into the decoder; of the SAM 2 paper's code. */
const FEEDBACK_BOUND = 32;
/** Logits of a given mask, and the object score that it stands for. */
const GIVEN_LOGIT = 10;

/**
 * SAM 2, SAM 2.1 and EdgeTAM: the streaming memory of the paper, over the graphs of Masklet's own contract. A tracked frame
 * takes two runs whatever the number of objects: the encoder, and one step for all of them.
 */
export class Sam2Model implements VideoModel<Sam2Features, Sam2Memory, Sam2Prediction> {
  readonly memoryRules: MemoryRules<Sam2Memory>;
  readonly #manifest: MaskletManifest;
  readonly #constants: Sam2Constants;
  readonly #graphs: Readonly<Record<MaskletGraph, GraphSession>>;
  readonly #timer: StageTimer;
  readonly #normalisation: Normalisation;
  /** Cells along a side of the decoder's mask grid: a quarter of the input's side. */
  readonly #maskSide: number;

  private constructor(
    manifest: MaskletManifest,
    constants: Sam2Constants,
    graphs: Readonly<Record<MaskletGraph, GraphSession>>,
    timer: StageTimer,
  ) {
    this.#manifest = manifest;
    this.#constants = constants;
    this.#graphs = graphs;
    this.#timer = timer;
    this.#maskSide = 4 * manifest.grid;
    const { spatialMemories, objectPointers } = manifest.rules;
    this.memoryRules = { recentKept: Math.max(spatialMemories, objectPointers) - 1 };
    const inBytes = ([red = 0, green = 0, blue = 0]: Float32Array) =>
      [red * 255, green * 255, blue * 255] as const;
    this.#normalisation = {
      mean: inBytes(constants.imageMean),
      deviation: inBytes(constants.imageDeviation),
    };
  }

  /** @throws MaskletError `model-failed` if a graph cannot be loaded; `weights-altered` if the constants do not fit. */
  static async load(
    runtime: GraphRuntime,
    manifest: MaskletManifest,
    weights: Sam2Weights,
    timer: StageTimer,
  ): Promise<Sam2Model> {
    const constants = readConstants(weights.constants, manifest);
    const graphs = await forEachGraph(MASKLET_GRAPHS, (name) => runtime.load(name, weights.graphs[name]));
    return new Sam2Model(manifest, constants, graphs, timer);
  }

  async encode(frame: RgbaImage): Promise<Sam2Features> {
    const { imageSize: side } = this.#manifest;
    const video = { width: frame.width, height: frame.height };
    const input = await this.#timer.time('preprocess', () =>
      toEncoderInput(frame, stretch(video, side), this.#normalisation),
    );
    const outputs = await this.#timer.time('encoder', () =>
      this.#graphs.vision_encoder.run({ pixel_values: tensor(input, [1, 3, side, side]) }, [
        'feat_s0',
        'feat_s1',
        'image_embed',
        'no_memory_embed',
      ]),
    );
    return {
      video,
      fine: outputs.feat_s0,
      middle: outputs.feat_s1,
      image: outputs.image_embed,
      imageWithoutMemory: outputs.no_memory_embed,
    };
  }

  featureBytes({ fine, middle, image, imageWithoutMemory }: Sam2Features): number {
    return [fine, middle, image, imageWithoutMemory].reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  /**
   * Clicks are decoded one after the other, each with the logits of the one before as mask prompt: what makes refinement
   * work in the SAM 2 paper. They correct the mask that was given or tracked on the frame, where there is one and no box
   * takes its place.
   */
  async segment(features: Sam2Features, prompts: FramePrompts): Promise<Sam2Prediction> {
    if (!hasPrompts(prompts)) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    const { mask, prior, box, points } = prompts;
    if (mask && points.length === 0 && !box) return this.givenMask(features, mask);
    const fit = this.#fit(features);
    const corners: LabelledPoint[] = [];
    if (box) {
      const { x0, y0, x1, y1 } = videoToModelBox(box, fit);
      corners.push({ x: x0, y: y0, label: 2 }, { x: x1, y: y1, label: 3 });
    }
    const clicks = points.map((point) => ({ ...videoToModelPoint(point, fit), label: point.label }));
    const corrected = box ? undefined : (mask ?? prior);
    let feedback = corrected && this.#lowResolution(this.#givenLogits(features, corrected));
    let prediction: Sam2Prediction | undefined;
    for (let count = Math.min(1, clicks.length); count <= clicks.length; count++) {
      const given = [...corners, ...clicks.slice(0, count)];
      prediction = await this.decode(features, features.imageWithoutMemory, given, feedback);
      feedback = {
        ...this.#maskGrid(prediction.logits),
        data: prediction.logits.map((logit) => Math.max(-FEEDBACK_BOUND, Math.min(FEEDBACK_BOUND, logit))),
      };
    }
    if (!prediction) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
    return prediction;
  }

  async track(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
  ): Promise<Sam2Prediction[]> {
    if (objects.length === 0) return [];
    const binarize = objects.map(() => false);
    return this.#predictAll(features, await this.#step(features, objects, binarize, STEP_OUTPUTS));
  }

  /**
   * Masks of several objects from their memories, in one run, and the features as the memories condition them: [1, C, S/16, S/16]
   * for each, for prompts on this frame.
   *
   * @param binarize for each object, whether its memory is made from the mask instead of from its probabilities
   */
  async trackConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ predictions: Sam2Prediction[]; conditioned: Tensor[] }> {
    if (objects.length === 0) return { predictions: [], conditioned: [] };
    const outputs = await this.#step(features, objects, binarize, [...STEP_OUTPUTS, 'cond_embed']);
    const [, ...dims] = outputs.cond_embed.dims;
    return {
      predictions: await this.#predictAll(features, outputs),
      conditioned: objects.map((_, i) => tensor(part(outputs.cond_embed, i), [1, ...dims])),
    };
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
    image: Tensor,
    points: readonly LabelledPoint[],
    feedback?: Grid,
  ): Promise<Sam2Prediction> {
    const tokens = pointTokens(points, this.#constants, this.#manifest.imageSize);
    const outputs = await this.#timer.time('decoder', () =>
      this.#decode(features, image, tokens, points.length, feedback),
    );
    return this.#timer.time('mask', () =>
      this.#predict(features, {
        logits: outputs.masks.data,
        pointer: outputs.obj_ptr.data,
        objectScore: outputs.obj_score.data[0] ?? 0,
        predictedIou: outputs.iou.data[0] ?? 0,
        tokens: undefined,
      }),
    );
  }

  /** A mask prompt is its own prediction; the decoder only gives the object's pointer. */
  async givenMask(features: Sam2Features, mask: MaskRle): Promise<Sam2Prediction> {
    const { video } = features;
    if (mask.width !== video.width || mask.height !== video.height) {
      throw new RangeError(
        `A mask prompt of ${mask.width}×${mask.height} does not fit frames of ${video.width}×${video.height}.`,
      );
    }
    const given = this.#givenLogits(features, mask);
    const inside = { ...given, data: given.data.map((logit) => (logit > 0 ? 1 : 0)) };
    const present = inside.data.includes(1);
    const { obj_ptr: pointer } = await this.#timer.time('decoder', () =>
      this.#decode(
        features,
        features.image,
        emptyTokens(this.#constants),
        0,
        maskPrompt(inside, this.#constants),
      ),
    );
    return {
      logits: this.#lowResolution(given).data,
      mask,
      score: 1,
      present,
      pointer: present ? pointer.data : this.#constants.noObjectPointer,
      objectScore: present ? GIVEN_LOGIT : -GIVEN_LOGIT,
      predictedIou: 1,
      tokens: undefined,
      given,
    };
  }

  redraw(features: Sam2Features, prediction: Sam2Prediction, logits: Float32Array): Sam2Prediction {
    return {
      ...prediction,
      logits,
      mask: logitsToMask(this.#maskGrid(logits), this.#fit(features), features.video),
    };
  }

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
    const { pointer, objectScore, logits, given = this.#maskGrid(logits) } = prediction;
    if (prediction.tokens) return { tokens: prediction.tokens, pointer };
    const { memory } = await this.#timer.time('memory', () =>
      this.#graphs.memory_encoder.run(
        {
          image_embed: features.image,
          masks: tensor(given.data, [1, 1, given.height, given.width]),
          binarize: tensor(Float32Array.of(Number(binarize)), [1, 1, 1, 1]),
          obj_score: tensor(Float32Array.of(objectScore), [1, 1]),
        },
        ['memory'],
      ),
    );
    return { tokens: memory.data, pointer };
  }

  async dispose(): Promise<void> {
    await Promise.all(Object.values(this.#graphs).map((graph) => graph.dispose()));
  }

  async #step<Output extends string>(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
    outputs: readonly Output[],
  ): Promise<Record<Output, Tensor>> {
    if (objects.some(({ conditioning }) => conditioning.length === 0))
      throw new RangeError('A frame cannot be tracked before any frame has been prompted.');
    const memories = await this.#timer.time('memory', () =>
      stepInputs(objects, this.#manifest, this.#constants),
    );
    return this.#timer.time('decoder', () =>
      this.#graphs.step.run(
        {
          feat_s0: features.fine,
          feat_s1: features.middle,
          image_embed: features.image,
          ...memories,
          binarize: tensor(Float32Array.from(binarize, Number), [objects.length, 1, 1, 1]),
        },
        outputs,
      ),
    );
  }

  #predictAll(features: Sam2Features, outputs: StepOutputs): Promise<Sam2Prediction[]> {
    return this.#timer.time('mask', () =>
      Array.from(outputs.obj_score.data, (objectScore, i) =>
        this.#predict(features, {
          logits: part(outputs.masks, i),
          pointer: part(outputs.next_obj_ptr, i),
          objectScore,
          predictedIou: outputs.iou.data[i] ?? 0,
          tokens: part(outputs.next_memory, i),
        }),
      ),
    );
  }

  /** @param points how many points the tokens hold, a box's corners counted: several masks are chosen from if they are few */
  #decode(features: Sam2Features, image: Tensor, tokens: Tensor, points: number, mask?: Grid) {
    const { least, most } = this.#manifest.rules.multimaskPoints;
    const multimask = points >= least && points <= most;
    const side = this.#maskSide;
    return this.#graphs.mask_decoder.run(
      {
        cond_embed: image,
        feat_s0: features.fine,
        feat_s1: features.middle,
        point_embed: tokens,
        mask_input: tensor(mask?.data ?? new Float32Array(side * side), [1, 1, side, side]),
        has_mask: tensor(Float32Array.of(mask ? 1 : 0), [1, 1, 1, 1]),
        multimask: tensor(Float32Array.of(Number(multimask)), [1, 1]),
      },
      DECODER_OUTPUTS,
    );
  }

  #predict(
    features: Sam2Features,
    decoded: Omit<Sam2Prediction, 'mask' | 'score' | 'present'>,
  ): Sam2Prediction {
    const { objectScore, predictedIou, logits } = decoded;
    const present = objectScore > 0;
    const mask = present
      ? logitsToMask(this.#maskGrid(logits), this.#fit(features), features.video)
      : emptyRle(features.video);
    // The decoder's IoU is of the mask if the object is there; its score says how likely that is.
    const score = Math.min(1, Math.max(0, predictedIou)) / (1 + Math.exp(-objectScore));
    return { ...decoded, mask, present, score: present ? score : 0 };
  }

  #fit({ video }: Sam2Features): ModelFit {
    return stretch(video, this.#manifest.imageSize);
  }

  /** Logits on the decoder's mask grid. */
  #maskGrid(data: Float32Array): Grid {
    return { width: this.#maskSide, height: this.#maskSide, data };
  }

  /** A mask in the clip's pixels as logits in model pixels. */
  #givenLogits({ video }: Sam2Features, mask: MaskRle): Grid {
    const { imageSize: side } = this.#manifest;
    const share = resizePlane(
      { ...video, data: Float32Array.from(decodeRle(mask)) },
      { width: side, height: side },
    );
    return { ...share, data: share.data.map((value) => (value >= 0.5 ? GIVEN_LOGIT : -GIVEN_LOGIT)) };
  }

  #lowResolution(logits: Grid): Grid {
    return resizePlane(logits, { width: this.#maskSide, height: this.#maskSide });
  }
}

/** The part of a tensor that belongs to one object: a copy, so that the others can be freed. */
function part({ data, dims: [objects = 1] }: Tensor, object: number): Float32Array {
  const size = data.length / objects;
  return data.slice(object * size, (object + 1) * size);
}
