import { GpuSlice, type GpuMemory } from './gpuMemory.ts';

/**
 * What a kernel is given, in the order of its bindings; the first binding is its parameters. A slice that does not start its
 * buffer starts at a multiple of the device's `minStorageBufferOffsetAlignment`.
 */
type Resources = readonly (GPUBindingResource | GpuSlice)[];

/** A compute shader with one entry point `main` and, as its first binding, a uniform with its parameters. */
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

  /** @param groups workgroups across and down */
  run(parameters: ArrayBuffer, resources: Resources, groups: readonly [number, number]): void {
    const { device } = this.#memory;
    const uniform = device.createBuffer({
      size: parameters.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(uniform, 0, parameters);
    this.#memory.countUp(parameters.byteLength);
    const commands = device.createCommandEncoder();
    const pass = commands.beginComputePass();
    pass.setPipeline(this.#pipeline);
    const entries = [{ buffer: uniform }, ...resources.map(bindingOf)].map((resource, binding) => ({
      ...{ binding, resource },
    }));
    pass.setBindGroup(0, device.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(...groups);
    pass.end();
    device.queue.submit([commands.finish()]);
    this.#memory.traffic.dispatches++;
    // What was submitted still has it.
    uniform.destroy();
  }
}

function bindingOf(resource: GPUBindingResource | GpuSlice): GPUBindingResource {
  if (!(resource instanceof GpuSlice)) return resource;
  const { buffer, offset, bytes: size } = resource;
  return { buffer, offset, size };
}
