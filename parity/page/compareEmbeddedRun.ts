import { rleIou } from '../../src/core/rle.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import type { EmbeddedFeatures } from '../../workers/tracker/embedded/features.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { CACHE_BYTES } from '../../tools/bench/benchRun.ts';
import { startRuntime } from './devices.ts';
import { PAINTED_MODEL, paintedClip, paintedMasks, type Painted } from './paintedModel.ts';

/** A mask that was tracked on both devices. */
export interface ComparedMask {
  readonly iou: number;
  /** On the CPU, and on the GPU. */
  readonly statuses: readonly string[];
  readonly scores: readonly number[];
}

export interface ComparedRun {
  /** By frame, and on each by object. */
  readonly masks: readonly ComparedMask[];
  /** Bytes that came back from the GPU for a tracked frame, on average. */
  readonly bytesDownPerFrame: number;
  /** Guesses that were made on the GPU for a tracked frame, on average. */
  readonly guessesPerFrame: number;
  /** Buffers of the GPU in use when all is disposed. */
  readonly left: number;
}

/** Tracks two things with a weightless embedded model, on the GPU and on the CPU. */
export async function compareEmbeddedRun(painted: Painted): Promise<ComparedRun> {
  const [cpu, gpu] = [await track('wasm', painted), await track('webgpu', painted)];
  const masks = cpu.tracked.flatMap((expected, i): ComparedMask[] => {
    const found = gpu.tracked[i];
    if (!found) return [];
    const both = [expected, found];
    return [
      {
        iou: rleIou(expected.mask, found.mask),
        statuses: both.map(({ status }) => status),
        scores: both.map(({ score }) => score),
      },
    ];
  });
  const { bytesDownPerFrame, guessesPerFrame, left } = gpu;
  return { masks, bytesDownPerFrame, guessesPerFrame, left };
}

async function track(device: 'wasm' | 'webgpu', painted: Painted) {
  const { runtime } = await startRuntime(device);
  const [timer, source] = [new StepTimer(), paintedClip(painted)];
  const guesses = countGuesses(runtime);
  const model = await EmbeddedModel.load(runtime, PAINTED_MODEL, timer);
  const features = new FeatureCache<EmbeddedFeatures>(source, model, timer, CACHE_BYTES.embedded);
  const objects = paintedMasks().map((mask, i) => ({
    objectId: i + 1,
    prompts: new Map([[0, { points: [], mask }]]),
  }));
  const run = propagate(
    source,
    model,
    (index, work, frame) => features.use(index, work, frame),
    objects,
    new AbortController().signal,
  );
  const tracked: TrackedObject[] = [];
  const down: number[] = [];
  for await (const event of run) {
    tracked.push(...event.objects);
    down.push(runtime.stats.bytesDown);
  }
  await features.dispose();
  await model.dispose();
  const left = runtime.stats.liveBuffers;
  runtime.dispose();
  const frames = down.length - 1;
  return {
    ...{ tracked, left },
    bytesDownPerFrame: ((down.at(-1) ?? 0) - (down[0] ?? 0)) / frames,
    guessesPerFrame: guesses.count / frames,
  };
}

/** Counts the runs of the memory attention that the runtime is going to load. */
function countGuesses(runtime: GraphRuntime): { readonly count: number } {
  const guesses = { count: 0 };
  const load = runtime.load.bind(runtime);
  runtime.load = async (name, ...rest) => {
    const session = await load(name, ...rest);
    const run = session.runInPlace.bind(session);
    if (name === 'memory attention')
      session.runInPlace = (...given) => {
        guesses.count++;
        return run(...given);
      };
    return session;
  };
  return guesses;
}
