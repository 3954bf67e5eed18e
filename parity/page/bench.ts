import { openClip } from '../../workers/media/openClip.ts';
import { planBudget } from '../../workers/models/budget.ts';
import { memoryGiB } from '../../workers/models/devices.ts';
import { weightFiles } from '../../workers/models/manifest.ts';
import type { WebRuntime } from '../../workers/models/ortWeb.ts';
import { parseSam2Manifest } from '../../workers/models/sam2Manifest.ts';
import { findGpu } from '../../workers/gpu/adapter.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import { Sam2Model } from '../../workers/tracker/sam2/sam2Model.ts';
import { fixtureSource } from '../../workers/tracker/sam2/testing/fixtureSource.ts';
import { readParityFixture } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import { weightsOf } from '../../workers/tracker/sam2/weights.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import {
  CACHE_BYTES,
  clickedObjects,
  FIXTURE_CLICKS,
  SAMPLE_CLICKS,
  EXPORTED,
  type BenchRun,
  encoderPath,
  type BenchTask,
} from '../../tools/bench/benchRun.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { measure, WARM_UP, type BenchSubject } from '../../tools/bench/measure.ts';
import { read, startRuntime } from './devices.ts';

/** Measures a model on this browser's GPU or CPU. */
export async function bench({ objects, frames, warmUp, replay, ...task }: BenchTask): Promise<BenchRun[]> {
  const { runtime, device } = await startRuntime(task.device === 'webgpu' ? 'webgpu' : 'wasm');
  const replayed = new Set<string>();
  const load = runtime.load.bind(runtime);
  runtime.load = async (name, model, how) => {
    const session = await load(name, model, { ...how, replay: replay && how?.replay === true });
    if (session.isReplayed) replayed.add(name);
    return session;
  };
  // On a GPU a frame's masks come when the next frame has been begun.
  const frameCount = Math.max(frames, warmUp) + WARM_UP + 1;
  const subject =
    task.model === 'embedded'
      ? await embedded(runtime, task.precision)
      : task.model.startsWith(EXPORTED)
        ? await exported(runtime, task.model, task.precision)
        : await fixture(runtime, task.model, frameCount);
  // On a GPU shaders are compiled for each number of objects.
  if (warmUp > 0)
    for (const count of task.device === 'webgpu' ? objects : [1]) await measure(subject, count, warmUp);
  const runs: BenchRun[] = [];
  for (const count of objects)
    runs.push({
      ...{ ...task, label: device.label, ...(await measure(subject, count, frames)) },
      replayed: [...replayed],
    });
  await subject.model.dispose();
  runtime.dispose();
  return runs;
}

async function embedded(runtime: WebRuntime['runtime'], precision: Precision): Promise<BenchSubject> {
  const timer = new StepTimer();
  const [encoder, decoder, sample] = await Promise.all(
    [encoderPath(precision), 'models/decoder.onnx', 'sample.mp4'].map(read),
  );
  if (!encoder || !decoder || !sample) throw new Error('A file is missing.');
  return {
    ...{ runtime, timer },
    model: await EmbeddedModel.load(runtime, { encoder, decoder }, timer),
    source: await openClip(new Blob([sample])),
    objects: (count) => clickedObjects(SAMPLE_CLICKS, count),
    cacheBytes: CACHE_BYTES.embedded,
  };
}

/** A folder that tools/export wrote, on the sample clip. */
async function exported(
  runtime: WebRuntime['runtime'],
  folder: string,
  precision: Precision,
): Promise<BenchSubject> {
  const timer = new StepTimer();
  const text = new TextDecoder().decode(await read(`${folder}/manifest.json`));
  const manifest = parseSam2Manifest(JSON.parse(text));
  const listed = weightFiles(manifest, precision);
  if (!listed) throw new Error(`${folder} was not exported in ${precision}.`);
  const files: Record<string, Uint8Array> = {};
  for (const [name, { path }] of Object.entries(listed)) files[name] = await read(`${folder}/${path}`);
  const budget = planBudget(manifest, { gpu: (await findGpu(true))?.limits, memoryGiB: memoryGiB() }, 'none');
  return {
    ...{ runtime, timer },
    model: await Sam2Model.load(runtime, manifest, weightsOf(files), timer, budget),
    source: await openClip(new Blob([await read('sample.mp4')])),
    objects: (count) => clickedObjects(SAMPLE_CLICKS, count),
    cacheBytes: CACHE_BYTES.embedded,
  };
}

async function fixture(
  runtime: WebRuntime['runtime'],
  folder: string,
  frameCount: number,
): Promise<BenchSubject> {
  const timer = new StepTimer();
  const found = await readParityFixture(folder, (path) => read(`fixtures/${path}`));
  return {
    ...{ runtime, timer },
    model: await Sam2Model.load(runtime, found.manifest, weightsOf(found.files), timer, {
      objectsPerStep: Infinity,
      replaysStep: runtime.gpu !== undefined,
    }),
    source: fixtureSource(found, frameCount),
    objects: (count) => clickedObjects(FIXTURE_CLICKS, count),
    cacheBytes: CACHE_BYTES.fixture,
  };
}
