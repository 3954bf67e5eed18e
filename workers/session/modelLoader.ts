import type { DeviceInfo, ModelInfo } from '../../src/core/protocol.ts';
import { throwIfAborted } from '../../src/core/errors.ts';
import { findGpu } from '../gpu/adapter.ts';
import type { RuntimeStats } from '../models/graph.ts';
import type { ModelManifest, WeightFile } from '../models/manifest.ts';
import { createCpuRuntime, createGpuRuntime, type WebRuntime } from '../models/ortWeb.ts';
import { loadWeights, type WeightProgress } from '../models/weights.ts';
import { EmbeddedModel, type EmbeddedWeights } from '../tracker/embedded/embeddedModel.ts';
import type { StageTimer } from '../tracker/stageTimer.ts';

export interface LoadedModel {
  readonly model: EmbeddedModel;
  readonly info: ModelInfo;
  readonly stats: RuntimeStats;
}

export interface FetchedWeights extends EmbeddedWeights {
  readonly totalBytes: number;
  readonly fromCache: boolean;
}

/** Fetches all of a model's files, one after the other; progress counts them together. */
export async function fetchWeights(
  manifest: ModelManifest,
  manifestUrl: string,
  onProgress: (progress: WeightProgress) => void,
  signal: AbortSignal,
): Promise<FetchedWeights> {
  const { encoder, decoder } = manifest.files;
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

/**
 * Makes the model ready on the GPU where there is a real one, else on the CPU. A GPU on which the model does not load is
 * passed over, with a warning in the console: a slow model is better than none.
 */
export async function startModel(
  manifest: ModelManifest,
  weights: FetchedWeights,
  timer: StageTimer,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const start = async ({ runtime, device }: WebRuntime): Promise<LoadedModel> => {
    const model = await EmbeddedModel.load(runtime, weights, timer);
    return { model, info: describe(manifest, weights, device), stats: runtime.stats };
  };
  const gpu = await findGpu();
  throwIfAborted(signal);
  if (gpu) {
    try {
      return await start(await createGpuRuntime(gpu.name));
    } catch (cause) {
      console.warn('The model does not run on this GPU; the CPU is used.', cause);
    }
  }
  return start(await createCpuRuntime());
}

function describe(manifest: ModelManifest, weights: FetchedWeights, device: DeviceInfo): ModelInfo {
  return {
    id: manifest.id,
    name: manifest.name,
    device,
    weightBytes: weights.totalBytes,
    fromCache: weights.fromCache,
  };
}
