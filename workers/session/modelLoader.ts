import type { LoadEvent, ModelInfo } from '../../src/core/protocol.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { findGpu } from '../gpu/adapter.ts';
import type { RuntimeStats } from '../models/graph.ts';
import type { EmbeddedManifest } from '../models/embeddedManifest.ts';
import type { Precision, WeightFile } from '../models/manifestParts.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../models/ortWeb.ts';
import { loadWeights, type WeightProgress } from '../models/weights.ts';
import { EmbeddedModel, type EmbeddedWeights } from '../tracker/embedded/embeddedModel.ts';
import type { StageTimer } from '../tracker/stageTimer.ts';
import { reporting } from './reporting.ts';

export interface LoadedModel {
  readonly model: EmbeddedModel;
  readonly info: ModelInfo;
  readonly stats: RuntimeStats;
}

interface FetchedWeights extends EmbeddedWeights {
  readonly totalBytes: number;
  readonly fromCache: boolean;
}

/** A place for the model, and the encoder that suits it. */
interface Attempt {
  readonly precision: Precision;
  readonly createRuntime: () => Promise<WebRuntime>;
}

/**
 * The places that this machine has, the fastest first. On the CPU int8 is the last resort: it tracks less well, see
 * docs/quality.md.
 */
async function findAttempts(): Promise<Attempt[]> {
  const gpu = await findGpu();
  const onGpu = (precision: Precision) => ({
    precision,
    createRuntime: () => createGpuRuntime(gpu?.name ?? ''),
  });
  const onCpu = (precision: Precision) => ({ precision, createRuntime: createCpuRuntime });
  return [
    ...(gpu?.half ? [onGpu('fp16')] : []),
    ...(gpu ? [onGpu('fp32')] : []),
    onCpu('fp32'),
    onCpu('int8'),
  ];
}

/**
 * Fetches a model's files and makes it ready, on the GPU where there is a real one, else on the CPU. A place or a precision
 * with which it does not load is passed over, with a warning in the console: a slow model is better than none.
 *
 * @throws MaskletError as `loadWeights` does; `model-failed` if it loads nowhere; `aborted`
 */
export async function* loadModel(
  manifest: EmbeddedManifest,
  manifestUrl: string,
  timer: StageTimer,
  signal: AbortSignal,
): AsyncGenerator<LoadEvent, LoadedModel, undefined> {
  const attempts = await findAttempts();
  for (const [index, attempt] of attempts.entries()) {
    throwIfAborted(signal);
    const weights = yield* progressOf(
      reporting((report) => fetchWeights(manifest, attempt.precision, manifestUrl, report, signal)),
    );
    yield { type: 'compiling' };
    try {
      const { runtime, device } = await attempt.createRuntime();
      const model = await EmbeddedModel.load(runtime, weights, timer);
      if (device.kind === 'webgpu') await tryOut(model);
      const { totalBytes: weightBytes, fromCache } = weights;
      const info = { id: manifest.id, name: manifest.name, device, weightBytes, fromCache };
      return { model, info, stats: runtime.stats };
    } catch (cause) {
      if (index === attempts.length - 1) throw cause;
      console.warn(`The model does not run here in ${attempt.precision}; the next way is tried.`, cause);
    }
  }
  throw new RangeError('The model was tried nowhere.');
}

/**
 * Runs the encoder once: a GPU may load a graph and then fail on it, or overflow in half precision.
 *
 * @throws MaskletError `model-failed` if it fails, or gives what is no number; the model is then disposed
 */
async function tryOut(model: EmbeddedModel): Promise<void> {
  const [width, height] = [64, 36];
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 37) % 256);
  try {
    const { imageEmbedding, descriptors } = await model.encode({ width, height, data });
    const isSound = [imageEmbedding.data, descriptors].every((values) => values.every(Number.isFinite));
    if (!isSound) throw new MaskletError('model-failed', 'The encoder gives what is no number.');
  } catch (cause) {
    await model.dispose();
    throw cause;
  }
}

/** Fetches a model's files, one after the other; progress counts them together. */
async function fetchWeights(
  manifest: EmbeddedManifest,
  precision: Precision,
  manifestUrl: string,
  onProgress: (progress: WeightProgress) => void,
  signal: AbortSignal,
): Promise<FetchedWeights> {
  const { decoder } = manifest;
  const encoder = manifest.encoder[precision];
  const totalBytes = encoder.bytes + decoder.bytes;
  const load = (file: WeightFile, before: number) =>
    loadWeights(
      file,
      manifestUrl,
      (loadedBytes) => onProgress({ loadedBytes: before + loadedBytes, totalBytes }),
      signal,
    );
  const encoderWeights = await load(encoder, 0);
  const decoderWeights = await load(decoder, encoder.bytes);
  return {
    encoder: encoderWeights.bytes,
    decoder: decoderWeights.bytes,
    totalBytes,
    fromCache: encoderWeights.fromCache && decoderWeights.fromCache,
  };
}

/** Passes progress on as events, and the result through. */
async function* progressOf<Result>(
  work: AsyncGenerator<WeightProgress, Result, undefined>,
): AsyncGenerator<LoadEvent, Result, undefined> {
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    yield { type: 'progress', ...next.value };
  }
}
