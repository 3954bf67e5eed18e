import type { Gpu } from '../gpu/gpu.ts';
import { GpuSlice } from '../gpu/gpuMemory.ts';
import {
  elements,
  tensor,
  type DeviceTensor,
  type GpuTensor,
  type OnCpu,
  type Tensor,
  type TensorStore,
} from './graph.ts';

/** Whether a tensor lies in a GPU's memory. */
export function isOnGpu(given: object): given is GpuTensor {
  return 'slice' in given && given.slice instanceof GpuSlice;
}

/** Bytes that a tensor holds, wherever it is. */
export function byteLength(given: DeviceTensor): number {
  return isOnGpu(given) ? given.slice.bytes : given.data.byteLength;
}

/** Tensors that are plain data. */
export const cpuTensors: TensorStore = {
  read: async (tensors) => eachOnCpu(tensors),
  take: async (tensors) => eachOnCpu(tensors),
  join(parts, dims) {
    const data = new Float32Array(elements(dims));
    const left = data.length - parts.reduce((sum, part) => sum + (part ? onCpu(part).data.length : 0), 0);
    const gap = left / parts.filter((part) => part === undefined).length;
    let at = 0;
    for (const part of parts) {
      if (part) data.set(onCpu(part).data, at);
      at += part ? onCpu(part).data.length : gap;
    }
    return tensor(data, dims);
  },
  // A copy, so that the other rows can be freed.
  row(given, index) {
    const { data, dims } = onCpu(given);
    const [rows = 1, ...rest] = dims;
    const size = data.length / rows;
    return tensor(data.slice(index * size, (index + 1) * size), [1, ...rest]);
  },
  tokensFirst(given) {
    const { data } = onCpu(given);
    const [channels, cells] = matrixOf(given);
    const moved = new Float32Array(data.length);
    for (let channel = 0; channel < channels; channel++)
      for (let cell = 0; cell < cells; cell++)
        moved[cell * channels + channel] = data[channel * cells + cell] ?? 0;
    return tensor(moved, [cells, 1, channels]);
  },
  free: () => undefined,
};

/** Tensors in a GPU's memory; what is given as data is sent there when it is joined. */
export class GpuTensors implements TensorStore {
  readonly #gpu: Gpu;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  async read<const Given extends readonly DeviceTensor[]>(tensors: Given): Promise<OnCpu<Given>> {
    const read = await this.#gpu.memory.read(tensors.filter(isOnGpu).map(({ slice }) => slice));
    let next = 0;
    return tensors.map((each) =>
      isOnGpu(each) ? tensor(new Float32Array(read[next++] ?? new ArrayBuffer(0)), each.dims) : each,
    ) as OnCpu<Given>;
  }

  async take<const Given extends readonly DeviceTensor[]>(tensors: Given): Promise<OnCpu<Given>> {
    try {
      return await this.read(tensors);
    } finally {
      for (const each of tensors) this.free(each);
    }
  }

  join(parts: readonly (DeviceTensor | undefined)[], dims: readonly number[]): GpuTensor {
    const bytes = elements(dims) * Float32Array.BYTES_PER_ELEMENT;
    const slices = parts.map((part) => part && (isOnGpu(part) ? part.slice : part.data));
    return { slice: this.#gpu.memory.join(slices, bytes), dims };
  }

  row(given: DeviceTensor, index: number): DeviceTensor {
    if (!isOnGpu(given)) return cpuTensors.row(given, index);
    const [rows = 1, ...rest] = given.dims;
    const bytes = given.slice.bytes / rows;
    return { slice: given.slice.part(index * bytes, bytes), dims: [1, ...rest] };
  }

  tokensFirst(given: DeviceTensor): DeviceTensor {
    if (!isOnGpu(given)) return cpuTensors.tokensFirst(given);
    const [channels, cells] = matrixOf(given);
    const slice = this.#gpu.transposer.transpose(given.slice, channels, cells);
    return { slice, dims: [cells, 1, channels] };
  }

  free(given: DeviceTensor): void {
    if (isOnGpu(given)) given.slice.free();
  }
}

/** A tensor that can only be plain data. @throws TypeError if it is on a GPU */
export function onCpu(given: DeviceTensor): Tensor {
  if (!isOnGpu(given)) return given;
  throw new TypeError('A tensor on a GPU was given to a runtime on the CPU.');
}

/** Where a tensor of a runtime on a GPU lies. @throws TypeError if it is plain data */
export function onGpu(given: DeviceTensor): GpuSlice {
  if (isOnGpu(given)) return given.slice;
  throw new TypeError('A tensor that is plain data was given to a kernel.');
}

function eachOnCpu<const Given extends readonly DeviceTensor[]>(tensors: Given): OnCpu<Given> {
  return tensors.map(onCpu) as OnCpu<Given>;
}

/** Channels and cells of [1, channels, rows, columns]. */
function matrixOf({ dims: [, channels = 1, ...cells] }: DeviceTensor): [channels: number, cells: number] {
  return [channels, elements(cells)];
}
