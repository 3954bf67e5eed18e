import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { maskWhere, PaintedClip } from '../../workers/tracker/testing/paintedClip.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { CACHE_BYTES } from '../../tools/bench/benchRun.ts';
import { PAINTED_MODEL } from '../paintedRun.ts';
import { startRuntime } from './devices.ts';
import { workSoFar, type GpuWork } from './gpuWork.ts';

/** What some frames of a run gave the GPU to do. */
export interface FramesWork extends GpuWork {
  readonly objects: number;
  readonly frames: number;
  /** Runs of ONNX Runtime's, by graph. */
  readonly runs: Readonly<Record<string, number>>;
  /** Read-backs of ours. */
  readonly reads: number;
}

const SIZE = { width: 320, height: 48 };
const [APART, RADIUS] = [40, 18];
/** Of things that stand side by side: grey values, far enough from each other and from the ground not to be alike. */
const GREYS = [0, 40, 80, 250, 210, 170, 20, 230];
const GROUND = 125;
/** The prompted frame: once its masks are there, the next one is begun, on which everything runs for the first time. */
const BEFORE = 1;
/** Frames of a run after those that are counted: one is begun, and another encoded, before the masks of a frame are waited for. */
const AHEAD = 2;

function isIn(thing: number, x: number, y: number): boolean {
  return Math.hypot(x - (thing + 0.5) * APART, y - SIZE.height / 2) < RADIUS;
}

function paint() {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let at = 0; at < SIZE.width * SIZE.height; at++) {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    const thing = GREYS.findIndex((_, i) => isIn(i, x, y));
    const grey = GREYS[thing] ?? GROUND;
    data.set([grey, grey, grey, 255], 4 * at);
  }
  return { ...SIZE, data };
}

/** Follows some of the things through frames with the painted model, on the GPU. */
export async function workOfObjects(objects: number, frames: number): Promise<FramesWork> {
  const { runtime } = await startRuntime('webgpu');
  const timer = new StepTimer();
  const model: AnyVideoModel = await EmbeddedModel.load(runtime, PAINTED_MODEL, timer);
  const clip = new PaintedClip(SIZE, BEFORE + frames + AHEAD, paint);
  const features = new FeatureCache(clip, model, timer, CACHE_BYTES.embedded);
  const followed = Array.from({ length: objects }, (_, i) => ({
    objectId: i + 1,
    prompts: new Map([[0, { points: [], mask: maskWhere(SIZE, (x, y) => isIn(i, x, y)) }]]),
  }));
  const now = () => ({
    ...workSoFar(),
    reads: runtime.stats.reads,
    runs: Object.fromEntries(Object.entries(runtime.stats.graphs).map(([name, { runs }]) => [name, runs])),
  });
  let [before, after] = [now(), now()];
  const run = propagate(
    clip,
    model,
    (index, work, frame) => features.use(index, work, frame),
    followed,
    new AbortController().signal,
  );
  for await (const { doneFrames } of run) {
    if (doneFrames === BEFORE) before = now();
    if (doneFrames === BEFORE + frames) after = now();
  }
  await features.dispose();
  await model.dispose();
  runtime.dispose();
  return {
    ...{ objects, frames },
    dispatches: difference(after.dispatches, before.dispatches),
    runs: difference(after.runs, before.runs),
    submits: after.submits - before.submits,
    reads: after.reads - before.reads,
  };
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, count]) => {
      const more = count - (before[name] ?? 0);
      return more > 0 ? [[name, more]] : [];
    }),
  );
}
