import type { GpuMemory } from '../gpu/gpuMemory.ts';
import { tensor, type DeviceTensor, type GpuTensor, type Tensor, type TensorStore } from './graph.ts';

export function isOnGpu(given: { readonly dims: readonly number[] }): given is GpuTensor {
  return 'slice' in given;
}

/** Bytes that a tensor holds, wherever it is. */
export function byteLength(given: DeviceTensor): number {
  return isOnGpu(given) ? given.slice.bytes : given.data.byteLength;
}

/** Tensors that are plain data. */
export const cpuTensors: TensorStore = {
  read: async (tensors) => tensors.map(onCpu),
  join(parts, dims) {
    const data = new Float32Array(elements(dims));
    const size = data.length / parts.length;
    parts.forEach((part, i) => part && data.set(onCpu(part).data, i * size));
    return tensor(data, dims);
  },
  // A copy, so that the other rows can be freed.
  row(given, index) {
    const { data, dims } = onCpu(given);
    const [rows = 1, ...rest] = dims;
    const size = data.length / rows;
    return tensor(data.slice(index * size, (index + 1) * size), [1, ...rest]);
  },
  free: () => undefined,
};

/** Tensors in a GPU's memory; what is given as data is sent there when it is joined. */
export class GpuTensors implements TensorStore {
  readonly #memory: GpuMemory;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
  }

  async read(tensors: readonly DeviceTensor[]): Promise<Tensor[]> {
    const read = await this.#memory.read(tensors.filter(isOnGpu).map(({ slice }) => slice));
    let next = 0;
    return tensors.map((each) =>
      isOnGpu(each) ? tensor(new Float32Array(read[next++] ?? new ArrayBuffer(0)), each.dims) : each,
    );
  }

  join(parts: readonly (DeviceTensor | undefined)[], dims: readonly number[]): GpuTensor {
    const bytes = (elements(dims) / parts.length) * Float32Array.BYTES_PER_ELEMENT;
    const slices = parts.map((part) => part && (isOnGpu(part) ? part.slice : part.data));
    return { slice: this.#memory.join(slices, bytes), dims };
  }

  row(given: DeviceTensor, index: number): DeviceTensor {
    if (!isOnGpu(given)) return cpuTensors.row(given, index);
    const [rows = 1, ...rest] = given.dims;
    const bytes = given.slice.bytes / rows;
    return { slice: given.slice.part(index * bytes, bytes), dims: [1, ...rest] };
  }

  free(given: DeviceTensor): void {
    if (isOnGpu(given)) given.slice.free();
  }
}

function onCpu(given: DeviceTensor): Tensor {
  if (!isOnGpu(given)) return given;
  throw new TypeError('A tensor on a GPU was given to a runtime on the CPU.');
}

function elements(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
