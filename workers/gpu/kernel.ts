import { GpuSlice, type GpuMemory } from './gpuMemory.ts';

/**
 * What a kernel is given, in the order of its bindings; the first binding is its parameters. A slice that does not start its
 * buffer starts at a multiple of the device's `minStorageBufferOffsetAlignment`.
 */
type Resources = readonly (GPUBindingResource | GpuSlice)[];

/** A compute shader with one entry point `main` and, as its first binding, its parameters: a uniform, or storage that is read. */
export class Kernel {
  readonly #memory: GpuMemory;
  readonly #pipeline: GPUComputePipeline;

  /**
   * @param code WGSL
   * @param constants the values of its overrides, by name
   */
  constructor(memory: GpuMemory, label: string, code: string, constants: Record<string, number> = {}) {
    this.#memory = memory;
    const module = memory.device.createShaderModule({ label, code });
    this.#pipeline = memory.device.createComputePipeline({
      ...{ label, layout: 'auto' },
      compute: { module, entryPoint: 'main', constants },
    });
  }

  /**
   * Records a dispatch: it is handed over with the memory's next `submit()`.
   *
   * @param groups workgroups across, down and, of what is done for several objects, deep
   */
  run(
    parameters: ArrayBuffer,
    resources: Resources,
    groups: readonly [across: number, down: number, deep?: number],
  ): void {
    const { device } = this.#memory;
    const given = device.createBuffer({
      size: parameters.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(given, 0, parameters);
    this.#memory.countUp(parameters.byteLength);
    const pass = this.#memory.commands.beginComputePass();
    pass.setPipeline(this.#pipeline);
    const entries = [{ buffer: given }, ...resources.map(bindingOf)].map((resource, binding) => ({
      ...{ binding, resource },
    }));
    pass.setBindGroup(0, device.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(...groups);
    pass.end();
    this.#memory.traffic.dispatches++;
    this.#memory.afterSubmit(() => given.destroy());
  }
}

function bindingOf(resource: GPUBindingResource | GpuSlice): GPUBindingResource {
  if (!(resource instanceof GpuSlice)) return resource;
  const { buffer, offset, bytes: size } = resource;
  return { buffer, offset, size };
}
