/** The tracker held to the reference inside a browser: `window.parity`, for e2e/parity.spec.ts. */
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../../../workers/models/ortWeb.ts';
import { compareRun, readParityFixture } from '../../../workers/tracker/sam2/testing/parityFixture.ts';
import type { Difference } from '../../../workers/tracker/sam2/testing/replay.ts';

async function read(path: string): Promise<Uint8Array> {
  const response = await fetch(`fixtures/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Whatever GPU there is: the app itself would not take one that is emulated. */
async function softwareGpu(): Promise<WebRuntime> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('There is no GPU, not even an emulated one.');
  return createGpuRuntime({ adapter, name: 'test', half: false });
}

/** How far a fixture's run is from the reference on this device. */
async function parity(folder: string, run: string, device: 'wasm' | 'webgpu'): Promise<Difference> {
  const fixture = await readParityFixture(folder, read);
  const { runtime } = await (device === 'webgpu' ? softwareGpu() : createCpuRuntime());
  const found = fixture.reference.runs.find(({ name }) => name === run);
  if (!found) throw new Error(`There is no run “${run}”.`);
  return compareRun(fixture, found, runtime);
}

Object.assign(window, { parity });
