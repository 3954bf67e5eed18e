import { FramePreparer } from './framePreparer.ts';
import { GpuMemory } from './gpuMemory.ts';
import { MaskKernels } from './maskKernels.ts';
import { Transposer } from './transposer.ts';

/** A GPU device with our buffers and kernels on it. Its owner disposes it once. */
export class Gpu {
  readonly device: GPUDevice;
  readonly memory: GpuMemory;
  readonly frames: FramePreparer;
  readonly transposer: Transposer;
  readonly masks: MaskKernels;

  constructor(device: GPUDevice) {
    this.device = device;
    this.memory = new GpuMemory(device);
    this.frames = new FramePreparer(this.memory);
    this.transposer = new Transposer(this.memory);
    this.masks = new MaskKernels(this.memory);
  }

  dispose(): void {
    this.frames.dispose();
    this.memory.dispose();
    this.device.destroy();
  }
}
