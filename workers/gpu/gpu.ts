import { DeviceHealth } from './deviceHealth.ts';
import type { DirectFrames } from './directFrames.ts';
import { FramePreparer } from './framePreparer.ts';
import { GpuMemory } from './gpuMemory.ts';
import { MaskKernels } from './maskKernels.ts';
import { Transposer } from './transposer.ts';

/** A GPU device with our buffers and kernels on it. Its owner disposes it once. */
export class Gpu {
  readonly device: GPUDevice;
  readonly health: DeviceHealth;
  readonly memory: GpuMemory;
  readonly frames: FramePreparer;
  readonly direct: DirectFrames;
  readonly transposer: Transposer;
  readonly masks: MaskKernels;

  /** @param direct shared by all devices of a worker */
  constructor(device: GPUDevice, direct: DirectFrames) {
    this.device = device;
    this.direct = direct;
    this.health = new DeviceHealth(device);
    this.memory = new GpuMemory(device, this.health);
    this.frames = new FramePreparer(this.memory);
    this.transposer = new Transposer(this.memory);
    this.masks = new MaskKernels(this.memory);
  }

  dispose(): void {
    this.health.stop();
    this.frames.dispose();
    this.memory.dispose();
    this.device.destroy();
  }
}
