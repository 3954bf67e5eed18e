import { EMPTY_CENSUS, type Census } from '../../src/core/census.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { ClipInfo } from '../../src/core/clip.ts';
import type { VideoPoint } from '../../src/core/geometry.ts';
import type {
  AlikeEvent,
  AlikeRequest,
  Appearance,
  DetailEvent,
  EverythingEvent,
  Example,
  LoadEvent,
  MaskToDetail,
  ModelEvent,
  Proposal,
  SegmenterApi,
  Segmentation,
  SegmentRequest,
  TrackEvent,
  TrackRequest,
} from '../../src/core/protocol/segmenter.ts';
import type { ModelCheckEvent } from '../../src/core/protocol/modelCheck.ts';
import type { ModelAddress } from '../../src/core/protocol/model.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import type { Clip } from '../media/clip.ts';
import { liveFrameCount } from '../media/mediaFrame.ts';
import { openClip } from '../media/openClip.ts';
import { ModelLibrary } from '../library/library.ts';
import { detailMask } from '../tracker/detail/detailMask.ts';
import { appearanceOf, findAlike, lookingModel } from '../tracker/run/alike.ts';
import { findEverything } from '../tracker/run/everything.ts';
import { runtimeCensus } from '../models/runtimeCensus.ts';
import type { FeatureLookup } from '../tracker/run/featureLookup.ts';
import { propagate } from '../tracker/run/propagation.ts';
import { usePromptedMask } from '../tracker/run/promptedMask.ts';
import type { AnyVideoModel } from '../tracker/videoModel.ts';
import { StepTimer } from '../tracker/run/stepTimer.ts';
import { THIS_MACHINE } from '../models/devices.ts';
import { EventQueue } from './eventQueue.ts';
import { ModelHost, type Ready } from './modelHost.ts';

/** The segmenter worker's side of the contract: one model and one clip at a time. */
export class SegmenterService implements SegmenterApi {
  readonly #timer = new StepTimer();
  readonly #modelEvents = new EventQueue<ModelEvent>();
  readonly #host: ModelHost;
  #clip: Clip | undefined;
  #lastOpening = 0;
  #run: AbortController | undefined;
  #trackedFrames = 0;
  /** Masks that a person waits for, on their way. */
  readonly #waitedFor = new Set<Promise<unknown>>();

  /** @param devices where models may run */
  constructor(devices = THIS_MACHINE) {
    this.#host = new ModelHost(this.#timer, devices, (event) => this.#modelEvents.push(event));
  }

  async load(model: ModelAddress, stream: Stream<LoadEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#load(model, signal));
  }

  async watchModel(stream: Stream<ModelEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#modelEvents.read(signal));
  }

  async open(file: Blob): Promise<ClipInfo> {
    const opening = ++this.#lastOpening;
    const clip = await openClip(file);
    if (opening !== this.#lastOpening) {
      clip.dispose();
      throw new MaskletError('superseded', 'Another clip was opened meanwhile.');
    }
    this.#endRun('Another clip was opened.');
    this.#clip?.dispose();
    this.#clip = clip;
    this.#host.setClip(clip);
    return clip.info;
  }

  async prepare(frame: number): Promise<void> {
    if (this.#run || !this.#host.features) return;
    await this.#host.use(({ features }) => features.use(frame, () => undefined));
  }

  async segment({ frame, prompts }: SegmentRequest): Promise<Segmentation> {
    return this.#host.use(async ({ model, madeBy, features, clip }) => {
      features.prefer(frame);
      const lookUp: FeatureLookup<unknown> = (index, work, given) => features.use(index, work, given);
      const { frameCount } = clip.info;
      const segmented = usePromptedMask(model, lookUp, { frame, frameCount, prompts }, (prediction) => {
        model.free(prediction);
        return { mask: prediction.mask, score: prediction.score, model: madeBy };
      });
      this.#waitedFor.add(segmented);
      return segmented.finally(() => this.#waitedFor.delete(segmented));
    });
  }

  async everything(frame: number, stream: Stream<EverythingEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#everything(frame, signal));
  }

  appearance(examples: readonly Example[]): Promise<Appearance> {
    return this.#host.use(({ model, features }) =>
      appearanceOf(lookingModel(model), (frame, work) => features.use(frame, work), examples),
    );
  }

  async alike(request: AlikeRequest, stream: Stream<AlikeEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#alike(request, signal));
  }

  async detail(masks: readonly MaskToDetail[], stream: Stream<DetailEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#detail(masks, signal));
  }

  async track(request: TrackRequest, stream: Stream<TrackEvent>): Promise<void> {
    this.#endRun('Another run was started.');
    const run = new AbortController();
    this.#run = run;
    await pumpToPort(stream, (signal) =>
      this.#host.follow(request, AbortSignal.any([signal, run.signal]), (...given) => this.#track(...given)),
    );
    if (this.#run === run) this.#run = undefined;
  }

  async checkModel(stream: Stream<ModelCheckEvent>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#host.check(signal));
  }

  async census(): Promise<Census> {
    const { loaded, features } = this.#host;
    return {
      ...(loaded ? runtimeCensus(loaded.stats) : EMPTY_CENSUS),
      buffers: features?.size ?? 0,
      bytes: features?.bytes ?? 0,
      maxBytes: loaded?.budget.featureBytes ?? 0,
      objectsPerStep: loaded?.budget.objectsPerStep ?? 0,
      frames: liveFrameCount(),
      trackedFrames: this.#trackedFrames,
      stepMs: this.#timer.totals(),
    };
  }

  async *#load(
    { folder, id }: ModelAddress,
    signal: AbortSignal,
  ): AsyncGenerator<LoadEvent, void, undefined> {
    const known = await new ModelLibrary(folder).find(id, signal);
    for await (const event of this.#host.load(known, signal)) {
      if (event.type === 'ready') this.#endRun('Another model was loaded.');
      yield event;
    }
  }

  async *#everything(frame: number, signal: AbortSignal): AsyncGenerator<EverythingEvent, void, undefined> {
    if (!this.#clip) throw new MaskletError('not-ready', 'No clip is open.');
    let made: Pick<Proposal, 'model'> = {};
    const candidatesAt = (point: VideoPoint) =>
      this.#host.use(({ model, madeBy, features }) => {
        made = { model: madeBy };
        return features.use(frame, (seen) => model.candidates(seen, point));
      });
    for await (const event of findEverything(candidatesAt, this.#clip.info, signal))
      yield { ...event, added: event.added.map((proposal) => ({ ...proposal, ...made })) };
  }

  async *#alike(
    { appearance, places, file }: AlikeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<AlikeEvent, void, undefined> {
    const other = file && (await openClip(file));
    try {
      for (const [at, { frame, known }] of places.entries()) {
        throwIfAborted(signal);
        const found = await this.#host.use(async ({ model, madeBy, features }) => {
          const find = (seen: unknown) => findAlike(lookingModel(model), seen, appearance, known, signal);
          const proposals = await (other
            ? useFeaturesOf(other, frame, model, find)
            : features.use(frame, find));
          return proposals.map((proposal) => ({ ...proposal, model: madeBy }));
        });
        yield { frame, found, doneFrames: at + 1, totalFrames: places.length };
      }
    } finally {
      other?.dispose();
    }
  }

  async *#detail(
    masks: readonly MaskToDetail[],
    signal: AbortSignal,
  ): AsyncGenerator<DetailEvent, void, undefined> {
    const [first, last] = [masks.at(0), masks.at(-1)];
    if (!this.#clip) throw new MaskletError('not-ready', 'No clip is open.');
    if (!first || !last) return;
    const byFrame = new Map(masks.map((each) => [each.frame, each]));
    for await (const frame of this.#timer.timeSource(this.#clip).frames(first.frame, last.frame, signal)) {
      const { index } = frame;
      const tracked = byFrame.get(index);
      let made: Omit<DetailEvent, 'frame'> = { mask: undefined };
      try {
        if (tracked)
          made = await this.#host.use(async ({ model, madeBy }) => ({
            mask: await detailMask(model, frame, tracked),
            model: madeBy,
          }));
      } finally {
        frame.close();
      }
      if (tracked) yield { frame: index, ...made };
      await this.#makeWay();
    }
  }

  async *#track(
    { model, madeBy, features, clip }: Ready,
    { objects, settings }: TrackRequest,
    signal: AbortSignal,
  ): AsyncGenerator<TrackEvent, void, undefined> {
    const source = this.#timer.timeSource(clip);
    const lookUp: FeatureLookup<unknown> = (index, work, frame) => features.use(index, work, frame);
    for (const { prompts } of objects) for (const frame of prompts.keys()) features.prefer(frame);
    for await (const event of propagate(source, model, lookUp, objects, signal, { settings })) {
      this.#trackedFrames++;
      yield { ...event, model: madeBy };
      await this.#makeWay();
    }
  }

  /**
   * Lets prompts go first, those too that have been sent while the processor was busy. On the CPU a run takes the worker's
   * thread: without this, reading a frame for a prompt would wait for many tracked frames.
   */
  async #makeWay(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    while (this.#waitedFor.size > 0) await Promise.allSettled(this.#waitedFor);
  }

  #endRun(why: string): void {
    this.#run?.abort(new MaskletError('superseded', why));
    this.#run = undefined;
  }
}

/** Gives `work` the features of a frame of a clip that is not the open one. They last until it ends. */
async function useFeaturesOf<Result>(
  clip: Clip,
  index: number,
  model: AnyVideoModel,
  work: (features: unknown) => Promise<Result>,
): Promise<Result> {
  const frame = await clip.frame(index);
  try {
    const features = await model.encode(frame);
    try {
      return await work(features);
    } finally {
      model.free(features);
    }
  } finally {
    frame.close();
  }
}
