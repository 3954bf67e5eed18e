/** Runs of models without real weights, on whatever device the runtime is: a GPU's are held to those that Node's CPU gave. */
import type { FrameSource } from '../src/core/frames.ts';
import type { ObjectToTrack, TrackedObject } from '../src/core/protocol/segmenter.ts';
import type { GraphRuntime } from '../workers/models/graph.ts';
import { isOnGpu } from '../workers/models/tensorStore.ts';
import { EmbeddedModel } from '../workers/tracker/embedded/embeddedModel.ts';
import { MASK_SIDE } from '../workers/tracker/embedded/decoder.ts';
import { switchOff } from '../workers/tracker/embedded/tuned.ts';
import { FeatureCache } from '../workers/tracker/run/featureCache.ts';
import { propagate } from '../workers/tracker/run/propagation.ts';
import { StepTimer } from '../workers/tracker/run/stepTimer.ts';
import { Sam2Model } from '../workers/tracker/sam2/sam2Model.ts';
import type { ParityFixture } from '../workers/tracker/sam2/testing/fixture.ts';
import { fixtureSource } from '../workers/tracker/sam2/testing/fixtureSource.ts';
import { weightsOf } from '../workers/tracker/sam2/weights.ts';
import type { AnyVideoModel } from '../workers/tracker/videoModel.ts';
import { CACHE_BYTES, clickedObjects, FIXTURE_CLICKS } from '../tools/bench/benchRun.ts';
import { PAINTED_MODEL, paintedClip, paintedMasks, type Painted } from './paintedRun.ts';
import { weightlessSam2 } from './weightlessSam2.ts';

/** A run: of a fixture's model on the fixtures' clip, played to and fro, or of the painted model on a painted clip. */
export type RunTask =
  | {
      /** In fixtures/models, of Masklet's contract. */
      readonly folder: string;
      readonly objects: number;
      readonly frames: number;
      /** Graphs without weights instead of the fixture's, for long runs. */
      readonly weightless: boolean;
    }
  | { readonly painted: Painted };

/** Runs whose masks on the CPU are kept, by name. A memory is full after 16 frames: what 96 show, 500 show. */
export const KEPT_RUNS = {
  'tiny SAM 2': { folder: 'sam2.1-tiny-random', objects: 2, frames: 12, weightless: false },
  'graphs without weights': { folder: 'sam2.1-tiny-random', objects: 2, frames: 96, weightless: true },
  gone: { painted: 'gone' },
  twin: { painted: 'twin' },
  late: { painted: 'late' },
  marked: { painted: 'marked' },
  corrected: { painted: 'corrected' },
} as const satisfies Readonly<Record<string, RunTask>>;

export type KeptRun = keyof typeof KEPT_RUNS;

/** What a run gave, and what it took. */
export interface RunResult {
  /** By frame, and on each by object. */
  readonly masks: readonly TrackedObject[];
  /** Buffers of the GPU in use after each frame, their bytes, and the bytes that came back from it until then, in how many read-backs. */
  readonly buffers: readonly number[];
  readonly bytes: readonly number[];
  readonly bytesDown: readonly number[];
  readonly reads: readonly number[];
  /** Bytes of all buffers of the device after each frame. */
  readonly deviceBytes: readonly number[];
  /** Guesses that the embedded model's decoder is given on a GPU. */
  readonly guesses: number;
  /** Buffers in use when all is disposed. */
  readonly left: number;
}

/**
 * Plays a run.
 *
 * @param readFixture reads a folder of fixtures/models
 * @param bytesOnDevice of all buffers; a CPU has none
 */
export async function playRun(
  task: RunTask,
  runtime: GraphRuntime,
  readFixture: (folder: string) => Promise<ParityFixture>,
  bytesOnDevice: () => number = () => 0,
): Promise<RunResult> {
  const guesses = countGuesses(runtime);
  const timer = new StepTimer();
  if ('painted' in task) {
    // The painted model takes two discs of one colour for one thing, so the two differ a little. They are to be a pair all the same.
    const switchOn = switchOff(task.painted === 'marked' ? ['same'] : []);
    const model: AnyVideoModel = await EmbeddedModel.load(runtime, PAINTED_MODEL, timer);
    const objects = paintedMasks(task.painted).map((masks, i) => ({
      objectId: i + 1,
      prompts: new Map([...masks].map(([frame, mask]) => [frame, { points: [], mask }])),
    }));
    const result = await follow(
      model,
      paintedClip(task.painted),
      objects,
      runtime,
      timer,
      CACHE_BYTES.embedded,
      bytesOnDevice,
    ).finally(switchOn);
    return { ...result, guesses: guesses.count };
  }
  const fixture = await readFixture(task.folder);
  const { manifest, weights } = task.weightless
    ? withoutWeights(fixture)
    : { manifest: fixture.manifest, weights: weightsOf(fixture.files) };
  const model: AnyVideoModel = await Sam2Model.load(runtime, manifest, weights, timer);
  const objects = clickedObjects(FIXTURE_CLICKS, task.objects);
  const source = fixtureSource(fixture, task.frames);
  const result = await follow(model, source, objects, runtime, timer, CACHE_BYTES.fixture, bytesOnDevice);
  return { ...result, guesses: guesses.count };
}

async function follow(
  model: AnyVideoModel,
  source: FrameSource,
  objects: readonly ObjectToTrack[],
  runtime: GraphRuntime,
  timer: StepTimer,
  cacheBytes: number,
  bytesOnDevice: () => number,
): Promise<Omit<RunResult, 'guesses'>> {
  const features = new FeatureCache(source, model, timer, cacheBytes);
  const masks: TrackedObject[] = [];
  const [buffers, bytes, bytesDown]: [number[], number[], number[]] = [[], [], []];
  const [deviceBytes, reads]: [number[], number[]] = [[], []];
  const run = propagate(
    source,
    model,
    (index, work, frame) => features.use(index, work, frame),
    objects,
    new AbortController().signal,
  );
  for await (const event of run) {
    masks.push(...event.objects);
    buffers.push(runtime.stats.liveBuffers);
    bytes.push(runtime.stats.liveBytes);
    bytesDown.push(runtime.stats.bytesDown);
    reads.push(runtime.stats.reads);
    deviceBytes.push(bytesOnDevice());
  }
  await features.dispose();
  await model.dispose();
  return { masks, buffers, bytes, bytesDown, reads, deviceBytes, left: runtime.stats.liveBuffers };
}

function withoutWeights({ manifest, files }: ParityFixture) {
  if (manifest.contract !== 'masklet') throw new TypeError('There are such graphs for one contract only.');
  const graphs = weightlessSam2(manifest);
  // They lack the outputs that only a click's readings need.
  return { manifest: { ...manifest, tensors: undefined }, weights: weightsOf({ ...files, ...graphs }) };
}

/** Of the mask of one guess. */
const MASK_BYTES = MASK_SIDE ** 2 * Float32Array.BYTES_PER_ELEMENT;

/** Counts the guesses that the decoder is given by sessions that the runtime is going to load for a GPU. */
function countGuesses(runtime: GraphRuntime): { readonly count: number } {
  const guesses = { count: 0 };
  const load = runtime.load.bind(runtime);
  runtime.load = async (name, ...rest) => {
    const session = await load(name, ...rest);
    const run = session.runInPlace.bind(session);
    if (name === 'mask decoder')
      session.runInPlace = (inputs, ...how) => {
        const masks = inputs['mask_input'];
        // The dims for a recorded run count the places that are left as well.
        if (masks && isOnGpu(masks)) guesses.count += masks.slice.bytes / MASK_BYTES;
        return run(inputs, ...how);
      };
    return session;
  };
  return guesses;
}
