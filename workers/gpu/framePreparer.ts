import { displaySize, type RgbaImage } from '../../src/core/frames.ts';
import type { ModelFit, Size } from '../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from './gpuMemory.ts';
import { Kernel } from './kernel.ts';
import shader from './prepareFrame.wgsl?raw';

/** Statistics of the images that an encoder was trained on, for 8-bit values. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Pixels on each side of the squares that the kernel works in. */
const WORKGROUP = 8;
const PARAMETER_BYTES = 64;

/** Makes frames an encoder's input on the GPU: nothing of them passes through JavaScript. */
export class FramePreparer {
  readonly #memory: GpuMemory;
  readonly #kernel: Kernel;
  /** Holds the frame; there is one at a time. */
  #texture: GPUTexture | undefined;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#kernel = new Kernel(memory, 'prepareFrame', shader);
  }

  /** [3, rows, columns] of the encoder's input, channels first, red green blue: the frame in the top left, normalised, the rest zero. */
  prepare(
    frame: ImageBitmap | RgbaImage | VideoFrame,
    { input, content }: ModelFit,
    { mean, deviation }: Normalisation,
  ): GpuSlice {
    const texture = this.#upload(frame);
    const parameters = new ArrayBuffer(PARAMETER_BYTES);
    new Float32Array(parameters).set([...mean, 0, ...deviation.map((each) => 1 / each), 0]);
    const sizes = [displaySize(frame), content, input].flatMap(({ width, height }) => [width, height]);
    new Uint32Array(parameters, 32).set(sizes);
    const prepared = this.#memory.allocate(3 * input.height * input.width * Float32Array.BYTES_PER_ELEMENT);
    const groups = [Math.ceil(input.width / WORKGROUP), Math.ceil(input.height / WORKGROUP)] as const;
    this.#kernel.run(parameters, [texture.createView(), prepared], groups);
    return prepared;
  }

  /**
   * The same of a decoded frame, copied without a bitmap. The frame may be closed afterwards.
   *
   * @throws Error if the GPU does not take it so; what the browser throws
   */
  async prepareDirectly(frame: VideoFrame, fit: ModelFit, normalisation: Normalisation): Promise<GpuSlice> {
    const { device } = this.#memory;
    // What was recorded before is not what may fail here.
    this.#memory.submit();
    for (const filter of ['validation', 'internal'] as const) device.pushErrorScope(filter);
    const preparing = (async () => this.prepare(frame, fit, normalisation))();
    const [prepared, ...errors] = await Promise.all([
      preparing,
      device.popErrorScope(),
      device.popErrorScope(),
    ]);
    const error = errors.find((each) => each !== null);
    if (!error) return prepared;
    prepared.free();
    throw new Error(error.message);
  }

  dispose(): void {
    this.#texture?.destroy();
    this.#texture = undefined;
  }

  #upload(frame: ImageBitmap | RgbaImage | VideoFrame): GPUTexture {
    const { width, height } = displaySize(frame);
    // What prepares the frame before still reads the texture.
    this.#memory.submit();
    const texture = this.#textureOf({ width, height });
    const { queue } = this.#memory.device;
    if ('data' in frame) {
      queue.writeTexture({ texture }, frame.data, { bytesPerRow: 4 * width }, [width, height]);
      this.#memory.countUp(frame.data.byteLength);
    } else {
      queue.copyExternalImageToTexture({ source: frame }, { texture }, [width, height]);
    }
    return texture;
  }

  #textureOf({ width, height }: Size): GPUTexture {
    if (this.#texture?.width === width && this.#texture.height === height) return this.#texture;
    this.#texture?.destroy();
    const { TEXTURE_BINDING, COPY_DST, RENDER_ATTACHMENT } = GPUTextureUsage;
    return (this.#texture = this.#memory.device.createTexture({
      size: [width, height],
      format: 'rgba8unorm',
      usage: TEXTURE_BINDING | COPY_DST | RENDER_ATTACHMENT,
    }));
  }
}
