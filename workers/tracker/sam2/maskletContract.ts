import {
  tensor,
  type DeviceTensor,
  type GraphRuntime,
  type GraphSession,
  type Tensor,
  type TensorStore,
} from '../../models/graph.ts';
import { MASKLET_GRAPHS, type MaskletGraph, type MaskletManifest } from '../../models/sam2Manifest.ts';
import { loadGraphs } from '../../models/signature.ts';
import type { Grid } from '../masks/grid.ts';
import type { MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import { readConstants, type Sam2Constants } from './constants.ts';
import { readDecoded, type Decoded, type ReadDecoded } from './decoded.ts';
import type { EncodedFrame, Sam2Contract, Sam2Memory, StepBudget, Stepped } from './contract.ts';
import { inBytes, type Sam2Features } from './features.ts';
import { maskletSignatures } from './maskletSignatures.ts';
import { MaskletStep, type ObjectToStep } from './maskletStep.ts';
import { emptyTokens, maskPrompt, pointTokens, type LabelledPoint } from './promptTokens.ts';
import { loadReplayedStep } from './replayedStep.ts';
import type { Sam2Weights } from './weights.ts';

const ENCODER_OUTPUTS = ['feat_s0', 'feat_s1', 'image_embed', 'no_memory_embed'] as const;
const DECODER_OUTPUTS = ['masks', 'obj_ptr', 'obj_score', 'iou'] as const;
/** What the decoder makes of each of its mask tokens, 0 to 3; graphs may lack them. */
const TOKEN_OUTPUTS = ['token_masks', 'token_obj_ptr', 'token_iou'] as const;
/** Token 0 answers prompts that leave no choice; the others are the readings of one that does. */
const FIRST_READING = 1;

/**
 * Masklet's own graphs. A tracked frame takes two runs whatever the number of objects: the encoder, and one step for all of
 * them (as many as fit into memory), in which memory attention, decoder and memory encoder are one graph. Where a GPU replays the
 * step, each object has a run of its own.
 */
export class MaskletContract implements Sam2Contract {
  readonly tensors: TensorStore;
  readonly normalisation: Normalisation;
  readonly memoryRules: MemoryRules<Sam2Memory>;
  readonly maskSide: number;
  readonly takesMasks = true;
  readonly #manifest: MaskletManifest;
  readonly #constants: Sam2Constants;
  readonly #graphs: Readonly<Record<MaskletGraph, GraphSession>>;
  readonly #timer: StepTimer;
  readonly #step: MaskletStep;

  private constructor(
    tensors: TensorStore,
    manifest: MaskletManifest,
    constants: Sam2Constants,
    graphs: Readonly<Record<MaskletGraph, GraphSession>>,
    timer: StepTimer,
    step: MaskletStep,
  ) {
    this.tensors = tensors;
    this.#manifest = manifest;
    this.#constants = constants;
    this.#graphs = graphs;
    this.#timer = timer;
    this.#step = step;
    this.maskSide = 4 * manifest.grid;
    const { spatialMemories, objectPointers } = manifest.rules;
    this.memoryRules = {
      recentKept: Math.max(spatialMemories, objectPointers) - 1,
      remindsCorrections: true,
    };
    this.normalisation = {
      mean: inBytes(constants.imageMean),
      deviation: inBytes(constants.imageDeviation),
    };
  }

  /**
   * @throws MaskletError `model-failed` if a graph cannot be loaded; `weights-altered` if one or the constants do not fit; nothing stays
   *   loaded then
   */
  static async load(
    runtime: GraphRuntime,
    manifest: MaskletManifest,
    weights: Sam2Weights,
    timer: StepTimer,
    { objectsPerStep, replaysStep }: StepBudget,
  ): Promise<MaskletContract> {
    const constants = readConstants(weights.file('constants'), manifest);
    const expected = maskletSignatures(manifest);
    const graphs = await loadGraphs(
      runtime,
      manifest,
      MASKLET_GRAPHS,
      weights.file,
      (name) => expected[name],
      ['vision_encoder'],
    );
    const { tensors } = runtime;
    const replayed = replaysStep
      ? await loadReplayedStep(runtime, weights.file('step'), graphs.step, manifest).catch(async (error) => {
          await Promise.all(Object.values(graphs).map((graph) => graph.dispose()));
          throw error;
        })
      : undefined;
    const step = { tensors, graph: graphs.step, replayed, manifest, constants, timer, objectsPerStep };
    return new MaskletContract(tensors, manifest, constants, graphs, timer, new MaskletStep(step));
  }

  async encode(pixels: DeviceTensor): Promise<EncodedFrame> {
    const outputs = await this.#timer.time('encoder', () =>
      this.#graphs.vision_encoder.runInPlace({ pixel_values: pixels }, ENCODER_OUTPUTS),
    );
    return {
      fine: outputs.feat_s0,
      middle: outputs.feat_s1,
      image: outputs.image_embed,
      imageWithoutMemory: outputs.no_memory_embed,
    };
  }

  async decode(
    features: Sam2Features,
    image: DeviceTensor,
    points: readonly LabelledPoint[],
    feedback?: Grid,
  ): Promise<Decoded> {
    const tokens = pointTokens(points, this.#constants, this.#manifest.imageSize);
    return this.#decode(features, image, tokens, this.#isAmbiguous(points.length), feedback);
  }

  async readings(features: Sam2Features, click: LabelledPoint): Promise<ReadDecoded[]> {
    const { outputs: known } = this.#graphs.mask_decoder;
    if (!TOKEN_OUTPUTS.every((name) => known.some((output) => output.name === name)))
      return [
        await readDecoded(this.tensors, await this.decode(features, features.imageWithoutMemory, [click])),
      ];
    const tokens = pointTokens([click], this.#constants, this.#manifest.imageSize);
    const { token_masks, token_obj_ptr, token_iou, obj_score } = await this.#runDecoder(
      features,
      features.imageWithoutMemory,
      tokens,
      this.#isAmbiguous(1),
      undefined,
      [...TOKEN_OUTPUTS, 'obj_score'],
    );
    const [masks, ious, score] = await this.#timer.time('decoder', () =>
      this.tensors.take([token_masks, token_iou, obj_score]),
    );
    // One object: its tokens are the rows.
    const [, rows = 0, channels = 0] = token_obj_ptr.dims;
    const pointers = { ...token_obj_ptr, dims: [rows, channels] };
    const { maskSide: side } = this;
    const readings = Array.from({ length: rows - FIRST_READING }, (_, i): ReadDecoded => {
      const token = FIRST_READING + i;
      const logits = masks.data.slice(token * side * side, (token + 1) * side * side);
      return {
        logits: tensor(logits, [1, 1, side, side]),
        full: undefined,
        pointer: this.tensors.row(pointers, token),
        objectScore: score,
        predictedIou: tensor(ious.data.slice(token, token + 1), [1, 1]),
      };
    });
    this.tensors.free(pointers);
    return readings;
  }

  /** Of token 0, whose mask is the one of a prompt that leaves no choice: the paper's code trains and runs it so. */
  async pointerOf(features: Sam2Features, inside: Grid): Promise<DeviceTensor> {
    const { noObjectPointer } = this.#constants;
    if (!inside.data.includes(1)) return tensor(noObjectPointer, [1, noObjectPointer.length]);
    const mask = maskPrompt(inside, this.#constants);
    const tokens = emptyTokens(this.#constants);
    const { pointer, ...rest } = await this.#decode(features, features.image, tokens, false, mask);
    for (const each of [rest.logits, rest.objectScore, rest.predictedIou]) this.tensors.free(each);
    return pointer;
  }

  async remember(
    features: Sam2Features,
    mask: DeviceTensor,
    objectScore: DeviceTensor,
    binarize: boolean,
  ): Promise<DeviceTensor> {
    const { memory } = await this.#timer.time('memory', () =>
      this.#graphs.memory_encoder.runInPlace(
        {
          image_embed: features.image,
          masks: mask,
          binarize: tensor(Float32Array.of(Number(binarize)), [1, 1, 1, 1]),
          obj_score: objectScore,
        },
        ['memory'],
      ),
    );
    return memory;
  }

  async step(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<Stepped[]> {
    const results = await this.#step.run(features, objectsToStep(objects, binarize), false);
    return results.map(({ stepped }) => stepped);
  }

  async stepConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ stepped: Stepped[]; conditioned: DeviceTensor[] }> {
    const results = await this.#step.run(features, objectsToStep(objects, binarize), true);
    return {
      stepped: results.map(({ stepped }) => stepped),
      conditioned: results.flatMap(({ conditioned }) => conditioned ?? []),
    };
  }

  async dispose(): Promise<void> {
    const { step: _, ...others } = this.#graphs;
    await Promise.all([...Object.values(others), this.#step].map((each) => each.dispose()));
  }

  async #decode(
    features: Sam2Features,
    image: DeviceTensor,
    tokens: Tensor,
    multimask: boolean,
    mask?: Grid,
  ): Promise<Decoded> {
    const outputs = await this.#runDecoder(features, image, tokens, multimask, mask, DECODER_OUTPUTS);
    return {
      logits: outputs.masks,
      full: undefined,
      pointer: outputs.obj_ptr,
      objectScore: outputs.obj_score,
      predictedIou: outputs.iou,
    };
  }

  /** Whether several masks are chosen from: for few points, a box's corners counted. */
  #isAmbiguous(points: number): boolean {
    const { least, most } = this.#manifest.rules.multimaskPoints;
    return points >= least && points <= most;
  }

  /** @param multimask whether the best of several masks is taken, or that of token 0 */
  #runDecoder<Output extends string>(
    features: Sam2Features,
    image: DeviceTensor,
    tokens: Tensor,
    multimask: boolean,
    mask: Grid | undefined,
    outputs: readonly Output[],
  ): Promise<Record<Output, DeviceTensor>> {
    const side = this.maskSide;
    return this.#timer.time('decoder', () =>
      this.#graphs.mask_decoder.runInPlace(
        {
          cond_embed: image,
          feat_s0: features.fine,
          feat_s1: features.middle,
          point_embed: tokens,
          mask_input: tensor(mask?.data ?? new Float32Array(side * side), [1, 1, side, side]),
          has_mask: tensor(Float32Array.of(mask ? 1 : 0), [1, 1, 1, 1]),
          multimask: tensor(Float32Array.of(Number(multimask)), [1, 1]),
        },
        outputs,
      ),
    );
  }
}

function objectsToStep(
  objects: readonly SelectedMemories<Sam2Memory>[],
  binarize: readonly boolean[],
): ObjectToStep[] {
  return objects.map((memories, i) => ({ memories, binarize: binarize[i] ?? false }));
}
