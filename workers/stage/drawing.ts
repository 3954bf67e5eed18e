import type { Size } from '../../src/core/geometry.ts';

/** The least that a shader's array of any of ours can have. */
const LEAST_BYTES = 64;
/** Invocations of a workgroup. */
const GROUP = 64;

/** The commands of one drawing, and the buffers that only it needs. */
export class Drawing {
  readonly #device: GPUDevice;
  readonly #commands: GPUCommandEncoder;
  readonly #buffers: GPUBuffer[] = [];
  #dispatches = 0;
  #bytesUp = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#commands = device.createCommandEncoder();
  }

  get dispatches(): number {
    return this.#dispatches;
  }

  /** Bytes of all that was uploaded. */
  get bytesUp(): number {
    return this.#bytesUp;
  }

  /** Parameters of a shader. */
  uniform(data: ArrayBuffer): GPUBindingResource {
    return this.#upload(data, GPUBufferUsage.UNIFORM);
  }

  /** A shader's array; never empty, as no buffer may be. */
  array(data: ArrayBuffer): GPUBindingResource {
    return this.#upload(data, GPUBufferUsage.STORAGE);
  }

  /** Runs a compute shader on a grid of workgroups. @param resources in the order of its bindings */
  compute(
    pipeline: GPUComputePipeline,
    resources: readonly GPUBindingResource[],
    groups: readonly [number, number, number],
  ): void {
    const pass = this.#commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bind(pipeline, resources));
    pass.dispatchWorkgroups(...groups);
    this.#dispatches++;
    pass.end();
  }

  /** Runs a compute shader of workgroups of 64×1 invocations on a grid of that many invocations. */
  computeFor(
    pipeline: GPUComputePipeline,
    resources: readonly GPUBindingResource[],
    { width, height }: Size,
  ): void {
    this.compute(pipeline, resources, [Math.ceil(width / GROUP), height, 1]);
  }

  /** Fills a buffer with zeros. */
  clear(buffer: GPUBuffer): void {
    this.#commands.clearBuffer(buffer);
  }

  /** Runs a fragment shader on all of a target. @param resources in the order of its bindings */
  fill(target: GPUTexture, pipeline: GPURenderPipeline, resources: readonly GPUBindingResource[]): void {
    const pass = this.#commands.beginRenderPass({
      colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }],
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bind(pipeline, resources));
    // One triangle that is larger than the target.
    pass.draw(3);
    pass.end();
  }

  submit(): void {
    this.#device.queue.submit([this.#commands.finish()]);
    // What was submitted still has them.
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #bind(
    pipeline: GPUComputePipeline | GPURenderPipeline,
    resources: readonly GPUBindingResource[],
  ): GPUBindGroup {
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  }

  #upload(data: ArrayBuffer, usage: GPUBufferUsageFlags): GPUBindingResource {
    const size = Math.max(LEAST_BYTES, data.byteLength);
    const buffer = this.#device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
    this.#device.queue.writeBuffer(buffer, 0, data);
    this.#buffers.push(buffer);
    this.#bytesUp += data.byteLength;
    return { buffer };
  }
}
