import type { LoadEvent } from '../../src/core/protocol/segmenter.ts';
import type { ModelInfo, WeightProgress } from '../../src/core/protocol/model.ts';
import { contentOf } from '../../src/core/frames.ts';
import type { ModelVersion } from '../../src/core/provenance.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { RuntimeStats } from '../models/graph.ts';
import { modelVersion } from '../models/modelVersion.ts';
import { placeOf, type KnownModel } from '../library/library.ts';
import { weightFiles, type ModelManifest } from '../models/manifest.ts';
import type { Precision } from '../models/manifestParts.ts';
import type { ObtainedFile } from '../library/weightFiles.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../models/ortWeb.ts';
import { MemoryBank } from '../tracker/run/memoryBank.ts';
import { EmbeddedModel } from '../tracker/embedded/embeddedModel.ts';
import { Sam2Model } from '../tracker/sam2/sam2Model.ts';
import { weightsOf } from '../tracker/sam2/weights.ts';
import type { StepTimer } from '../tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../tracker/videoModel.ts';
import { planBudget, type Budget, type Thrift } from '../models/budget.ts';
import { computesHalf } from '../models/halfCheck.ts';
import { findWays, memoryGiB, noWay, withoutWrongHalf, type Devices, type Way } from '../models/devices.ts';
import { obtainAll } from '../library/obtainModel.ts';
import { reporting } from '../library/reporting.ts';

export interface LoadedModel {
  readonly model: AnyVideoModel;
  readonly info: ModelInfo;
  /** As masks tell it. */
  readonly version: ModelVersion;
  readonly precision: Precision;
  readonly budget: Budget;
  readonly stats: RuntimeStats;
  /** Fires when the GPU has failed, with a `GpuFailure` as its reason; never on the CPU. */
  readonly failed: AbortSignal;
  /** Once nothing uses the model's features and memories any more. */
  dispose(): Promise<void>;
}

export interface LoadOptions {
  readonly devices: Devices;
  readonly thrift: Thrift;
}

/**
 * Fetches a model's files and makes it ready, on the GPU where there is a real one, else on the CPU. A place or a precision
 * with which it does not load is passed over, with a warning in the console: a slow model is better than none. So is half precision on a GPU
 * that computes it wrongly.
 *
 * @throws MaskletError as `obtainFile` does; `model-failed` if it loads nowhere; `weights-altered` if a graph is not the
 *   manifest's; `aborted`
 */
export async function* loadModel(
  known: KnownModel,
  timer: StepTimer,
  signal: AbortSignal,
  { devices, thrift }: LoadOptions,
): AsyncGenerator<LoadEvent, LoadedModel, undefined> {
  const { manifest } = known;
  const ways = await withoutWrongHalf(await findWays(manifest, devices), (way) =>
    computesHalf(async () => (await startRuntime(way)).runtime),
  );
  let weights: Weights | undefined;
  for (const [index, way] of ways.entries()) {
    throwIfAborted(signal);
    if (weights?.precision !== way.precision) {
      weights = { precision: way.precision, bytes: {}, totalBytes: 0, wasKept: true };
      yield* obtain(known, weights, signal);
    }
    yield { type: 'compiling' };
    const capacity = { gpu: way.gpu?.limits, memoryGiB: memoryGiB() };
    const budget = planBudget(manifest, capacity, thrift);
    let runtime: WebRuntime['runtime'] | undefined;
    try {
      const started = await startRuntime(way);
      const { device } = started;
      runtime = started.runtime;
      const model = await makeModel(manifest, weights.bytes, runtime, timer, budget);
      if (device.kind === 'webgpu') await tryOut(model);
      const { id, name, family } = manifest;
      const version = await modelVersion(manifest, way.precision);
      const { totalBytes: weightBytes, wasKept: fromCache } = weights;
      const { stats, gpu } = runtime;
      const failed = gpu?.health.failed ?? new AbortController().signal;
      const dispose = async () => {
        await model.dispose();
        started.runtime.dispose();
      };
      const info = { id, name, family, device, weightBytes, fromCache };
      return { model, info, version, precision: way.precision, budget, stats, failed, dispose };
    } catch (cause) {
      runtime?.dispose();
      if (index === ways.length - 1) throw cause;
      console.warn(`The model does not run here in ${way.precision}; the next way is tried.`, cause);
    }
  }
  throw noWay(manifest);
}

/** A model's files in one precision. */
interface Weights {
  readonly precision: Precision;
  /** By graph, and `constants`. */
  readonly bytes: Record<string, Uint8Array>;
  totalBytes: number;
  wasKept: boolean;
}

/** Fills `weights` with the model's files. */
async function* obtain(
  known: KnownModel,
  weights: Weights,
  signal: AbortSignal,
): AsyncGenerator<LoadEvent, void, undefined> {
  const { manifest } = known;
  const files = weightFiles(manifest, weights.precision) ?? {};
  const place = await placeOf(known);
  const onFile = (name: string, { bytes, wasKept }: ObtainedFile) => {
    weights.bytes[name] = bytes;
    weights.totalBytes += bytes.length;
    weights.wasKept &&= wasKept;
  };
  const progress = reporting<WeightProgress, void>((onProgress) =>
    obtainAll({ modelId: manifest.id, files, place }, { onProgress, onFile, signal, unkept: 'use' }),
  );
  for await (const each of progress) yield { type: 'progress', ...each };
}

function startRuntime({ gpu }: Way): Promise<WebRuntime> {
  return gpu ? createGpuRuntime(gpu) : createCpuRuntime();
}

async function makeModel(
  manifest: ModelManifest,
  bytes: Readonly<Record<string, Uint8Array>>,
  runtime: WebRuntime['runtime'],
  timer: StepTimer,
  budget: Budget,
): Promise<AnyVideoModel> {
  const weights = weightsOf(bytes);
  if (manifest.family !== 'embedded') return Sam2Model.load(runtime, manifest, weights, timer, budget);
  const [encoder, decoder] = [weights.file('encoder'), weights.file('decoder')];
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer, budget.objectsPerStep);
}

/**
 * Prompts and tracks once: a GPU may load a graph and then fail on it, or overflow in half precision.
 *
 * @throws MaskletError `model-failed` if it fails, or gives what is no number; the model is then disposed
 */
async function tryOut(model: AnyVideoModel): Promise<void> {
  const [width, height] = [64, 36];
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 37) % 256);
  try {
    const features = await model.encode(contentOf({ width, height, data }));
    const prompted = await model.segment(features, { points: [{ x: 30, y: 20, label: 1 }] });
    const [memory] = await model.memorize(features, [prompted]);
    const bank = new MemoryBank(model.memoryRules, (each) => model.free(each));
    if (memory !== undefined) bank.addConditioning({ frame: 0, memory });
    const objects = [bank.select({ frame: 1, direction: 'forward', frameCount: 2 })];
    const tracked = await model.track(features, objects, () => true);
    const [next] = await model.memorize(features, tracked, []);
    if (next !== undefined) bank.addTracked({ frame: 1, memory: next });
    const masks = await model.finish(features, tracked, { fillHoles: false, owned: [] });
    bank.clear();
    model.free(features);
    const scores = [prompted, ...masks].map(({ score }) => score);
    if (![...scores, ...prompted.logits.data].every(Number.isFinite))
      throw new MaskletError('model-failed', 'The model gives what is no number.');
  } catch (cause) {
    await model.dispose();
    throw cause;
  }
}
