/** A float32 tensor on the CPU, row-major. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** @throws RangeError if the data does not fill the dimensions. */
export function tensor(data: Float32Array, dims: readonly number[]): Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== data.length)
    throw new RangeError(`A tensor of [${dims.join(', ')}] has ${size} values, not ${data.length}.`);
  return { data, dims };
}

/** An int32 tensor on the CPU, row-major: an input only. */
export interface IntTensor {
  readonly data: Int32Array;
  readonly dims: readonly number[];
}

/** What a graph says of one of its inputs or outputs. A dimension given by name is free. */
export interface TensorInfo {
  readonly name: string;
  /** As ONNX Runtime names it. */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** One loaded ONNX graph. */
export interface GraphSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the graph and gives the outputs named. Runs of all sessions of a runtime take turns.
   * @throws MaskletError `model-failed` with the graph's name and the inputs' dims; `disposed` after `dispose()`.
   */
  run<Name extends string>(
    feeds: Readonly<Record<string, Tensor | IntTensor>>,
    outputs: readonly Name[],
  ): Promise<Record<Name, Tensor>>;
  dispose(): Promise<void>;
}

/** Where graphs run: ONNX Runtime in a browser or in Node. */
export interface GraphRuntime {
  /** `name` appears in errors. @throws MaskletError `model-failed` if the graph cannot be loaded. */
  load(name: string, model: Uint8Array): Promise<GraphSession>;
  readonly stats: RuntimeStats;
}

export interface RuntimeStats {
  /** Graphs loaded and not yet disposed. */
  sessions: number;
  /** Runs so far. */
  runs: number;
  /** Bytes of inputs sent to, and outputs read back from, a GPU. */
  bytesUp: number;
  bytesDown: number;
}
