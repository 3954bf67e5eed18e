import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import { bitWords, encodeBits, type MaskRle } from '../../../src/core/rle.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { MaskGrids } from '../../gpu/maskKernels.ts';
import {
  tensor,
  type DeviceTensor,
  type GraphRuntime,
  type OnCpu,
  type Tensor,
  type TensorStore,
} from '../../models/graph.ts';
import { isOnGpu, onCpu } from '../../models/tensorStore.ts';
import { logitsToMask } from './videoMask.ts';
import { fillHoles } from './holes.ts';
import { separateLogits } from './separate.ts';

/** How mask logits become masks. */
export interface Finish {
  /** Whether small holes are filled. */
  readonly fillHoles: boolean;
  /**
   * Logits of other objects on the frame that keep what they have; the masks then do not overlap each other either. Absent:
   * masks may overlap.
   */
  readonly owned?: readonly DeviceTensor[] | undefined;
}

/** How a model's masks lie in a clip's frames. */
export interface MaskPlace {
  readonly fit: ModelFit;
  readonly video: Size;
}

/** Turns mask logits into masks, where the logits are. Logits are [1, 1, L, L] for each mask. */
export interface MaskMaker {
  /** The logits without what belongs to others. On the CPU those that lost nothing are the very tensors; on a GPU all are new. */
  separate(logits: readonly DeviceTensor[], owned: readonly DeviceTensor[]): DeviceTensor[];
  /**
   * Masks in the clip's pixels, and the values of `scores`: from a GPU in one read-back, with one bit for each pixel. Frees
   * the logits and scores, as soon as the work is handed over.
   */
  finish<const Scores extends readonly DeviceTensor[]>(
    logits: readonly DeviceTensor[],
    scores: Scores,
    place: MaskPlace,
    how: Finish,
  ): Promise<{ masks: MaskRle[]; scores: OnCpu<Scores> }>;
}

/** The mask maker for where a runtime's tensors lie: its GPU, else the CPU. */
export function maskMakerOf({ gpu, tensors }: Pick<GraphRuntime, 'gpu' | 'tensors'>): MaskMaker {
  return gpu ? new GpuMaskMaker(gpu, tensors) : cpuMaskMaker;
}

/** On plain data. */
export const cpuMaskMaker: MaskMaker = {
  separate(logits, owned) {
    const given = logits.map(onCpu);
    const separated = separateLogits(
      given.map(({ data }) => data),
      owned.map((each) => onCpu(each).data),
    );
    return given.map((each, i) => withData(each, separated[i] ?? each.data));
  },
  async finish<const Scores extends readonly DeviceTensor[]>(
    logits: readonly DeviceTensor[],
    scores: Scores,
    { fit, video }: MaskPlace,
    how: Finish,
  ) {
    const given = logits.map(onCpu);
    const whole = how.fillHoles ? given.map((each) => withData(each, fillHoles(each.data))) : given;
    const separated = how.owned ? cpuMaskMaker.separate(whole, how.owned) : whole;
    const masks = separated.map(onCpu).map(({ data, dims }) => {
      const [height = 0, width = 0] = dims.slice(-2);
      return logitsToMask({ width, height, data }, fit, video);
    });
    return { masks, scores: scores.map(onCpu) as OnCpu<Scores> };
  },
};

/** By kernels; logits that are plain data are sent up. */
class GpuMaskMaker implements MaskMaker {
  readonly #gpu: Gpu;
  readonly #tensors: TensorStore;

  constructor(gpu: Gpu, tensors: TensorStore) {
    this.#gpu = gpu;
    this.#tensors = tensors;
  }

  separate(logits: readonly DeviceTensor[], owned: readonly DeviceTensor[]): DeviceTensor[] {
    if (logits.length === 0) return [];
    const grids = this.#separate([...logits, ...owned], logits.length + owned.length, owned.length);
    const [masks, side] = grids.dims;
    const rows = logits.map((_, i) =>
      this.#tensors.row({ slice: grids.slice, dims: [masks, 1, side, side] }, i),
    );
    grids.slice.free();
    return rows;
  }

  async finish<const Scores extends readonly DeviceTensor[]>(
    logits: readonly DeviceTensor[],
    scores: Scores,
    { fit, video }: MaskPlace,
    { fillHoles, owned }: Finish,
  ) {
    const count = logits.length;
    if (count === 0) return { masks: [], scores: [] as unknown as OnCpu<Scores> };
    let grids = this.#join(logits, count);
    const replace = (made: MaskGrids) => {
      grids.slice.free();
      grids = made;
    };
    if (fillHoles) replace(this.#gpu.masks.fillHoles(grids));
    if (owned) replace(this.#separate([grids, ...owned], count + owned.length, owned.length));
    const words = bitWords(video);
    // Bits go the way of numbers, but nobody takes them for such.
    const bits = { slice: this.#gpu.masks.bits(grids, fit, video), dims: [count, words] };
    const read = this.#tensors.read([bits, ...scores]);
    for (const each of [grids, bits, ...logits, ...scores]) this.#tensors.free(each);
    const [packed, ...values] = await read;
    const masks = logits.map((_, i) => {
      const own = packed.data.subarray(i * words, (i + 1) * words);
      return encodeBits(new Uint32Array(own.buffer, own.byteOffset, words), video);
    });
    return { masks, scores: values as unknown as OnCpu<Scores> };
  }

  /** @param owners how many of the masks, the last ones, keep what they have */
  #separate(parts: readonly DeviceTensor[], masks: number, owners: number): MaskGrids {
    const joined = this.#join(parts, masks);
    const separated = this.#gpu.masks.separate(joined, owners);
    joined.slice.free();
    return separated;
  }

  /** The parts' masks in a new buffer. */
  #join(parts: readonly DeviceTensor[], masks: number): MaskGrids {
    const side = parts[0]?.dims.at(-1) ?? 0;
    const dims = [masks, side, side] as const;
    const joined = this.#tensors.join(parts, dims);
    if (!isOnGpu(joined)) throw new TypeError('What is joined on a GPU stays on it.');
    return { slice: joined.slice, dims };
  }
}

function withData(given: Tensor, data: Float32Array): Tensor {
  return data === given.data ? given : tensor(data, given.dims);
}
