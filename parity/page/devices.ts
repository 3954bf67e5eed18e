import { findGpu } from '../../workers/gpu/adapter.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../../workers/models/ortWeb.ts';

/** A new runtime on the GPU, whatever there is of one (the app itself would take none that is emulated), or on the CPU. */
export async function startRuntime(device: 'wasm' | 'webgpu'): Promise<WebRuntime> {
  if (device === 'wasm') return createCpuRuntime();
  const gpu = await findGpu(true);
  if (!gpu) throw new Error('There is no GPU, not even an emulated one.');
  return createGpuRuntime(gpu);
}

/** A file that the page's server has. */
export async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
