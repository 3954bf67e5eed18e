/**
 * The tracker inside a browser: `window.parity` holds it to the reference, `window.bench`, `window.pairs`, `window.attentionPair` and `window.liteRtOnGpu` measure it,
 * `window.followMasked` follows an object through pictures,
 * `window.loseGpu` lets the GPU fail in mid-run, and the others hold what the GPU does to what the CPU does: `prepare` frames, `directFrames` without a bitmap,
 * `makeMasks` of logits, `softEdges`, `playOnGpu` a run; of the embedded model `compareEmbedded` compares each kernel, `compareReal` a run with
 * its weights, and `workOfObjects` counts what the GPU is given to do for objects; `replayGraph` has ONNX Runtime replay a run that it recorded.
 */
import * as Comlink from 'comlink';
import { findGpu } from '../../workers/gpu/adapter.ts';
import type { RuntimeStats } from '../../workers/models/graph.ts';
import { compareRun, readParityFixture } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import type { Difference } from '../../workers/tracker/sam2/testing/replay.ts';
import type { DisturbedRun, GpuFault } from '../disturbedRun.ts';
import { attentionPair } from './attentionPair.ts';
import { bench } from './bench.ts';
import { compareEmbedded } from './compareEmbedded.ts';
import { compareReal } from './compareReal.ts';
import { read, startRuntime } from './devices.ts';
import { directFrames } from './directFrames.ts';
import { followMasked } from './followMasked.ts';
import { liteRtOnGpu } from './liteRtOnGpu.ts';
import { makeMasks } from './makeMasks.ts';
import { pagePairs } from './pairs.ts';
import { playOnGpu } from './playOnGpu.ts';
import { prepare, prepareClips } from './prepare.ts';
import { replayGraph } from './replayGraph.ts';
import { softEdges } from './softEdges.ts';
import { workOfObjects } from './workOfObjects.ts';

/** How far a fixture's run is from the reference on this device, and what it took. A GPU replays what it can. */
async function parity(
  folder: string,
  run: string,
  device: 'wasm' | 'webgpu',
): Promise<Difference & Pick<RuntimeStats, 'graphs'>> {
  const fixture = await readParityFixture(folder, (path) => read(`fixtures/${path}`));
  const { runtime } = await startRuntime(device);
  const found = fixture.reference.runs.find(({ name }) => name === run);
  if (!found) throw new Error(`There is no run “${run}”.`);
  return compareRun(fixture, found, runtime, device === 'webgpu');
}

/** Runs of the segmenter's service while the GPU fails, in a worker as in the app: parity/worker/loseGpu.ts. */
async function loseGpu(folder: string, faults: readonly GpuFault[]): Promise<DisturbedRun[]> {
  const worker = new Worker(new URL('../worker/loseGpu.worker.ts', import.meta.url), { type: 'module' });
  const remote = Comlink.wrap<{ loseGpu(folder: string, faults: readonly GpuFault[]): DisturbedRun[] }>(
    worker,
  );
  try {
    return await remote.loseGpu(folder, faults);
  } finally {
    worker.terminate();
  }
}

/** What the page's GPU is. */
async function gpu(): Promise<{ name: string; half: boolean }> {
  const found = await findGpu(true);
  if (!found) throw new Error('There is no GPU, not even an emulated one.');
  return { name: found.name, half: found.half };
}

const tracker = {
  gpu,
  parity,
  bench,
  followMasked,
  attentionPair,
  liteRtOnGpu,
  pairs: pagePairs,
  prepare,
  prepareClips,
  directFrames,
  makeMasks,
  playOnGpu,
  compareEmbedded,
  compareReal,
  workOfObjects,
  replayGraph,
  loseGpu,
  softEdges,
};

/** What the page has on its `window`. */
export type TrackerPage = typeof tracker;

Object.assign(window, tracker);
