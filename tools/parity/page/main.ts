/**
 * The tracker inside a browser: `window.parity` holds it to the reference, `window.bench` and
 * `window.pairs` measure it, and `window.prepare` holds the GPU's preparation of frames to the CPU's.
 */
import { compareRun, readParityFixture } from '../../../workers/tracker/sam2/testing/parityFixture.ts';
import type { Difference } from '../../../workers/tracker/sam2/testing/replay.ts';
import { bench } from './bench.ts';
import { read, startRuntime } from './devices.ts';
import { pagePairs } from './pairs.ts';
import { prepare, prepareClips } from './prepare.ts';

/** How far a fixture's run is from the reference on this device. */
async function parity(folder: string, run: string, device: 'wasm' | 'webgpu'): Promise<Difference> {
  const fixture = await readParityFixture(folder, (path) => read(`fixtures/${path}`));
  const { runtime } = await startRuntime(device);
  const found = fixture.reference.runs.find(({ name }) => name === run);
  if (!found) throw new Error(`There is no run “${run}”.`);
  return compareRun(fixture, found, runtime);
}

Object.assign(window, { parity, bench, pairs: pagePairs, prepare, prepareClips });
