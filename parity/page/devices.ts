import { findGpu, type GpuAdapter } from '../../workers/gpu/adapter.ts';
import { countGpuWork } from './gpuWork.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../../workers/models/ortWeb.ts';

let device: Promise<GPUDevice> | undefined;

/** Bytes of all buffers of the device, ONNX Runtime's own with them: of those that were made and not destroyed. */
let deviceBytes = 0;

export function bytesOnDevice(): number {
  return deviceBytes;
}

function countBuffers(opened: GPUDevice): void {
  const createBuffer = opened.createBuffer.bind(opened);
  opened.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    deviceBytes += buffer.size;
    const destroy = buffer.destroy.bind(buffer);
    let isThere = true;
    buffer.destroy = () => {
      if (isThere) deviceBytes -= buffer.size;
      isThere = false;
      return destroy();
    };
    return buffer;
  };
}

/**
 * One device for all runtimes of the page: it keeps the shaders that it has compiled, which takes an emulated GPU longer than a run.
 * Where a runtime lets it go, it stays.
 */
async function openOnce(open: () => Promise<GPUDevice>): Promise<GPUDevice> {
  const opened = await open();
  opened.destroy = () => undefined;
  countBuffers(opened);
  countGpuWork(opened);
  return opened;
}

/** A new runtime on the GPU, whatever there is of one (the app itself would take none that is emulated), or on the CPU. */
export async function startRuntime(kind: 'wasm' | 'webgpu'): Promise<WebRuntime> {
  if (kind === 'wasm') return createCpuRuntime();
  return createGpuRuntime(await sharedGpu());
}

/** The page's device, for kernels of the stage. */
export async function openSharedDevice(): Promise<GPUDevice> {
  return (await sharedGpu()).open();
}

async function sharedGpu(): Promise<GpuAdapter> {
  const gpu = await findGpu(true);
  if (!gpu) throw new Error('There is no GPU, not even an emulated one.');
  return { ...gpu, open: () => (device ??= openOnce(gpu.open)) };
}

/** A file that the page's server has. */
export async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
