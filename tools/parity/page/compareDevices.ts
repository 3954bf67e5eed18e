import { rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { FeatureCache } from '../../../workers/tracker/featureCache.ts';
import { propagate } from '../../../workers/tracker/propagation.ts';
import { Sam2Model } from '../../../workers/tracker/sam2/sam2Model.ts';
import { fixtureSource } from '../../../workers/tracker/sam2/testing/fixtureSource.ts';
import { readParityFixture } from '../../../workers/tracker/sam2/testing/parityFixture.ts';
import { weightsOf } from '../../../workers/tracker/sam2/weights.ts';
import type { AnyVideoModel } from '../../../workers/tracker/videoModel.ts';
import { StageTimer } from '../../../workers/tracker/stageTimer.ts';
import { CACHE_BYTES, clickedObjects, FIXTURE_CLICKS } from '../../bench/benchRun.ts';
import { read, startRuntime } from './devices.ts';

/** A run on the GPU beside the same run on the CPU. */
export interface DeviceComparison {
  /** The least IoU of a mask of the one and of the other. */
  readonly least: number;
  /** Buffers in use on the GPU after each frame. */
  readonly buffers: readonly number[];
  /** Those in use when all is disposed. */
  readonly left: number;
}

/** Frames of which masks are compared: the CPU's run ends there. */
const COMPARED = 12;

/** Tracks a fixture's clip, played to and fro, on the GPU and, to begin with, on the CPU. */
export async function compareDevices(
  folder: string,
  objects: number,
  frames: number,
): Promise<DeviceComparison> {
  const gpu = await track(folder, objects, frames, 'webgpu');
  const cpu = await track(folder, objects, Math.min(frames, COMPARED), 'wasm');
  const ious = cpu.masks.map((mask, i) => rleIou(mask, gpu.masks[i] ?? mask));
  return { least: Math.min(...ious), buffers: gpu.buffers, left: gpu.left };
}

async function track(folder: string, objects: number, frames: number, device: 'wasm' | 'webgpu') {
  const fixture = await readParityFixture(folder, (path) => read(`fixtures/${path}`));
  const [{ runtime }, timer] = [await startRuntime(device), new StageTimer()];
  const weights = weightsOf(fixture.files);
  const model: AnyVideoModel = await Sam2Model.load(runtime, fixture.manifest, weights, timer);
  const source = fixtureSource(fixture, frames);
  const features = new FeatureCache(source, model, timer, CACHE_BYTES.fixture);
  const masks: MaskRle[] = [];
  const buffers: number[] = [];
  const run = propagate(
    source,
    model,
    (index, work, frame) => features.use(index, work, frame),
    clickedObjects(FIXTURE_CLICKS, objects),
    new AbortController().signal,
  );
  for await (const event of run) {
    masks.push(...event.objects.map(({ mask }) => mask));
    buffers.push(runtime.stats.liveBuffers);
  }
  await features.dispose();
  const left = runtime.stats.liveBuffers;
  await model.dispose();
  runtime.dispose();
  return { masks, buffers, left };
}
