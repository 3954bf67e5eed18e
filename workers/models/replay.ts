import { MaskletError } from '../../src/core/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { GRANULE_BYTES, type GpuSlice } from '../gpu/gpuMemory.ts';
import {
  elements,
  type DeviceTensor,
  type GpuTensor,
  type GraphSession,
  type IntTensor,
  type TensorInfo,
} from './graph.ts';
import { noiseOf } from './noise.ts';
import { isOnGpu } from './tensorStore.ts';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** Two inputs that a recorded run is tried with, as numbers that noise begins with. */
const TRIED = [1, 2];

/**
 * The buffers that a recorded run reads: ONNX Runtime records the commands of a run with the buffers that they use, so what is fed is
 * copied into the same ones each time.
 */
export class ReplayInputs {
  readonly #gpu: Gpu;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;

  /** @throws RangeError if an input's dims are not all known */
  constructor(gpu: Gpu, inputs: readonly TensorInfo[]) {
    this.#gpu = gpu;
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const usage = STORAGE | COPY_SRC | COPY_DST;
    this.#buffers = new Map(
      inputs.map(({ name, dims }) => [
        name,
        gpu.device.createBuffer({ size: paddedBytes(fixedDims(dims)), usage }),
      ]),
    );
  }

  /** Copies a tensor into its buffer, with the next commands that are handed over. @throws RangeError if there is no such input */
  fill(name: string, given: DeviceTensor | IntTensor): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new RangeError(`A recorded graph has no input “${name}”.`);
    if (!isOnGpu(given)) throw new RangeError(`The input “${name}” of a recorded graph is not on the GPU.`);
    const { buffer: source, offset, bytes } = given.slice;
    this.#gpu.memory.commands.copyBufferToBuffer(source, offset, buffer, 0, bytes);
    return buffer;
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }
}

function paddedBytes(dims: readonly number[]): number {
  return GRANULE_BYTES * Math.ceil((FLOAT * elements(dims)) / GRANULE_BYTES);
}

/** Whether all dims of a graph's inputs are known, so that a run of it may be recorded. */
export function canBeRecorded({ inputs }: Pick<GraphSession, 'inputs'>): boolean {
  return inputs.every(
    ({ type, dims }) => type === 'float32' && dims.length > 0 && dims.every((dim) => Number(dim) > 0),
  );
}

/**
 * Whether a graph whose run is recorded gives exactly what it gives otherwise: for the input that it is recorded with, and for another one
 * with other results.
 *
 * @throws MaskletError `model-failed` if runs that are not recorded give something else after it; `gpu-…`
 */
export async function isReplayedRight(
  gpu: Pick<Gpu, 'memory' | 'health'>,
  plain: GraphSession,
  recorded: GraphSession,
): Promise<boolean> {
  const tries = TRIED.map((seed) =>
    Object.fromEntries(plain.inputs.map(({ name, dims }) => [name, noiseOn(gpu, fixedDims(dims), seed)])),
  );
  const resultsOfAll = async (session: GraphSession) => {
    const results: Results[] = [];
    for (const feeds of tries) results.push(await resultsOf(gpu, session, feeds));
    return results;
  };
  try {
    const expected = await resultsOfAll(plain);
    const found = await resultsOfAll(recorded).catch((cause: unknown) => {
      if (gpu.health.failure) throw gpu.health.failure;
      console.warn('A recorded run failed.', cause);
      return [];
    });
    const [first = []] = expected;
    if (found.length > 0 && found.every((results, i) => areEqual(results, expected[i])))
      return !areEqual(first, expected[1]);
    // A run that breaks off while it is recorded might leave the runtime recording.
    const [feeds = {}] = tries;
    if (areEqual(await resultsOf(gpu, plain, feeds), first)) return false;
    throw new MaskletError('model-failed', 'The model gives other results after a run of it was recorded.');
  } finally {
    for (const feeds of tries) for (const { slice } of Object.values(feeds)) slice.free();
  }
}

/** Values of all outputs of a graph, in their order. */
type Results = readonly Float32Array[];

async function resultsOf(
  { memory }: Pick<Gpu, 'memory'>,
  session: GraphSession,
  feeds: Readonly<Record<string, GpuTensor>>,
): Promise<Results> {
  const names = session.outputs.map(({ name }) => name);
  const outputs = await session.runInPlace(feeds, names);
  const slices = names.flatMap((name): GpuSlice[] => {
    const output = outputs[name];
    return output && isOnGpu(output) ? [output.slice] : [];
  });
  try {
    return (await memory.read(slices)).map((read) => new Float32Array(read));
  } finally {
    for (const slice of slices) slice.free();
  }
}

/** A tensor of noise from −2 to 2. */
function noiseOn({ memory }: Pick<Gpu, 'memory'>, dims: readonly number[], seed: number): GpuTensor {
  const values = noiseOf(elements(dims), seed).map((value) => 2 * value);
  return { slice: memory.join([values], values.byteLength), dims };
}

function areEqual(results: Results, others: Results | undefined): boolean {
  return results.every((values, i) => {
    const same = others?.[i];
    return same?.length === values.length && values.every((value, at) => value === same[at]);
  });
}

function fixedDims(dims: TensorInfo['dims']): number[] {
  return dims.map((dim) => {
    if (typeof dim === 'number') return dim;
    throw new RangeError(`A graph whose input has any number of “${dim}” is not recorded.`);
  });
}
