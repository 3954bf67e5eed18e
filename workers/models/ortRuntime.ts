import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-web';
import { MaskletError } from '../../src/core/errors.ts';
import type { GraphRuntime, GraphSession, IntTensor, RuntimeStats, Tensor, TensorInfo } from './graph.ts';

/** What the browser's and Node's ONNX Runtime have in common. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** Graphs on ONNX Runtime. One run at a time: the GPU provider does not allow more, and the CPU one gains nothing. */
export class OrtRuntime implements GraphRuntime {
  readonly stats: RuntimeStats = { sessions: 0, runs: 0, bytesUp: 0, bytesDown: 0 };
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #onGpu: boolean;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, options: InferenceSession.SessionOptions) {
    this.#ort = ort;
    this.#options = options;
    this.#onGpu = options.executionProviders?.includes('webgpu') ?? false;
  }

  async load(name: string, model: Uint8Array): Promise<GraphSession> {
    const session = await this.#inTurn(() => this.#ort.InferenceSession.create(model, this.#options)).catch(
      (cause) => {
        throw new MaskletError(
          'model-failed',
          `The graph “${name}” could not be loaded: ${describe(cause)}.`,
          { cause },
        );
      },
    );
    this.stats.sessions++;
    let disposed = false;
    return {
      inputs: session.inputMetadata.map(describeTensor),
      outputs: session.outputMetadata.map(describeTensor),
      run: async (feeds, outputs) => {
        if (disposed)
          throw new MaskletError('disposed', `The graph “${name}” was run after it was disposed.`);
        return this.#inTurn(() => this.#run(name, session, feeds, outputs));
      },
      dispose: async () => {
        if (disposed) return;
        disposed = true;
        this.stats.sessions--;
        await this.#inTurn(() => session.release());
      },
    };
  }

  async #run<Name extends string>(
    name: string,
    session: InferenceSession,
    feeds: Readonly<Record<string, Tensor | IntTensor>>,
    outputs: readonly Name[],
  ): Promise<Record<Name, Tensor>> {
    const inputs: Record<string, OrtTensor> = {};
    for (const [key, { data, dims }] of Object.entries(feeds)) inputs[key] = toOrt(this.#ort, data, dims);
    this.stats.runs++;
    if (this.#onGpu) for (const { data } of Object.values(feeds)) this.stats.bytesUp += data.byteLength;
    const results = await session.run(inputs, outputs).catch((cause: unknown) => {
      const dims = Object.entries(feeds).map(([key, value]) => `${key} [${value.dims.join(', ')}]`);
      throw new MaskletError(
        'model-failed',
        `The graph “${name}” failed on ${dims.join(', ')}: ${describe(cause)}.`,
        { cause },
      );
    });
    const read = {} as Record<Name, Tensor>;
    for (const output of outputs) {
      const result = results[output];
      if (!(result?.data instanceof Float32Array)) {
        throw new MaskletError('model-failed', `The graph “${name}” gave no float32 tensor “${output}”.`);
      }
      if (this.#onGpu) this.stats.bytesDown += result.data.byteLength;
      read[output] = { data: result.data, dims: result.dims };
    }
    return read;
  }

  /** Runs `work` after all earlier work, whether that succeeded or not. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function toOrt(
  { Tensor: OrtTensor }: Ort,
  data: Float32Array | Int32Array,
  dims: readonly number[],
): OrtTensor {
  return data instanceof Int32Array
    ? new OrtTensor('int32', data, dims)
    : new OrtTensor('float32', data, dims);
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
