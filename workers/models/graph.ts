import type { Gpu } from '../gpu/gpu.ts';
import type { GpuSlice, GpuTraffic } from '../gpu/gpuMemory.ts';

/** A float32 tensor on the CPU, row-major. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** @throws RangeError if the data does not fill the dimensions. */
export function tensor(data: Float32Array, dims: readonly number[]): Tensor {
  const size = elements(dims);
  if (size !== data.length)
    throw new RangeError(`A tensor of [${dims.join(', ')}] has ${size} values, not ${data.length}.`);
  return { data, dims };
}

/** How many numbers a tensor of these dims has. */
export function elements(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
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

/** A float32 tensor on a GPU, row-major. Whoever holds it frees it: `TensorStore.free`. */
export interface GpuTensor {
  readonly slice: GpuSlice;
  readonly dims: readonly number[];
}

/** A float32 tensor where its runtime keeps it: on the GPU, or as plain data on the CPU. */
export type DeviceTensor = Tensor | GpuTensor;

/** A list of tensors on the CPU, one for each of a list of tensors anywhere. */
export type OnCpu<Given extends readonly DeviceTensor[]> = { [Index in keyof Given]: Tensor };

/** What is done with tensors between two graphs, where they are. */
export interface TensorStore {
  /** The tensors on the CPU; those of a GPU come in one read-back. They stay to be freed. */
  read<const Given extends readonly DeviceTensor[]>(tensors: Given): Promise<OnCpu<Given>>;
  /** The same, and the tensors are freed. */
  take<const Given extends readonly DeviceTensor[]>(tensors: Given): Promise<OnCpu<Given>>;
  /** Tensors one after the other in a new one, wherever they are; zeros where there is none, of equal length. */
  join(parts: readonly (DeviceTensor | undefined)[], dims: readonly number[]): DeviceTensor;
  /** Row `index` of a tensor, [1, …] of [rows, …]: to be freed on its own. */
  row(tensor: DeviceTensor, index: number): DeviceTensor;
  /** [cells, 1, channels] of [1, channels, rows, columns], new: features as the tokens of an attention. */
  tokensFirst(features: DeviceTensor): DeviceTensor;
  /** Lets go of a tensor. Data on the CPU needs no freeing. */
  free(tensor: DeviceTensor): void;
}

export type Feeds = Readonly<Record<string, DeviceTensor | IntTensor>>;

/** One loaded ONNX graph. */
export interface GraphSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Whether a recorded run is replayed. */
  readonly isReplayed: boolean;
  /**
   * Runs the graph and gives the outputs named. Runs of all sessions of a runtime take turns.
   * @throws MaskletError `model-failed` with the graph's name and the inputs' dims; `gpu-lost`, `gpu-memory` or `gpu-failed`;
   *   `disposed` after `dispose()`.
   */
  run<Name extends string>(feeds: Feeds, outputs: readonly Name[]): Promise<Record<Name, Tensor>>;
  /** The same, but the outputs stay where they were computed, to be freed. */
  runInPlace<Name extends string>(
    feeds: Feeds,
    outputs: readonly Name[],
  ): Promise<Record<Name, DeviceTensor>>;
  dispose(): Promise<void>;
}

/** Where graphs run: ONNX Runtime in a browser or in Node. */
export interface GraphRuntime {
  /** Absent on the CPU. */
  readonly gpu?: Gpu | undefined;
  readonly tensors: TensorStore;
  readonly stats: RuntimeStats;
  /** Lets go of what is still held. All graphs are disposed before. */
  dispose(): void;
  /**
   * @param name appears in errors
   * @throws MaskletError `model-failed` if the graph cannot be loaded; `gpu-…`
   */
  load(name: string, model: Uint8Array, how?: LoadOptions): Promise<GraphSession>;
}

/** How a graph is to be loaded. */
export interface LoadOptions {
  /**
   * Whether a GPU may record a run and replay it for other inputs, which is handed over many times as quickly: for graphs whose inputs are
   * float32 and have fixed dims. It does so only where that has been found to give the same results.
   */
  readonly replay?: boolean;
  /** Sizes that dims have in all runs, by the names by which the graph leaves them open. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** What a graph has done. On a GPU a run ends when its work is handed over, which is before it is done. */
export interface GraphStats {
  runs: number;
  milliseconds: number;
}

/** Work since the runtime was made, and what it holds. On the CPU nothing goes up or down. */
export interface RuntimeStats extends GpuTraffic {
  /** Graphs loaded and not yet disposed. */
  sessions: number;
  /** By name. */
  graphs: Record<string, GraphStats>;
}

/** Runs of all graphs together. */
export function totalRuns({ graphs }: Pick<RuntimeStats, 'graphs'>): number {
  return Object.values(graphs).reduce((sum, { runs }) => sum + runs, 0);
}
