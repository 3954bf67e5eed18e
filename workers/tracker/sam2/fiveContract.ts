import {
  tensor,
  type DeviceTensor,
  type GraphRuntime,
  type GraphSession,
  type Tensor,
  type TensorStore,
} from '../../models/graph.ts';
import { FIVE_GRAPHS, type FiveGraph, type FiveManifest } from '../../models/sam2Manifest.ts';
import { float32, int32, loadGraphs, type Signature } from '../../models/signature.ts';
import { boundsAbove, type Grid } from '../grid.ts';
import type { MemoryRules, SelectedMemories } from '../memoryBank.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import { resizePlane } from '../resize.ts';
import type { StageTimer } from '../stageTimer.ts';
import type { Decoded, EncodedFrame, Sam2Contract, Sam2Memory, Stepped } from './contract.ts';
import { inBytes, type Sam2Features } from './features.ts';
import { readFiveConstants, type FiveConstants } from './fiveConstants.ts';
import { fillSlots, MEMORY_SLOTS, POINTER_SLOTS } from './fiveSlots.ts';
import type { LabelledPoint } from './promptTokens.ts';
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
 * The five graphs of the hosted exports: fixed shapes, one object a run, and a memory of fixed slots. No mask goes into their
 * decoder, and no logits of an earlier one.
 */
export class FiveContract implements Sam2Contract {
  readonly tensors: TensorStore;
  readonly normalisation: Normalisation;
  readonly memoryRules: MemoryRules<Sam2Memory>;
  readonly maskSide: number;
  readonly takesMasks = false;
  readonly #manifest: FiveManifest;
  readonly #constants: FiveConstants;
  readonly #graphs: Readonly<Record<FiveGraph, GraphSession>>;
  readonly #timer: StageTimer;
  /** [f², 1, C] and [f², 1, 64]: the same on every frame. */
  #imagePosition: Tensor | undefined;
  #memoryPosition: Float32Array | undefined;

  private constructor(
    tensors: TensorStore,
    manifest: FiveManifest,
    constants: FiveConstants,
    graphs: Readonly<Record<FiveGraph, GraphSession>>,
    timer: StageTimer,
  ) {
    this.tensors = tensors;
    this.#manifest = manifest;
    this.#constants = constants;
    this.#graphs = graphs;
    this.#timer = timer;
    const side = graphs.mask_decoder.outputs.find(({ name }) => name === 'low_res_mask')?.dims[2];
    this.maskSide = typeof side === 'number' && side > 0 ? side : 4 * manifest.grid;
    this.memoryRules = { recentKept: POINTER_SLOTS - 1 };
    this.normalisation = {
      mean: inBytes(constants.imageMean),
      deviation: inBytes(constants.imageDeviation),
    };
  }

  /** @throws MaskletError `model-failed` if a graph cannot be loaded; `weights-altered` if one or the constants do not fit. */
  static async load(
    runtime: GraphRuntime,
    manifest: FiveManifest,
    weights: Sam2Weights,
    timer: StageTimer,
  ): Promise<FiveContract> {
    const constants = readFiveConstants(weights.file('constants'), manifest);
    let channels: number | string = 'C';
    const graphs = await loadGraphs(runtime, manifest, FIVE_GRAPHS, weights.file, (name, { outputs }) => {
      channels = outputs.find((output) => output.name === 'feats2')?.dims[1] ?? channels;
      return signatures(manifest, channels)[name];
    });
    return new FiveContract(runtime.tensors, manifest, constants, graphs, timer);
  }

  async encode(pixels: DeviceTensor): Promise<EncodedFrame> {
    const outputs = await this.#timer.time('encoder', () =>
      this.#graphs.vision_encoder.run(
        { pixel_values: pixels },
        this.#imagePosition ? FEATURES : [...FEATURES, 'vision_pos_embed'],
      ),
    );
    this.#imagePosition ??= tokensFirst(outputs.vision_pos_embed);
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
  ): Promise<Decoded & { readonly full: Grid }> {
    // A frame without prompts has one point that is none.
    const given: readonly { x: number; y: number; label: number }[] =
      points.length > 0 ? points : [{ x: 0, y: 0, label: -1 }];
    const { imageSize: side } = this.#manifest;
    const outputs = await this.#timer.time('decoder', () =>
      this.#graphs.mask_decoder.run(
        {
          feats0: features.fine,
          feats1: features.middle,
          feats2_cond: image,
          input_points: tensor(Float32Array.from(given.flatMap(({ x, y }) => [x, y])), [
            1,
            1,
            given.length,
            2,
          ]),
          input_labels: { data: Int32Array.from(given, ({ label }) => label), dims: [1, 1, given.length] },
        },
        DECODER_OUTPUTS,
      ),
    );
    return {
      logits: outputs.low_res_mask.data,
      full: { width: side, height: side, data: outputs.high_res_mask.data },
      pointer: outputs.object_pointer,
      objectScore: outputs.object_score_logits.data[0] ?? 0,
      predictedIou: outputs.iou.data[0] ?? 0,
    };
  }

  /** That of the mask's box. The graphs keep the pointer of no object to themselves: zeros stand in for it. */
  async pointerOf(features: Sam2Features, inside: Grid): Promise<DeviceTensor> {
    const box = boundsAbove(inside, 0);
    const channels = features.image.dims[1] ?? 0;
    if (!box) return tensor(new Float32Array(channels), [1, channels]);
    const { pointer } = await this.decode(features, features.imageWithoutMemory, [
      { x: box.x0, y: box.y0, label: 2 },
      { x: box.x1, y: box.y1, label: 3 },
    ]);
    return pointer;
  }

  async remember(
    features: Sam2Features,
    mask: Grid,
    objectScore: number,
    binarize: boolean,
  ): Promise<DeviceTensor> {
    const { imageSize: side } = this.#manifest;
    const full = mask.width === side ? mask : resizePlane(mask, { width: side, height: side });
    const outputs = await this.#timer.time('memory', () =>
      this.#graphs.memory_encoder.run(
        {
          feats2: features.image,
          high_res_mask: tensor(full.data, [1, 1, side, side]),
          object_score_logits: tensor(Float32Array.of(objectScore), [1, 1]),
          binarize: tensor(Float32Array.of(Number(binarize)), []),
        },
        this.#memoryPosition ? ['memory_tokens'] : ['memory_tokens', 'memory_pos'],
      ),
    );
    this.#memoryPosition ??= outputs.memory_pos.data;
    return outputs.memory_tokens;
  }

  async step(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<Stepped[]> {
    return (await this.stepConditioned(features, objects, binarize)).stepped;
  }

  async stepConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ stepped: Stepped[]; conditioned: DeviceTensor[] }> {
    const stepped: Stepped[] = [];
    const conditioned: DeviceTensor[] = [];
    for (const [i, selected] of objects.entries()) {
      const image = await this.#condition(features, selected);
      const decoded = await this.decode(features, image, []);
      const tokens = await this.remember(features, decoded.full, decoded.objectScore, binarize[i] ?? false);
      stepped.push({ ...decoded, tokens });
      conditioned.push(image);
    }
    return { stepped, conditioned };
  }

  async dispose(): Promise<void> {
    await Promise.all(Object.values(this.#graphs).map((graph) => graph.dispose()));
  }

  /** [1, C, f, f]: the features as an object's memories condition them. */
  async #condition(features: Sam2Features, selected: SelectedMemories<Sam2Memory>): Promise<Tensor> {
    const { memories, pointers, shares } = fillSlots(selected, this.#manifest.rules);
    const { pointer_pos: pointerPositions } = await this.#timer.time('memory', () =>
      this.#graphs.pointer_tpos.run({ normalized_diffs: tensor(shares, [POINTER_SLOTS]) }, ['pointer_pos']),
    );
    const memorySize = this.#manifest.grid ** 2 * WIDTH;
    const [image] = await this.tensors.read([features.image]);
    const pointerSize = image.dims[1] ?? 0;
    const size = MEMORY_SLOTS * memorySize + POINTER_SLOTS * pointerSize;
    const dims = [size / WIDTH, 1, WIDTH];
    const parts = [
      ...memories.map(({ memory }) => memory.tokens),
      ...pointers.map(({ memory }) => memory.pointer),
    ];
    const memory = this.tensors.join(parts, dims);
    const position = new Float32Array(size);
    memories.forEach(({ row }, slot) => {
      const temporal = this.#constants.temporalPositions[row] ?? [];
      for (let i = 0; i < memorySize; i++)
        position[slot * memorySize + i] = (this.#memoryPosition?.[i] ?? 0) + (temporal[i % WIDTH] ?? 0);
    });
    pointers.forEach((_, slot) => {
      const at = MEMORY_SLOTS * memorySize + slot * pointerSize;
      const row = pointerPositions.data.subarray(slot * WIDTH, (slot + 1) * WIDTH);
      for (let token = 0; token < pointerSize; token += WIDTH) position.set(row, at + token);
    });
    const { conditioned_feats: conditioned } = await this.#timer.time('memory', () =>
      this.#graphs.memory_attention.run(
        {
          current_vision_features: tokensFirst(image),
          current_vision_position_embeddings: this.#imagePosition ?? tokensFirst(image),
          memory,
          memory_pos: tensor(position, dims),
        },
        ['conditioned_feats'],
      ),
    );
    this.tensors.free(memory);
    return conditioned;
  }
}

/** [1, C, f, f] → [f², 1, C] */
function tokensFirst({ data, dims: [, channels = 1] }: Tensor): Tensor {
  const cells = data.length / channels;
  const moved = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++)
    for (let cell = 0; cell < cells; cell++)
      moved[cell * channels + channel] = data[channel * cells + cell] ?? 0;
  return tensor(moved, [cells, 1, channels]);
}

/**
 * docs/model-files.md: Q points; L×L: the decoder's mask grid.
 *
 * @param channels C, where the encoder says it
 */
function signatures(
  { imageSize: s, grid: f }: FiveManifest,
  channels: number | string,
): Record<FiveGraph, Signature> {
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
