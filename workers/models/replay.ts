import { toMaskletError } from '../../src/core/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { gpuFailure } from '../gpu/gpuFailure.ts';
import { GRANULE_BYTES, type GpuSlice } from '../gpu/gpuMemory.ts';
import {
  elements,
  tensor,
  type DeviceTensor,
  type GpuTensor,
  type GraphSession,
  type IntTensor,
  type Tensor,
  type TensorInfo,
} from './graph.ts';
import { noiseOf } from './noise.ts';
import { isOnGpu } from './tensorStore.ts';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** What begins the noise that a graph is tried with, and how far it goes from zero. */
interface Noise {
  readonly seed: number;
  readonly reach: number;
}

/**
 * Inputs that a recorded run is tried with. Of several strengths, so that what a graph decides by a number of its own, such as whether an object
 * is there, may come out in both ways.
 */
const TRIED = [
  { seed: 1, reach: 2 },
  { seed: 2, reach: 8 },
  { seed: 3, reach: 0.5 },
] as const satisfies readonly Noise[];

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

  /**
   * Puts a tensor into its buffer: one on the GPU with the next commands that are handed over. Behind one that is shorter than the buffer stays
   * what was there.
   *
   * @throws RangeError if there is no such input, or it is of whole numbers
   */
  fill(name: string, given: DeviceTensor | IntTensor): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new RangeError(`A recorded graph has no input “${name}”.`);
    if (isOnGpu(given)) {
      const { buffer: source, offset, bytes } = given.slice;
      this.#gpu.memory.commands.copyBufferToBuffer(source, offset, buffer, 0, bytes);
    } else {
      const { data } = given;
      if (data instanceof Int32Array)
        throw new RangeError(`The input “${name}” of a recorded graph is of whole numbers.`);
      this.#gpu.memory.writeTo(buffer, data);
    }
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
 * Why a recorded run of a graph is not used, in half a sentence. Nothing where it gives exactly what the graph gives otherwise: for the input
 * that it is recorded with, for others with other results, and for the first one once more.
 *
 * @throws MaskletError `gpu-failed` if runs that are not recorded fail or give something else after it; `gpu-…`
 */
export async function whyNotReplayed(
  gpu: Pick<Gpu, 'memory' | 'health'>,
  plain: GraphSession,
  recorded: GraphSession,
): Promise<string | undefined> {
  const tries: { noise: Feed; expected: Results }[] = [];
  for (const each of TRIED) {
    const noise = noiseFor(plain.inputs, each);
    tries.push({ noise, expected: await resultsOf(gpu, plain, noise) });
  }
  if (tries.some(({ expected }, i) => areEqual(expected, tries[i - 1]?.expected)))
    return 'it gives the same for different inputs, so that nothing tells whether a recorded run is right';
  const compare = async () => {
    for (const { noise, expected } of [...tries, ...tries.slice(0, 1)])
      if (!areEqual(await resultsOf(gpu, recorded, noise), expected))
        return 'a recorded run gives other numbers';
    return undefined;
  };
  const why = await compare().catch((cause: unknown) => {
    if (gpu.health.failure) throw gpu.health.failure;
    return `a recorded run fails (${toMaskletError(cause).message})`;
  });
  const [first] = tries;
  if (why === undefined || !first) return why;
  // A run that breaks off while it is recorded might leave the runtime recording.
  const isAsBefore = await resultsOf(gpu, plain, first.noise).then(
    (results) => areEqual(results, first.expected),
    () => false,
  );
  if (isAsBefore) return why;
  throw (
    gpu.health.failure ??
    gpuFailure('gpu-failed', 'the model is no longer right once a run of it was recorded')
  );
}

/** Values of all inputs of a graph, by name. */
type Feed = Readonly<Record<string, Tensor>>;

/** Values of all outputs of a graph, in their order. */
type Results = readonly Float32Array[];

function noiseFor(inputs: readonly TensorInfo[], { seed, reach }: Noise): Feed {
  return Object.fromEntries(
    inputs.map((input) => {
      const dims = fixedDims(input.dims);
      const data = noiseOf(elements(dims), seed).map((value) => reach * value);
      return [input.name, tensor(data, dims)];
    }),
  );
}

/** What a graph makes of some inputs, which are on the GPU only meanwhile. */
async function resultsOf(
  { memory }: Pick<Gpu, 'memory'>,
  session: GraphSession,
  given: Feed,
): Promise<Results> {
  const held: GpuSlice[] = [];
  try {
    const feeds: Record<string, GpuTensor> = {};
    for (const [name, { data, dims }] of Object.entries(given)) {
      const slice = memory.join([data], data.byteLength);
      held.push(slice);
      feeds[name] = { slice, dims };
    }
    const names = session.outputs.map(({ name }) => name);
    const outputs = await session.runInPlace(feeds, names);
    const results = names.flatMap((name): GpuSlice[] => {
      const output = outputs[name];
      return output && isOnGpu(output) ? [output.slice] : [];
    });
    held.push(...results);
    return (await memory.read(results)).map((read) => new Float32Array(read));
  } finally {
    for (const slice of held) slice.free();
  }
}

/** Whether all numbers are the same; what overflows to NaN does so in both. */
function areEqual(results: Results, others: Results | undefined): boolean {
  return results.every((values, i) => {
    const same = others?.[i];
    return same?.length === values.length && values.every((value, at) => Object.is(value, same[at]));
  });
}

function fixedDims(dims: TensorInfo['dims']): number[] {
  return dims.map((dim) => {
    if (typeof dim === 'number') return dim;
    throw new RangeError(`A graph whose input has any number of “${dim}” is not recorded.`);
  });
}
