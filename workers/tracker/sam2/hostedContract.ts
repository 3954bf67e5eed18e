import {
  tensor,
  type DeviceTensor,
  type GraphRuntime,
  type GraphSession,
  type Tensor,
  type TensorStore,
} from '../../models/graph.ts';
import { HOSTED_GRAPHS, type HostedGraph, type HostedManifest } from '../../models/sam2Manifest.ts';
import { float32, int32, loadGraphs, type Signature } from '../../models/signature.ts';
import { boundsAbove, type Grid } from '../masks/grid.ts';
import type { MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import { readDecoded, type Decoded, type ReadDecoded } from './decoded.ts';
import type { EncodedFrame, Sam2Contract, Sam2Memory, StepBudget, Stepped } from './contract.ts';
import { inBytes, type Sam2Features } from './features.ts';
import { readHostedConstants, type HostedConstants } from './hostedConstants.ts';
import { fillSlots, MEMORY_SLOTS, POINTER_SLOTS } from './hostedSlots.ts';
import { boxCorners, type LabelledPoint } from './promptTokens.ts';
import type { Sam2Weights } from './weights.ts';

/** Width of a token of memory; a pointer is several of them. */
const WIDTH = 64;

const FEATURES = ['feats0', 'feats1', 'feats2', 'feats2_no_mem'] as const;
const DECODER_OUTPUTS = [
  'low_res_mask',
  'high_res_mask',
  'object_pointer',
  'object_score_logits',
  'iou',
] as const;

/**
 * The five graphs of a hosted export: fixed shapes, one object a run, and a memory of fixed slots. No mask goes into their
 * decoder, and no logits of an earlier one.
 */
export class HostedContract implements Sam2Contract {
  readonly tensors: TensorStore;
  readonly normalisation: Normalisation;
  readonly memoryRules: MemoryRules<Sam2Memory>;
  readonly maskSide: number;
  readonly takesMasks = false;
  readonly #manifest: HostedManifest;
  readonly #constants: HostedConstants;
  readonly #graphs: Readonly<Record<HostedGraph, GraphSession>>;
  readonly #timer: StepTimer;
  /** [f², 1, C], and for each row of the temporal positions [f², 1, 64]: the same on every frame. */
  #imagePosition: DeviceTensor | undefined;
  #positions: readonly DeviceTensor[] | undefined;

  private constructor(
    tensors: TensorStore,
    manifest: HostedManifest,
    constants: HostedConstants,
    graphs: Readonly<Record<HostedGraph, GraphSession>>,
    timer: StepTimer,
  ) {
    this.tensors = tensors;
    this.#manifest = manifest;
    this.#constants = constants;
    this.#graphs = graphs;
    this.#timer = timer;
    const side = graphs.mask_decoder.outputs.find(({ name }) => name === 'low_res_mask')?.dims[2];
    this.maskSide = typeof side === 'number' && side > 0 ? side : 4 * manifest.grid;
    this.memoryRules = { recentKept: POINTER_SLOTS - 1, remindsCorrections: true };
    this.normalisation = {
      mean: inBytes(constants.imageMean),
      deviation: inBytes(constants.imageDeviation),
    };
  }

  /** @throws MaskletError `model-failed` if a graph cannot be loaded; `weights-altered` if one or the constants do not fit. */
  static async load(
    runtime: GraphRuntime,
    manifest: HostedManifest,
    weights: Sam2Weights,
    timer: StepTimer,
    { replaysStep }: Pick<StepBudget, 'replaysStep'>,
  ): Promise<HostedContract> {
    const constants = readHostedConstants(weights.file('constants'), manifest);
    let channels: number | string = 'C';
    const graphs = await loadGraphs(
      runtime,
      manifest,
      HOSTED_GRAPHS,
      weights.file,
      (name, { outputs }) => {
        channels = outputs.find((output) => output.name === 'feats2')?.dims[1] ?? channels;
        return signatures(manifest, channels)[name];
      },
      replaysStep ? ['vision_encoder', 'memory_attention', 'pointer_tpos'] : ['vision_encoder'],
    );
    return new HostedContract(runtime.tensors, manifest, constants, graphs, timer);
  }

  async encode(pixels: DeviceTensor): Promise<EncodedFrame> {
    const known = this.#imagePosition !== undefined;
    const outputs = await this.#timer.time('encoder', () =>
      this.#graphs.vision_encoder.runInPlace(
        { pixel_values: pixels },
        known ? FEATURES : [...FEATURES, 'vision_pos_embed'],
      ),
    );
    if (!known) {
      this.#imagePosition = this.tensors.tokensFirst(outputs.vision_pos_embed);
      this.tensors.free(outputs.vision_pos_embed);
    }
    return {
      fine: outputs.feats0,
      middle: outputs.feats1,
      image: outputs.feats2,
      imageWithoutMemory: outputs.feats2_no_mem,
    };
  }

  async decode(
    features: Sam2Features,
    image: DeviceTensor,
    points: readonly LabelledPoint[],
  ): Promise<Decoded & { readonly full: DeviceTensor }> {
    // A frame without prompts has one point that is none.
    const given: readonly { x: number; y: number; label: number }[] =
      points.length > 0 ? points : [{ x: 0, y: 0, label: -1 }];
    const coordinates = Float32Array.from(given.flatMap(({ x, y }) => [x, y]));
    const outputs = await this.#timer.time('decoder', () =>
      this.#graphs.mask_decoder.runInPlace(
        {
          feats0: features.fine,
          feats1: features.middle,
          feats2_cond: image,
          input_points: tensor(coordinates, [1, 1, given.length, 2]),
          input_labels: { data: Int32Array.from(given, ({ label }) => label), dims: [1, 1, given.length] },
        },
        DECODER_OUTPUTS,
      ),
    );
    return {
      logits: outputs.low_res_mask,
      full: outputs.high_res_mask,
      pointer: outputs.object_pointer,
      objectScore: { ...outputs.object_score_logits, dims: [1, 1] },
      predictedIou: outputs.iou,
    };
  }

  async readings(features: Sam2Features, click: LabelledPoint): Promise<ReadDecoded[]> {
    const decoded = await this.decode(features, features.imageWithoutMemory, [click]);
    return [await readDecoded(this.tensors, decoded)];
  }

  /** That of the mask's box. The graphs keep the pointer of no object to themselves: zeros stand in for it. */
  async pointerOf(features: Sam2Features, inside: Grid): Promise<DeviceTensor> {
    const box = boundsAbove(inside, 0);
    const channels = features.image.dims[1] ?? 0;
    if (!box) return tensor(new Float32Array(channels), [1, channels]);
    const { pointer, ...rest } = await this.decode(features, features.imageWithoutMemory, boxCorners(box));
    for (const each of Object.values(rest)) this.tensors.free(each);
    return pointer;
  }

  async remember(
    features: Sam2Features,
    mask: DeviceTensor,
    objectScore: DeviceTensor,
    binarize: boolean,
  ): Promise<DeviceTensor> {
    const { memory_tokens: tokens, memory_pos: position } = await this.#timer.time('memory', () =>
      this.#graphs.memory_encoder.runInPlace(
        {
          feats2: features.image,
          high_res_mask: mask,
          object_score_logits: objectScore,
          binarize: tensor(Float32Array.of(Number(binarize)), []),
        },
        this.#positions ? ['memory_tokens'] : ['memory_tokens', 'memory_pos'],
      ),
    );
    this.#positions ??= this.#memoryPositions((await this.tensors.take([position]))[0]);
    return tokens;
  }

  async step(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<Stepped[]> {
    const { stepped, conditioned } = await this.stepConditioned(features, objects, binarize);
    for (const image of conditioned) this.tensors.free(image);
    return stepped;
  }

  async stepConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ stepped: Stepped[]; conditioned: DeviceTensor[] }> {
    const stepped: Stepped[] = [];
    const conditioned: DeviceTensor[] = [];
    const image = this.tensors.tokensFirst(features.image);
    for (const [i, selected] of objects.entries()) {
      const own = await this.#condition(image, selected);
      const decoded = await this.decode(features, own, []);
      const tokens = await this.remember(features, decoded.full, decoded.objectScore, binarize[i] ?? false);
      this.tensors.free(decoded.full);
      stepped.push({ ...decoded, full: undefined, tokens });
      conditioned.push(own);
    }
    this.tensors.free(image);
    return { stepped, conditioned };
  }

  async dispose(): Promise<void> {
    for (const each of [this.#imagePosition, ...(this.#positions ?? [])]) if (each) this.tensors.free(each);
    await Promise.all(Object.values(this.#graphs).map((graph) => graph.dispose()));
  }

  /** For each row of the temporal positions, the position of a whole memory: [f², 1, 64]. */
  #memoryPositions({ data, dims }: Tensor): DeviceTensor[] {
    return this.#constants.temporalPositions.map((temporal) => {
      const position = data.map((value, i) => value + (temporal[i % WIDTH] ?? 0));
      return this.tensors.join([tensor(position, dims)], dims);
    });
  }

  /** [1, C, f, f]: the features as an object's memories condition them. @param image the features as tokens, [f², 1, C] */
  async #condition(image: DeviceTensor, selected: SelectedMemories<Sam2Memory>): Promise<DeviceTensor> {
    const { memories, pointers, shares } = fillSlots(selected, this.#manifest.rules);
    const { pointer_pos: pointerPositions } = await this.#timer.time('memory', () =>
      this.#graphs.pointer_tpos.runInPlace({ normalized_diffs: tensor(shares, [POINTER_SLOTS]) }, [
        'pointer_pos',
      ]),
    );
    const pointerTokens = (image.dims[2] ?? WIDTH) / WIDTH;
    const dims = [MEMORY_SLOTS * this.#manifest.grid ** 2 + POINTER_SLOTS * pointerTokens, 1, WIDTH];
    const memory = this.tensors.join(
      [...memories.map((each) => each.memory.tokens), ...pointers.map((each) => each.memory.pointer)],
      dims,
    );
    // A pointer is several tokens, which share its position.
    const rows = pointers.map((_, slot) => this.tensors.row(pointerPositions, slot));
    const repeated = rows.flatMap((row) => new Array<DeviceTensor>(pointerTokens).fill(row));
    const position = this.tensors.join(
      [...memories.map(({ row }) => this.#positions?.[row]), ...repeated],
      dims,
    );
    for (const each of [pointerPositions, ...rows]) this.tensors.free(each);
    try {
      const { conditioned_feats: conditioned } = await this.#timer.time('memory', () =>
        this.#graphs.memory_attention.runInPlace(
          {
            current_vision_features: image,
            current_vision_position_embeddings: this.#imagePosition ?? image,
            memory,
            memory_pos: position,
          },
          ['conditioned_feats'],
        ),
      );
      return conditioned;
    } finally {
      for (const each of [memory, position]) this.tensors.free(each);
    }
  }
}

/**
 * docs/model-files.md: Q points; L×L: the decoder's mask grid.
 *
 * @param channels C, where the encoder says it
 */
function signatures(
  { imageSize: s, grid: f }: HostedManifest,
  channels: number | string,
): Record<HostedGraph, Signature> {
  const share = (part: number) => (typeof channels === 'number' ? channels / part : channels);
  const fine = float32(1, share(8), 4 * f, 4 * f);
  const middle = float32(1, share(4), 2 * f, 2 * f);
  const image = float32(1, channels, f, f);
  const [tokens, cells] = [float32(f * f, 1, WIDTH), float32(f * f, 1, channels)];
  const pointerTokens = share(WIDTH);
  const keys = typeof pointerTokens === 'number' ? MEMORY_SLOTS * f * f + POINTER_SLOTS * pointerTokens : 'K';
  const memory = float32(keys, 1, WIDTH);
  const full = float32(1, 1, s, s);
  return {
    vision_encoder: {
      inputs: { pixel_values: float32(1, 3, s, s) },
      outputs: { feats0: fine, feats1: middle, feats2: image, feats2_no_mem: image, vision_pos_embed: image },
    },
    mask_decoder: {
      inputs: {
        ...{ feats0: fine, feats1: middle, feats2_cond: image },
        ...{ input_points: float32(1, 1, 'Q', 2), input_labels: int32(1, 1, 'Q') },
      },
      outputs: {
        ...{ low_res_mask: float32(1, 1, 'L', 'L'), high_res_mask: full, iou: float32(1, 1) },
        ...{ object_score_logits: float32(1, 1, 1), object_pointer: float32(1, 1, channels) },
      },
    },
    memory_encoder: {
      inputs: {
        ...{ feats2: image, high_res_mask: full },
        ...{ object_score_logits: float32(1, 1), binarize: float32() },
      },
      outputs: { memory_tokens: tokens, memory_pos: tokens },
    },
    memory_attention: {
      inputs: {
        ...{ current_vision_features: cells, current_vision_position_embeddings: cells },
        ...{ memory, memory_pos: memory },
      },
      outputs: { conditioned_feats: image },
    },
    pointer_tpos: {
      inputs: { normalized_diffs: float32(POINTER_SLOTS) },
      outputs: { pointer_pos: float32(POINTER_SLOTS, WIDTH) },
    },
  };
}
