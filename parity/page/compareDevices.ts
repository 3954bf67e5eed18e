import { rleArea, rleIou, type MaskRle } from '../../src/core/rle.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import { Sam2Model } from '../../workers/tracker/sam2/sam2Model.ts';
import { fixtureSource } from '../../workers/tracker/sam2/testing/fixtureSource.ts';
import type { ParityFixture } from '../../workers/tracker/sam2/testing/fixture.ts';
import { readParityFixture } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import { weightsOf } from '../../workers/tracker/sam2/weights.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { CACHE_BYTES, clickedObjects, FIXTURE_CLICKS } from '../../tools/bench/benchRun.ts';
import { read, startRuntime } from './devices.ts';
import { weightlessSam2 } from './weightlessSam2.ts';

/** A run on the GPU beside the same run on the CPU. */
export interface DeviceComparison {
  /** How many masks were compared. */
  readonly masks: number;
  /** The least IoU of a mask of the one and of the other. */
  readonly least: number;
  /** How many of the CPU's are not empty. */
  readonly shown: number;
  /** Buffers in use on the GPU after each frame, and their bytes. */
  readonly buffers: readonly number[];
  readonly bytes: readonly number[];
  /** Those in use when all is disposed. */
  readonly left: number;
}

/** A run of a fixture's model, on its clip, played to and fro. */
export interface ComparedTask {
  /** In fixtures/models, of Masklet's contract. */
  readonly folder: string;
  readonly objects: number;
  readonly frames: number;
  /** Graphs without weights instead of the fixture's, for long runs. */
  readonly weightless: boolean;
}

/** Tracks on the GPU and on the CPU. */
export async function compareDevices(task: ComparedTask): Promise<DeviceComparison> {
  const [gpu, cpu] = [await track(task, 'webgpu'), await track(task, 'wasm')];
  const ious = cpu.masks.map((mask, i) => {
    const found = gpu.masks[i];
    return found ? rleIou(mask, found) : 0;
  });
  const shown = cpu.masks.filter((mask) => rleArea(mask) > 0).length;
  return {
    ...{ masks: ious.length, least: Math.min(...ious), shown },
    ...{ buffers: gpu.buffers, bytes: gpu.bytes, left: gpu.left },
  };
}

async function track({ folder, objects, frames, weightless }: ComparedTask, device: 'wasm' | 'webgpu') {
  const fixture = await readParityFixture(folder, (path) => read(`fixtures/${path}`));
  const [{ runtime }, timer] = [await startRuntime(device), new StepTimer()];
  const { manifest, weights } = weightless ? withoutWeights(fixture) : fixtureModel(fixture);
  const model: AnyVideoModel = await Sam2Model.load(runtime, manifest, weights, timer);
  const source = fixtureSource(fixture, frames);
  const features = new FeatureCache(source, model, timer, CACHE_BYTES.fixture);
  const masks: MaskRle[] = [];
  const [buffers, bytes]: [number[], number[]] = [[], []];
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
    bytes.push(runtime.stats.liveBytes);
  }
  await features.dispose();
  const left = runtime.stats.liveBuffers;
  await model.dispose();
  runtime.dispose();
  return { masks, buffers, bytes, left };
}

function fixtureModel({ manifest, files }: ParityFixture) {
  return { manifest, weights: weightsOf(files) };
}

function withoutWeights({ manifest, files }: ParityFixture) {
  if (manifest.contract !== 'masklet') throw new TypeError('There are such graphs for one contract only.');
  const graphs = weightlessSam2(manifest);
  // They lack the outputs that only a click's readings need.
  return { manifest: { ...manifest, tensors: undefined }, weights: weightsOf({ ...files, ...graphs }) };
}
