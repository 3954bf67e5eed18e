import type { Size } from '../../src/core/geometry.ts';

/** A texture that is drawn anew for each frame, and made anew where a frame needs another size. */
export class FrameTexture {
  readonly #device: GPUDevice;
  readonly #format: GPUTextureFormat;
  readonly #usage: GPUTextureUsageFlags;
  #texture: GPUTexture | undefined;

  /** @param usage beside being read by shaders */
  constructor(device: GPUDevice, format: GPUTextureFormat, usage: GPUTextureUsageFlags) {
    this.#device = device;
    this.#format = format;
    this.#usage = usage | GPUTextureUsage.TEXTURE_BINDING;
  }

  /** The texture as it is, with whatever is in it; one of a single pixel where there was none. */
  get current(): GPUTexture {
    return this.#texture ?? this.sized({ width: 1, height: 1 });
  }

  /** The texture at a size, with whatever is in it. */
  sized({ width, height }: Size, layers = 1): GPUTexture {
    const current = this.#texture;
    if (current?.width === width && current.height === height && current.depthOrArrayLayers === layers)
      return current;
    current?.destroy();
    const size = [width, height, layers];
    return (this.#texture = this.#device.createTexture({ size, format: this.#format, usage: this.#usage }));
  }

  /** Frees it; what asks for it later gets a new one. */
  dispose(): void {
    this.#texture?.destroy();
    this.#texture = undefined;
  }

  get bytes(): number {
    if (this.#texture === undefined) return 0;
    const { width, height, depthOrArrayLayers } = this.#texture;
    return 4 * width * height * depthOrArrayLayers;
  }
}
