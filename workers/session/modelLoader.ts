import type { LoadEvent, ModelInfo, WeightProgress } from '../../src/core/protocol.ts';
import { contentOf } from '../../src/core/frames.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { RuntimeStats } from '../models/graph.ts';
import { placeOf, type KnownModel } from '../models/library.ts';
import { weightFiles, type ModelManifest } from '../models/manifest.ts';
import type { Precision } from '../models/manifestParts.ts';
import type { ObtainedFile } from '../models/weightFiles.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../models/ortWeb.ts';
import { EmbeddedModel } from '../tracker/embedded/embeddedModel.ts';
import { Sam2Model } from '../tracker/sam2/sam2Model.ts';
import { weightsOf } from '../tracker/sam2/weights.ts';
import type { StageTimer } from '../tracker/stageTimer.ts';
import type { AnyVideoModel } from '../tracker/videoModel.ts';
import { findWays, noWay, type Way } from './devices.ts';
import { obtainAll } from './obtainModel.ts';
import { reporting } from './reporting.ts';

export interface LoadedModel {
  readonly model: AnyVideoModel;
  readonly info: ModelInfo;
  readonly stats: RuntimeStats;
  /** Once nothing uses the model's features and memories any more. */
  dispose(): Promise<void>;
}

/**
 * Fetches a model's files and makes it ready, on the GPU where there is a real one, else on the CPU. A place or a precision
 * with which it does not load is passed over, with a warning in the console: a slow model is better than none.
 *
 * @throws MaskletError as `obtainFile` does; `model-failed` if it loads nowhere; `weights-altered` if a graph is not the
 *   manifest's; `aborted`
 */
export async function* loadModel(
  known: KnownModel,
  timer: StageTimer,
  signal: AbortSignal,
): AsyncGenerator<LoadEvent, LoadedModel, undefined> {
  const { manifest } = known;
  const ways = await findWays(manifest);
  let weights: Weights | undefined;
  for (const [index, way] of ways.entries()) {
    throwIfAborted(signal);
    if (weights?.precision !== way.precision) {
      weights = { precision: way.precision, bytes: {}, totalBytes: 0, wasKept: true };
      yield* obtain(known, weights, signal);
    }
    yield { type: 'compiling' };
    const { runtime, device } = await startRuntime(way);
    try {
      const model = await makeModel(manifest, weights.bytes, runtime, timer);
      if (device.kind === 'webgpu') await tryOut(model);
      const { id, name, family } = manifest;
      const { totalBytes: weightBytes, wasKept: fromCache } = weights;
      const dispose = async () => {
        await model.dispose();
        runtime.dispose();
      };
      const info = { id, name, family, device, weightBytes, fromCache };
      return { model, info, stats: runtime.stats, dispose };
    } catch (cause) {
      runtime.dispose();
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
  timer: StageTimer,
): Promise<AnyVideoModel> {
  const weights = weightsOf(bytes);
  if (manifest.family !== 'embedded') return Sam2Model.load(runtime, manifest, weights, timer);
  const [encoder, decoder] = [weights.file('encoder'), weights.file('decoder')];
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}

/**
 * Runs the model once: a GPU may load a graph and then fail on it, or overflow in half precision.
 *
 * @throws MaskletError `model-failed` if it fails, or gives what is no number; the model is then disposed
 */
async function tryOut(model: AnyVideoModel): Promise<void> {
  const [width, height] = [64, 36];
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 37) % 256);
  try {
    const features = await model.encode(contentOf({ width, height, data }));
    const prediction = await model.segment(features, { points: [{ x: 30, y: 20, label: 1 }] });
    model.free(features);
    model.free(prediction);
    if (![prediction.score, ...prediction.logits.data].every(Number.isFinite))
      throw new MaskletError('model-failed', 'The model gives what is no number.');
  } catch (cause) {
    await model.dispose();
    throw cause;
  }
}
