import { subtractCensus, type Census, type Step } from '../../src/core/census.ts';
import type { ObjectToTrack } from '../../src/core/protocol/segmenter.ts';
import type { FrameSource } from '../../src/core/frames.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import { runtimeCensus } from '../../workers/models/runtimeCensus.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';

export const STEPS: readonly Step[] = ['decode', 'preprocess', 'encoder', 'memory', 'decoder', 'mask'];

/** The image encoders of all models. */
const ENCODERS = ['image encoder', 'vision_encoder'];

/** Frames of a run that are not measured: the prompted one, and the first tracked, on which everything runs for the first time. */
export const WARM_UP = 2;

/** What a run is made of. */
export interface BenchSubject {
  readonly runtime: GraphRuntime;
  readonly model: AnyVideoModel;
  readonly timer: StepTimer;
  readonly source: FrameSource;
  /** As many objects as asked for, prompted on one frame. */
  readonly objects: (count: number) => readonly ObjectToTrack[];
  /** Bound of the features that are kept. */
  readonly cacheBytes: number;
}

/** What a tracked frame takes, on average. */
export interface FrameCost {
  readonly objects: number;
  /** Measured frames. */
  readonly frames: number;
  readonly encoderRunsPerFrame: number;
  readonly ortRunsPerFrame: number;
  /** The same by graph, of those that ran. */
  readonly graphRunsPerFrame: Readonly<Record<string, number>>;
  /** To and from a GPU; tensors and masks alike. */
  readonly bytesUpPerFrame: number;
  readonly bytesDownPerFrame: number;
  /** Dispatches of our own kernels on a GPU. */
  readonly dispatchesPerFrame: number;
  /** Buffers in use on the GPU beside ONNX Runtime's own: after the last frame, and the most after any. */
  readonly liveBuffers: number;
  readonly liveBytes: number;
  readonly peakBytes: number;
  /** Those still in use when the run has ended and its features are freed. */
  readonly leftBuffers: number;
  /** Wall time, all steps and what is between them. */
  readonly msPerFrame: number;
  readonly stepMs: Readonly<Record<Step, number>>;
  /** Waiting for what comes back from a GPU; a wait for one frame's masks overlaps with the work on the next. */
  readonly gpuWaitMsPerFrame: number;
  /** The share of the time that is spent neither in ONNX Runtime nor waiting for the GPU. */
  readonly overheadShare: number;
}

/** Follows `count` objects through `frames` frames. */
export async function measure(
  { runtime, model, timer, source, objects, cacheBytes }: BenchSubject,
  count: number,
  frames: number,
): Promise<FrameCost> {
  const features = new FeatureCache(source, model, timer, cacheBytes);
  const run = propagate(
    timer.timeSource(source),
    model,
    (index, work, frame) => features.use(index, work, frame),
    objects(count),
    new AbortController().signal,
  );
  const census = (): Census => ({ ...runtimeCensus(runtime.stats), stepMs: timer.totals() });
  let before = census();
  let start = performance.now();
  let held = { liveBuffers: 0, liveBytes: 0 };
  let peakBytes = 0;
  for await (const { doneFrames } of run) {
    const { liveBuffers, liveBytes } = runtime.stats;
    held = { liveBuffers, liveBytes };
    peakBytes = Math.max(peakBytes, liveBytes);
    if (doneFrames === WARM_UP) {
      before = census();
      start = performance.now();
    }
    if (doneFrames === WARM_UP + frames) break;
  }
  const milliseconds = performance.now() - start;
  await features.dispose();
  const spent = subtractCensus(census(), before);
  const graphs = Object.entries(spent.graphs);
  const runs = graphs.reduce((sum, [, graph]) => sum + graph.runs, 0);
  const inside = graphs.reduce((sum, [, graph]) => sum + graph.milliseconds, spent.gpuWaitMs);
  const encoderRuns = ENCODERS.reduce((sum, name) => sum + (spent.graphs[name]?.runs ?? 0), 0);
  const steps = STEPS.map((step) => [step, (spent.stepMs[step] ?? 0) / frames]);
  return {
    ...{ objects: count, frames, peakBytes },
    encoderRunsPerFrame: encoderRuns / frames,
    ortRunsPerFrame: runs / frames,
    graphRunsPerFrame: Object.fromEntries(
      graphs.flatMap(([name, graph]) => (graph.runs > 0 ? [[name, graph.runs / frames]] : [])),
    ),
    bytesUpPerFrame: spent.bytesUp / frames,
    bytesDownPerFrame: spent.bytesDown / frames,
    dispatchesPerFrame: spent.dispatches / frames,
    ...{ ...held, leftBuffers: runtime.stats.liveBuffers },
    msPerFrame: milliseconds / frames,
    gpuWaitMsPerFrame: spent.gpuWaitMs / frames,
    stepMs: Object.fromEntries(steps) as Record<Step, number>,
    // Waiting for one frame's masks overlaps with the work on the next.
    overheadShare: Math.max(0, 1 - inside / milliseconds),
  };
}
