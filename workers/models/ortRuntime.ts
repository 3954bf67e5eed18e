import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-web';
import { MaskletError } from '../../src/core/errors.ts';
import { oneAtATime } from '../../src/core/oneAtATime.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { gpuFailure, gpuFailureIn } from '../gpu/gpuFailure.ts';
import { noTraffic } from '../gpu/gpuMemory.ts';
import type {
  DeviceTensor,
  Feeds,
  GraphRuntime,
  GraphSession,
  IntTensor,
  LoadOptions,
  RuntimeStats,
  Tensor,
  TensorInfo,
  TensorStore,
} from './graph.ts';
import { recordable } from './recordable.ts';
import { canBeRecorded, ReplayInputs, whyNotReplayed } from './replay.ts';
import { cpuTensors, GpuTensors, isOnGpu } from './tensorStore.ts';

/** What is used of a session of ONNX Runtime's. */
export interface OrtSession extends Pick<InferenceSession, 'inputMetadata' | 'outputMetadata' | 'release'> {
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor>>>;
}

/** What the browser's and Node's ONNX Runtime have in common. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** Graphs on ONNX Runtime. One run at a time: the GPU provider does not allow more, and the CPU one gains nothing. */
export class OrtRuntime implements GraphRuntime {
  readonly stats: RuntimeStats;
  readonly gpu: Gpu | undefined;
  readonly tensors: TensorStore;
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #inTurn = oneAtATime();

  /** @param gpu that the options' provider runs on, where it is one: outputs then stay in its memory until they are read */
  constructor(ort: Ort, options: InferenceSession.SessionOptions, gpu?: Gpu) {
    this.#ort = ort;
    this.#options = gpu ? { ...options, preferredOutputLocation: 'gpu-buffer' } : options;
    this.gpu = gpu;
    // The very object that the GPU's memory counts in.
    this.stats = Object.assign(gpu?.memory.traffic ?? noTraffic(), { sessions: 0, graphs: {} });
    this.tensors = gpu ? new GpuTensors(gpu) : cpuTensors;
  }

  async load(
    name: string,
    model: Uint8Array,
    { replay = false, sizes = {} }: LoadOptions = {},
  ): Promise<GraphSession> {
    const options = { ...this.#options, freeDimensionOverrides: sizes };
    const plain = await this.#open(name, model, options);
    if (!this.gpu || !replay || !canBeRecorded(plain)) return plain;
    const recorded = await this.#record(this.gpu, name, model, options, plain).catch(async (error) => {
      await plain.dispose();
      throw error;
    });
    if (recorded) await plain.dispose();
    return recorded ?? plain;
  }

  /** The graph with a recorded run, if that gives what the plain graph gives. Otherwise the console says why not. */
  async #record(
    gpu: Gpu,
    name: string,
    model: Uint8Array,
    options: InferenceSession.SessionOptions,
    plain: GraphSession,
  ): Promise<GraphSession | undefined> {
    const warn = (why: string) => console.warn(`The graph “${name}” is not replayed: ${why}.`);
    const inputs = new ReplayInputs(gpu, plain.inputs);
    const recording = { ...options, enableGraphCapture: true };
    const recorded = await this.#open(name, recordable(model), recording, inputs).catch((cause: unknown) => {
      inputs.dispose();
      if (gpu.health.failure) throw gpu.health.failure;
      warn(`it cannot be recorded, as where an operator runs on the CPU (${describe(cause)})`);
    });
    if (!recorded) return undefined;
    const why = await whyNotReplayed(gpu, plain, recorded).catch(async (error) => {
      await recorded.dispose();
      throw error;
    });
    if (why === undefined) return recorded;
    warn(why);
    await recorded.dispose();
    return undefined;
  }

  async #open(
    name: string,
    model: Uint8Array,
    options: InferenceSession.SessionOptions,
    replay?: ReplayInputs,
  ): Promise<GraphSession> {
    const session = await this.#inTurn(() => this.#ort.InferenceSession.create(model, options)).catch(
      (cause) => {
        throw this.#failed(`The graph “${name}” could not be loaded`, cause);
      },
    );
    this.stats.sessions++;
    let disposed = false;
    const runInPlace = async <Name extends string>(feeds: Feeds, outputs: readonly Name[]) => {
      if (disposed) throw new MaskletError('disposed', `The graph “${name}” was run after it was disposed.`);
      return this.#inTurn(() => this.#run(name, session, feeds, outputs, replay));
    };
    return {
      inputs: session.inputMetadata.map(describeTensor),
      outputs: session.outputMetadata.map(describeTensor),
      isReplayed: replay !== undefined,
      runInPlace,
      run: async (feeds, outputs) => this.#takeAll(await runInPlace(feeds, outputs), outputs),
      dispose: async () => {
        if (disposed) return;
        disposed = true;
        this.stats.sessions--;
        await this.#inTurn(() => {
          // Its tensors that recorded commands use are let go once these are handed over, and not after it.
          this.gpu?.memory.submit();
          return session.release();
        });
        replay?.dispose();
      },
    };
  }

  /** Lets go of all tensors, and of the GPU. To be called once all graphs are disposed, or the device is lost. */
  dispose(): void {
    this.gpu?.dispose();
  }

  async #run<Name extends string>(
    name: string,
    session: OrtSession,
    feeds: Feeds,
    outputs: readonly Name[],
    replay: ReplayInputs | undefined,
  ): Promise<Record<Name, DeviceTensor>> {
    // Nothing more is given to a GPU that has failed.
    if (this.gpu?.health.failure) throw this.gpu.health.failure;
    const copies: DeviceTensor[] = [];
    const inputs: Record<string, OrtTensor> = {};
    for (const [key, given] of Object.entries(feeds)) inputs[key] = this.#toOrt(key, given, copies, replay);
    this.gpu?.memory.submit();
    const start = performance.now();
    try {
      // A recorded run has the outputs that it was recorded with.
      const all = replay ? session.outputMetadata.map((output) => output.name) : outputs;
      const results = await session.run(inputs, all);
      const named = {} as Record<Name, DeviceTensor>;
      for (const output of outputs)
        named[output] = this.#fromOrt(name, output, results[output], replay !== undefined);
      return named;
    } catch (cause) {
      if (cause instanceof MaskletError) throw cause;
      const dims = Object.entries(feeds).map(([key, value]) => `${key} [${value.dims.join(', ')}]`);
      throw this.#failed(`The graph “${name}” failed on ${dims.join(', ')}`, cause);
    } finally {
      for (const copy of copies) this.tensors.free(copy);
      const stats = (this.stats.graphs[name] ??= { runs: 0, milliseconds: 0 });
      stats.runs++;
      stats.milliseconds += performance.now() - start;
    }
  }

  /** What ONNX Runtime throws is the GPU's failure where that has failed, or where the text says so. */
  #failed(what: string, cause: unknown): MaskletError {
    const code = this.gpu && gpuFailureIn(describe(cause));
    return (
      this.gpu?.health.failure ??
      (code
        ? gpuFailure(code, `${what}: ${describe(cause)}`, cause)
        : new MaskletError('model-failed', `${what}: ${describe(cause)}.`, { cause }))
    );
  }

  /** @param copies takes what was copied for this run */
  #toOrt(
    name: string,
    given: DeviceTensor | IntTensor,
    copies: DeviceTensor[],
    replay: ReplayInputs | undefined,
  ): OrtTensor {
    const { Tensor: OrtTensor } = this.#ort;
    if (replay) {
      const buffer = replay.fill(name, given);
      return OrtTensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: given.dims });
    }
    if (isOnGpu(given)) {
      // A buffer is fed from its start.
      const whole = given.slice.offset === 0 ? given : this.tensors.join([given], given.dims);
      if (whole !== given) copies.push(whole);
      if (!isOnGpu(whole)) throw new TypeError('A copy on a GPU stays on it.');
      return OrtTensor.fromGpuBuffer(whole.slice.buffer, { dataType: 'float32', dims: given.dims });
    }
    const { data, dims } = given;
    this.gpu?.memory.countUp(data.byteLength);
    return data instanceof Int32Array
      ? new OrtTensor('int32', data, dims)
      : new OrtTensor('float32', data, dims);
  }

  /** @param isKept whether the next run writes to the same buffer, so that it is copied */
  #fromOrt(graph: string, output: string, result: OrtTensor | undefined, isKept: boolean): DeviceTensor {
    if (result?.type !== 'float32')
      throw new MaskletError('model-failed', `The graph “${graph}” gave no float32 tensor “${output}”.`);
    const { dims } = result;
    if (!this.gpu || result.location !== 'gpu-buffer') return { data: result.data as Float32Array, dims };
    const bytes = result.size * Float32Array.BYTES_PER_ELEMENT;
    if (isKept) return { slice: this.gpu.memory.copyOf(result.gpuBuffer, bytes), dims };
    return { slice: this.gpu.memory.adopt(result.gpuBuffer, bytes, () => result.dispose()), dims };
  }

  async #takeAll<Name extends string>(
    results: Record<Name, DeviceTensor>,
    outputs: readonly Name[],
  ): Promise<Record<Name, Tensor>> {
    const taken = await this.tensors.take(outputs.map((output) => results[output]));
    return Object.fromEntries(outputs.map((output, i) => [output, taken[i]])) as Record<Name, Tensor>;
  }
}

function describeTensor(value: InferenceSession.ValueMetadata): TensorInfo {
  return {
    name: value.name,
    type: value.isTensor ? value.type : 'other',
    dims: value.isTensor ? value.shape : [],
  };
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
