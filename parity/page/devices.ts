import { findGpu } from '../../workers/gpu/adapter.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../../workers/models/ortWeb.ts';

let device: Promise<GPUDevice> | undefined;

/**
 * One device for all runtimes of the page: it keeps the shaders that it has compiled, which takes an emulated GPU longer than a run.
 * Where a runtime lets it go, it stays.
 */
async function openOnce(open: () => Promise<GPUDevice>): Promise<GPUDevice> {
  const opened = await open();
  opened.destroy = () => undefined;
  return opened;
}

/** A new runtime on the GPU, whatever there is of one (the app itself would take none that is emulated), or on the CPU. */
export async function startRuntime(kind: 'wasm' | 'webgpu'): Promise<WebRuntime> {
  if (kind === 'wasm') return createCpuRuntime();
  const gpu = await findGpu(true);
  if (!gpu) throw new Error('There is no GPU, not even an emulated one.');
  return createGpuRuntime({ ...gpu, open: () => (device ??= openOnce(gpu.open)) });
}

/** A file that the page's server has. */
export async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
