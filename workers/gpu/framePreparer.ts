import type { RgbaImage, UprightPicture } from '../../src/core/frames.ts';
import type { ModelFit, Size } from '../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from './gpuMemory.ts';
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
  readonly #pipeline: GPUComputePipeline;
  /** Holds the frame; there is one at a time. */
  #texture: GPUTexture | undefined;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    const module = memory.device.createShaderModule({ label: 'prepareFrame', code: shader });
    this.#pipeline = memory.device.createComputePipeline({
      ...{ label: 'prepareFrame', layout: 'auto' },
      compute: { module, entryPoint: 'main' },
    });
  }

  /** [3, side, side], channels first, red green blue: the frame in the top left, normalised, the rest zero. */
  prepare(
    frame: UprightPicture | RgbaImage,
    { side, content }: ModelFit,
    { mean, deviation }: Normalisation,
  ): GpuSlice {
    const { device } = this.#memory;
    const texture = this.#upload(frame);
    const parameters = new ArrayBuffer(PARAMETER_BYTES);
    new Float32Array(parameters).set([...mean, 0, ...deviation.map((each) => 1 / each), 0]);
    new Uint32Array(parameters, 32).set([frame.width, frame.height, content.width, content.height, side]);
    const uniform = device.createBuffer({
      size: PARAMETER_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(uniform, 0, parameters);
    const prepared = this.#memory.allocate(3 * side * side * Float32Array.BYTES_PER_ELEMENT);
    const commands = device.createCommandEncoder();
    const pass = commands.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: this.#pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: uniform } },
          { binding: 1, resource: texture.createView() },
          { binding: 2, resource: { buffer: prepared.buffer } },
        ],
      }),
    );
    const groups = Math.ceil(side / WORKGROUP);
    pass.dispatchWorkgroups(groups, groups);
    pass.end();
    device.queue.submit([commands.finish()]);
    // What was submitted still has it.
    uniform.destroy();
    return prepared;
  }

  dispose(): void {
    this.#texture?.destroy();
    this.#texture = undefined;
  }

  #upload(frame: UprightPicture | RgbaImage): GPUTexture {
    const { width, height } = frame;
    const texture = this.#textureOf({ width, height });
    const { queue } = this.#memory.device;
    if ('image' in frame) {
      queue.copyExternalImageToTexture({ source: frame.image }, { texture }, [width, height]);
    } else {
      queue.writeTexture({ texture }, frame.data, { bytesPerRow: 4 * width }, [width, height]);
      this.#memory.countUp(frame.data.byteLength);
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
