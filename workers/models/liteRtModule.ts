/**
 * What is used of LiteRT's module for WebAssembly, as its package `@litertjs/core` describes it. That package's own description changes
 * types of JavaScript's, and its own functions ask for a GPU, so neither is used.
 */
export interface LiteRtModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly LiteRtEnvironment: { create(gpu: null): Environment };
  readonly LiteRtTensorBuffer: {
    createManaged(environment: Environment, kind: Constant, type: TensorType, bytes: number): TensorBuffer;
  };
  readonly LiteRtTensorBufferType: { readonly HOST_MEMORY: Constant };
  readonly LiteRtTensorBufferLockMode: { readonly READ: Constant; readonly WRITE: Constant };
  loadModel(environment: Environment, address: number, bytes: number): Model;
  compileModel(environment: Environment, model: Model, options: CompileOptions): Promise<CompiledModel>;
}

/** An object of C++'s, which is freed by hand. */
export interface Owned {
  delete(): void;
}

/** One of the values of an enumeration in C++. */
interface Constant {
  readonly value: number;
}

/** A list in C++. */
export interface List<Item> extends Owned {
  size(): number;
  get(index: number): Item;
}

export type Environment = Owned;

interface CompileOptions {
  readonly accelerator: 'wasm';
  readonly cpuOptions: { readonly numThreads: number };
}

interface Model extends Owned {
  getSignature(index: number): Signature;
  getInputTensorType(signature: number, index: number): TensorType;
  getOutputTensorType(signature: number, index: number): TensorType;
}

interface Signature extends Owned {
  inputNames(): List<string>;
  outputNames(): List<string>;
}

interface CompiledModel extends Owned {
  /** The outputs, to be freed. */
  run(signature: number, inputs: readonly TensorBuffer[]): TensorBuffer[] | Promise<TensorBuffer[]>;
  /** Whether XNNPACK computes all of it. */
  isFullyAccelerated(): boolean;
}

export interface TensorType extends Owned {
  elementType(): Constant;
  layout(): Owned & { dimensions(): List<number> };
  bytes(): number;
}

/** A tensor's memory. */
export interface TensorBuffer extends Owned {
  /** @returns the address in the module's memory, until `unlock` */
  lock(mode: Constant): number;
  unlock(): void;
  packedSize(): number;
}
