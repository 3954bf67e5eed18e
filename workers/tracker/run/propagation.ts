import { throwIfAborted } from '../../../src/core/errors.ts';
import type { Frame, FrameSource } from '../../../src/core/frames.ts';
import { hasPrompts } from '../../../src/core/prompts.ts';
import type { MaskRle } from '../../../src/core/rle.ts';
import {
  DEFAULT_SETTINGS,
  type ObjectToTrack,
  type TrackedObject,
  type TrackEvent,
  type TrackSettings,
} from '../../../src/core/protocol/segmenter.ts';
import { advance, type Step } from './advance.ts';
import type { DetailModel } from '../detail/detailMask.ts';
import { detailObjects } from '../detail/detailObjects.ts';
import { fastPass, type FastState } from './fastPass.ts';
import { areMeantToOverlap, layersOf } from './layers.ts';
import type { FeatureLookup } from './featureLookup.ts';
import type { Masklet } from './masklet.ts';
import { planPasses, spanAt, wholeClip, type Pass } from './passes.ts';
import { MemoryBank, type Direction, type TrackedMemories } from './memoryBank.ts';
import { memorizePrompted, usePromptedMask } from './promptedMask.ts';
import { remind } from './reminders.ts';
import type { MaskPrediction, PromptedMask, VideoModel } from '../videoModel.ts';

/** A run after one of its frames: all that a later run needs to go on as if this one had never stopped. */
export interface RunState<Memory> {
  readonly direction: Direction;
  /** The frame that was done last. */
  readonly frame: number;
  /** By object. */
  readonly tracked: ReadonlyMap<number, TrackedMemories<Memory>>;
  /** Of a fast run, in which only anchor frames leave a state. */
  readonly fast?: FastState;
  /** By frame and object: masks of the forward pass where the backward one comes again with other objects. */
  readonly passed: ReadonlyMap<number, ReadonlyMap<number, MaskRle>>;
}

export interface RunOptions<Memory> {
  /** Goes on after this state of an earlier run of the same model, clip and objects, followed through the whole clip. */
  readonly resumeFrom?: RunState<Memory> | undefined;
  readonly settings?: TrackSettings;
  /** Told the run's state after each frame, but in a fast run after each anchor frame; before the frame's event. */
  readonly onState?: (state: RunState<Memory>) => void;
}

/**
 * Follows objects through a clip, frame by frame: each through its spans, forward ones first. All objects share one encoder
 * pass a frame. Every prompted frame conditions the whole run.
 *
 * Yields one event for each frame and pass; objects without prompts are left out.
 */
export async function* propagate<Features, Memory, Prediction extends MaskPrediction>(
  source: FrameSource,
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  objects: readonly ObjectToTrack[],
  signal: AbortSignal,
  { resumeFrom, onState = () => undefined, settings = DEFAULT_SETTINGS }: RunOptions<Memory> = {},
): AsyncGenerator<TrackEvent, void, undefined> {
  const masklets: Masklet<Memory, Prediction>[] = [];
  try {
    for (const object of objects) {
      const masklet = await startMasklet(model, lookUp, object, source.info.frameCount, signal);
      if (masklet) masklets.push(masklet);
    }
    if (masklets.length > 0)
      yield* run(source, model, lookUp, masklets, signal, { resumeFrom, onState, settings });
  } finally {
    for (const { bank } of masklets) bank.clear();
  }
}

async function* run<Features, Memory, Prediction extends MaskPrediction>(
  source: FrameSource,
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  masklets: readonly Masklet<Memory, Prediction>[],
  signal: AbortSignal,
  { resumeFrom, onState, settings }: Required<RunOptions<Memory>>,
): AsyncGenerator<TrackEvent, void, undefined> {
  const spans = masklets.flatMap((masklet) => masklet.spans);
  const passes = planPasses(spans);
  const layers = settings.allowOverlap ? [masklets] : layersOf(masklets, areMeantToOverlap);
  const totalFrames = passes.reduce((sum, { from, to }) => sum + Math.abs(to - from) + 1, 0);
  const passed = new Map(resumeFrom?.passed);
  let doneFrames = 0;
  for (const { direction, from: passFrom, to } of passes) {
    const from = restore(masklets, { direction, from: passFrom, to }, resumeFrom);
    doneFrames += Math.abs(from - passFrom);
    if (Math.abs(from - passFrom) > Math.abs(to - passFrom)) continue;
    const pass = { direction, from, to };
    const track = frameStart(model, lookUp, masklets, signal, {
      ...{ direction, settings, layers, frameCount: source.info.frameCount },
      takenOf: (frame) => (settings.allowOverlap ? undefined : (passed.get(frame) ?? new Map())),
    });
    const start = settings.isDetailed ? inDetail(track, model, settings) : track;
    const frames = source.frames(from, to, signal);
    // Features are the only work on a frame that needs nothing of the frame before.
    const encode = (frame: Frame) => lookUp(frame.index, () => Promise.resolve(), frame);
    const after =
      from !== passFrom && resumeFrom?.fast
        ? { frame: await source.frame(resumeFrom.frame, signal), state: resumeFrom.fast }
        : undefined;
    const done = settings.isFast
      ? doFast(frames, start, masklets, pass, signal, after)
      : inOrder(beginEach(frames, start, encode, signal), model.finishesLater);
    for await (const { frame, objects, tracked, fast } of done) {
      if (direction === 'forward' && spanAt(spans, 'backward', frame))
        passed.set(frame, new Map(objects.map(({ objectId, mask }) => [objectId, mask])));
      doneFrames++;
      if (!settings.isFast || fast) onState({ direction, frame, tracked, passed, ...(fast && { fast }) });
      yield { frame, objects, doneFrames, totalFrames };
      throwIfAborted(signal);
    }
  }
}

/** A frame whose work is handed over. */
interface BegunFrame<Memory> extends Pick<RunState<Memory>, 'frame' | 'tracked' | 'fast'> {
  readonly objects: Promise<TrackedObject[]>;
}

type DoneFrame<Memory> = Omit<BegunFrame<Memory>, 'objects'> & { readonly objects: TrackedObject[] };

interface PassOptions<Memory, Prediction extends MaskPrediction> extends Pick<
  Step<Memory, Prediction>,
  'settings' | 'layers' | 'direction' | 'frameCount'
> {
  readonly takenOf: (frame: number) => Step<Memory, Prediction>['taken'];
}

/** Has the model do a frame of a pass. It resolves once the next one may begin; the frame stays the caller’s. */
type FrameStart<Memory> = (
  frame: Frame,
  how: Pick<Step<Memory, never>, 'isRemembered' | 'apart' | 'whileWaiting'>,
) => Promise<BegunFrame<Memory>>;

function frameStart<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  masklets: readonly Masklet<Memory, Prediction>[],
  signal: AbortSignal,
  { direction, frameCount, settings, layers, takenOf }: PassOptions<Memory, Prediction>,
): FrameStart<Memory> {
  return async (frame, how) => {
    const { index } = frame;
    const taking: Masklet<Memory, Prediction>[] = [];
    for (const masklet of masklets) {
      const span = spanAt(masklet.spans, direction, index);
      if (span === undefined) continue;
      taking.push(masklet);
      if (span.first === index) await remind(model, lookUp, masklet, span, settings, signal);
    }
    const place = { frame: index, direction, frameCount };
    const step = { ...place, taken: takenOf(index), settings, layers, ...how };
    const follow = (features: Features) => {
      throwIfAborted(signal);
      return advance(model, taking, features, step);
    };
    const { objects } = await lookUp(index, follow, frame);
    return { frame: index, tracked: trackedBy(masklets), objects };
  };
}

/** Looks at what was tracked in detail while the frame is there. What is remembered are the masks as they were tracked. */
function inDetail<Memory>(
  start: FrameStart<Memory>,
  model: DetailModel,
  { allowOverlap }: TrackSettings,
): FrameStart<Memory> {
  return async (frame, how) => {
    const begun = await start(frame, how);
    const objects = await detailObjects(model, frame, await begun.objects, allowOverlap);
    return { ...begun, objects: Promise.resolve(objects) };
  };
}

function trackedBy<Memory>(masklets: readonly Masklet<Memory, unknown>[]): BegunFrame<Memory>['tracked'] {
  return new Map(masklets.map(({ objectId, bank }) => [objectId, bank.tracked]));
}

/**
 * Begins the frames of a pass, one after the other, whether or not their masks are waited for. Where the model waits for something in the
 * middle of a frame, the next frame is encoded meanwhile. Closes the frames.
 */
async function* beginEach<Memory>(
  frames: AsyncGenerator<Frame, void, undefined>,
  start: FrameStart<Memory>,
  encode: (frame: Frame) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<BegunFrame<Memory>, void, undefined> {
  /** The frame that comes next, once it is asked for. */
  let coming: Promise<IteratorResult<Frame, void>> | undefined;
  let encoding: Promise<void> | undefined;
  const whileWaiting = () => {
    coming = frames.next();
    const encoded = coming.then(({ value }) => value && encode(value));
    // Where it fails, so does the frame when its turn comes.
    encoding = encoded.catch(() => undefined);
  };
  try {
    for (;;) {
      const { value: frame } = await (coming ?? frames.next());
      if (!frame) return;
      coming = undefined;
      let begun: BegunFrame<Memory>;
      try {
        begun = await start(frame, { isRemembered: true, whileWaiting });
      } finally {
        frame.close();
      }
      yield begun;
      // Lets messages in: a run on the CPU never waits for anything else, and would not hear that it was cancelled.
      await new Promise((resolve) => setTimeout(resolve));
      throwIfAborted(signal);
    }
  } finally {
    await encoding;
    const { value: unused } = (await coming?.catch(() => undefined)) ?? {};
    unused?.close();
    await frames.return();
  }
}

/** Waits for the masks of each frame: where they come later, once the next frame has been begun. */
async function* inOrder<Memory>(
  frames: AsyncIterable<BegunFrame<Memory>>,
  finishesLater: boolean,
): AsyncGenerator<DoneFrame<Memory>, void, undefined> {
  const finish = async (begun: BegunFrame<Memory>) => ({ ...begun, objects: await begun.objects });
  let waiting: BegunFrame<Memory> | undefined;
  try {
    for await (const begun of frames) {
      const former = waiting;
      waiting = begun;
      if (former) yield await finish(former);
      if (finishesLater) continue;
      waiting = undefined;
      yield await finish(begun);
    }
  } finally {
    // Nothing of a run is on its way when the run has ended.
    await waiting?.objects.catch(() => undefined);
  }
  if (waiting) yield await finish(waiting);
}

/** Goes through a pass with the model on anchor frames only. */
async function* doFast<Memory, Prediction>(
  frames: AsyncIterable<Frame>,
  start: FrameStart<Memory>,
  masklets: readonly Masklet<Memory, Prediction>[],
  { direction, to }: Pass,
  signal: AbortSignal,
  after: Parameters<typeof fastPass>[3],
): AsyncGenerator<DoneFrame<Memory>, void, undefined> {
  const follow = async (frame: Frame, how: Parameters<typeof start>[1]) => {
    const begun = await start(frame, how);
    return { objects: await begun.objects };
  };
  const isAnchor = (index: number) =>
    index === to ||
    masklets.some(({ prompted, spans, bank }) => {
      const span = spanAt(spans, direction, index);
      const isAtEnd = span?.first === index || span?.last === index;
      return prompted.has(index) || isAtEnd || bank.isCandidate(index);
    });
  for await (const { index, objects, state } of fastPass(frames, { isAnchor, follow }, signal, after))
    yield {
      ...{ frame: index, objects: [...objects], tracked: trackedBy(masklets) },
      ...(state && { fast: state }),
    };
}

/** Where a pass starts: at its own start, or after the state that a run goes on from, which is then put back. */
function restore<Memory>(
  masklets: readonly Masklet<Memory, unknown>[],
  { direction, from, to }: Pass,
  state: RunState<Memory> | undefined,
): number {
  if (!state) return from;
  // Where an earlier run had come to the backward pass, the forward one is over.
  if (direction !== state.direction) return direction === 'forward' ? to + 1 : from;
  for (const { objectId, bank } of masklets) {
    const tracked = state.tracked.get(objectId);
    if (tracked) bank.restoreTracked(tracked);
  }
  return state.frame + (direction === 'forward' ? 1 : -1);
}

/** Decodes the object's prompted frames and fills its bank with them; `undefined` if it has none. */
async function startMasklet<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  { objectId, prompts, spans, overlapping = [] }: ObjectToTrack,
  frameCount: number,
  signal: AbortSignal,
): Promise<Masklet<Memory, Prediction> | undefined> {
  const [firstPrompt] = [...prompts]
    .flatMap(([frame, each]) => (hasPrompts(each) ? [frame] : []))
    .sort(ascending);
  if (firstPrompt === undefined) return undefined;
  const follow = spans ?? wholeClip(firstPrompt, frameCount);
  const turns = follow.flatMap(({ direction, first }) => (direction === 'backward' ? [first] : []));
  const bank = new MemoryBank<Memory>(model.memoryRules, (memory) => model.free(memory), turns);
  const prompted = new Map<number, Prediction & PromptedMask>();
  try {
    for (const [frame, framePrompts] of [...prompts].sort(([a], [b]) => a - b)) {
      throwIfAborted(signal);
      if (!hasPrompts(framePrompts)) continue;
      const place = { frame, frameCount, prompts: framePrompts };
      await usePromptedMask(model, lookUp, place, async (prediction, features) => {
        prompted.set(frame, prediction);
        const { memory, distractor } = await memorizePrompted(model, features, prediction);
        if (memory !== undefined) bank.addConditioning({ frame, memory, distractor });
      });
    }
  } catch (error) {
    bank.clear();
    throw error;
  }
  return { objectId, prompts, bank, prompted, overlapping, spans: follow };
}

function ascending(a: number, b: number): number {
  return a - b;
}
