import type { TensorConstructor } from 'onnxruntime-web';
import type { Environment, List, LiteRtModule, Owned, TensorBuffer, TensorType } from './liteRtModule.ts';
import type { OrtSession } from './ortRuntime.ts';

/** What a `.tflite` file has behind its first four bytes. */
const IDENTIFIER = 'TFL3';
const FLOAT32 = 1;

/** Whether a file is a graph for LiteRT. */
export function isTflite(file: Uint8Array): boolean {
  return String.fromCharCode(...file.subarray(4, 4 + IDENTIFIER.length)) === IDENTIFIER;
}

/**
 * Graphs on LiteRT (XNNPACK), as sessions of ONNX Runtime: a `.tflite` file with one signature and float32 inputs and outputs, which
 * are named as in the file. All layers run on XNNPACK.
 */
export class LiteRtGraphs {
  readonly #module: LiteRtModule;
  readonly #environment: Environment;
  readonly #threads: number;
  readonly #Tensor: TensorConstructor;

  constructor(module: LiteRtModule, threads: number, Tensor: TensorConstructor) {
    this.#module = module;
    this.#environment = module.LiteRtEnvironment.create(null);
    this.#threads = threads;
    this.#Tensor = Tensor;
  }

  /** @throws Error if the file cannot be loaded, or XNNPACK does not compute all of it */
  async open(file: Uint8Array): Promise<OrtSession> {
    const module = this.#module;
    const address = module._malloc(file.length);
    module.HEAPU8.set(file, address);
    const held: Owned[] = [{ delete: () => module._free(address) }];
    const hold = <Kind extends Owned>(owned: Kind): Kind => {
      held.unshift(owned);
      return owned;
    };
    const release = () => {
      for (const owned of held.splice(0)) owned.delete();
    };
    try {
      const model = hold(module.loadModel(this.#environment, address, file.length));
      const compiled = hold(
        await module.compileModel(this.#environment, model, {
          accelerator: 'wasm',
          cpuOptions: { numThreads: this.#threads },
        }),
      );
      if (!compiled.isFullyAccelerated()) throw new RangeError('XNNPACK does not compute all of the graph.');
      const signature = hold(model.getSignature(0));
      const inputs = listOf(signature.inputNames()).map((name, index) => {
        const type = hold(model.getInputTensorType(0, index));
        return { name, dims: dimsOf(type), buffer: hold(this.#newBuffer(type)) };
      });
      const outputs = listOf(signature.outputNames()).map((name, index) => {
        const type = hold(model.getOutputTensorType(0, index));
        return { name, dims: dimsOf(type) };
      });
      return {
        inputMetadata: inputs.map(metadata),
        outputMetadata: outputs.map(metadata),
        run: async (feeds) => {
          for (const { name, buffer } of inputs) this.#write(buffer, feeds[name]?.data as Float32Array);
          const results = await compiled.run(
            0,
            inputs.map(({ buffer }) => buffer),
          );
          return Object.fromEntries(
            outputs.map(({ name, dims }, index) => {
              const data = this.#take(results[index]);
              return [name, new this.#Tensor('float32', data, dims)];
            }),
          );
        },
        release: async () => release(),
      };
    } catch (cause) {
      release();
      throw cause;
    }
  }

  #newBuffer(type: TensorType): TensorBuffer {
    const { LiteRtTensorBuffer, LiteRtTensorBufferType } = this.#module;
    const kind = LiteRtTensorBufferType.HOST_MEMORY;
    return LiteRtTensorBuffer.createManaged(this.#environment, kind, type, type.bytes());
  }

  #write(buffer: TensorBuffer, data: Float32Array): void {
    const at = buffer.lock(this.#module.LiteRtTensorBufferLockMode.WRITE);
    this.#module.HEAPU8.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    buffer.unlock();
  }

  /** The values of a result, which is freed. */
  #take(buffer: TensorBuffer | undefined): Float32Array {
    if (!buffer) throw new RangeError('LiteRT gave fewer outputs than its graph has.');
    const at = buffer.lock(this.#module.LiteRtTensorBufferLockMode.READ);
    // A copy, in memory that is not shared.
    const { buffer: data } = Uint8Array.from(this.#module.HEAPU8.subarray(at, at + buffer.packedSize()));
    buffer.unlock();
    buffer.delete();
    return new Float32Array(data);
  }
}

/** @throws RangeError if the values are not float32 */
function dimsOf(type: TensorType): readonly number[] {
  if (type.elementType().value !== FLOAT32)
    throw new RangeError('A graph for LiteRT has float32 inputs and outputs.');
  const layout = type.layout();
  const dims = listOf(layout.dimensions());
  layout.delete();
  return dims;
}

const metadata = ({ name, dims }: { readonly name: string; readonly dims: readonly number[] }) => ({
  ...{ name, dims, isTensor: true as const },
  type: 'float32' as const,
  shape: dims,
});

/** The items of a list of C++'s, which is freed. */
function listOf<Item>(list: List<Item>): Item[] {
  const items = Array.from({ length: list.size() }, (_, index) => list.get(index));
  list.delete();
  return items;
}
