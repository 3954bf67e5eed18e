/** The tracker held to the reference inside a browser: `window.parity`, for e2e/parity.spec.ts. */
import { createCpuRuntime, createGpuRuntime } from '../../../workers/models/ortWeb.ts';
import { compareRun, readParityFixture } from '../../../workers/tracker/sam2/testing/parityFixture.ts';
import type { Difference } from '../../../workers/tracker/sam2/testing/replay.ts';

async function read(path: string): Promise<Uint8Array> {
  const response = await fetch(`fixtures/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** How far a fixture's run is from the reference on this device. */
async function parity(folder: string, run: string, device: 'wasm' | 'webgpu'): Promise<Difference> {
  const fixture = await readParityFixture(folder, read);
  const { runtime } = await (device === 'webgpu' ? createGpuRuntime('test') : createCpuRuntime());
  const found = fixture.reference.runs.find(({ name }) => name === run);
  if (!found) throw new Error(`There is no run “${run}”.`);
  return compareRun(fixture, found, runtime);
}

Object.assign(window, { parity });
