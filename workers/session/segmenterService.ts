import { EMPTY_CENSUS } from '../../src/core/census.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { ClipInfo } from '../../src/core/clip.ts';
import type { VideoPoint } from '../../src/core/geometry.ts';
import type {
  Census,
  EverythingEvent,
  LoadEvent,
  ModelAddress,
  SegmenterApi,
  Segmentation,
  SegmentRequest,
  TrackEvent,
  TrackRequest,
} from '../../src/core/protocol.ts';
import { pumpToPort } from '../../src/core/stream.ts';
import type { Clip } from '../media/clip.ts';
import { liveFrameCount } from '../media/mediaFrame.ts';
import { openClip } from '../media/openClip.ts';
import { ModelLibrary } from '../models/library.ts';
import { findEverything } from '../tracker/everything.ts';
import { runtimeCensus } from '../models/runtimeCensus.ts';
import { FeatureCache } from '../tracker/featureCache.ts';
import { propagate, type FeatureLookup } from '../tracker/propagation.ts';
import { StageTimer } from '../tracker/stageTimer.ts';
import { loadModel, type LoadedModel } from './modelLoader.ts';

/** Features kept for prompting and tracking anew: about 9 MB a frame of the embedded model, 25 MB of SAM 2. */
const FEATURE_BYTES = 256 * 2 ** 20;

/** The segmenter worker's side of the contract: one model and one clip at a time. */
export class SegmenterService implements SegmenterApi {
  readonly #timer = new StageTimer();
  #loaded: LoadedModel | undefined;
  #clip: Clip | undefined;
  #lastOpening = 0;
  #features: FeatureCache<unknown> | undefined;
  #run: AbortController | undefined;
  /** When all runs, and all that used the features of former clips, have let go of everything. */
  #ended: Promise<unknown> = Promise.resolve();
  #trackedFrames = 0;
  /** Masks that a person waits for, on their way. */
  readonly #waitedFor = new Set<Promise<unknown>>();

  async load(model: ModelAddress, port: MessagePort): Promise<void> {
    await pumpToPort(port, (signal) => this.#load(model, signal));
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
    this.#ended = Promise.allSettled([this.#ended, this.#renewFeatures()]);
    return clip.info;
  }

  async prepare(frame: number): Promise<void> {
    if (this.#run) return;
    await this.#features?.use(frame, () => undefined);
  }

  async segment({ frame, prompts }: SegmentRequest): Promise<Segmentation> {
    const { model, features } = this.#ready();
    const segmented = features.use(frame, async (seen) => {
      const prediction = await model.segment(seen, prompts);
      model.free(prediction);
      return { mask: prediction.mask, score: prediction.score };
    });
    this.#waitedFor.add(segmented);
    return segmented.finally(() => this.#waitedFor.delete(segmented));
  }

  async everything(frame: number, port: MessagePort): Promise<void> {
    await pumpToPort(port, (signal) => this.#everything(frame, signal));
  }

  async track(request: TrackRequest, port: MessagePort): Promise<void> {
    this.#endRun('Another run was started.');
    const run = new AbortController();
    this.#run = run;
    const pumped = pumpToPort(port, (signal) => this.#track(request, AbortSignal.any([signal, run.signal])));
    this.#ended = Promise.allSettled([this.#ended, pumped]);
    await pumped;
    if (this.#run === run) this.#run = undefined;
  }

  async census(): Promise<Census> {
    const loaded = this.#loaded ? runtimeCensus(this.#loaded.stats) : EMPTY_CENSUS;
    return {
      ...loaded,
      buffers: this.#features?.size ?? 0,
      bytes: this.#features?.bytes ?? 0,
      maxBytes: FEATURE_BYTES,
      frames: liveFrameCount(),
      trackedFrames: this.#trackedFrames,
      stageMs: this.#timer.totals(),
    };
  }

  async *#load(
    { folder, id }: ModelAddress,
    signal: AbortSignal,
  ): AsyncGenerator<LoadEvent, void, undefined> {
    const known = await new ModelLibrary(folder).find(id, signal);
    const loaded = yield* loadModel(known, this.#timer, signal);
    if (signal.aborted) {
      await loaded.dispose();
      throwIfAborted(signal);
    }
    this.#endRun('Another model was loaded.');
    const former = this.#loaded;
    this.#loaded = loaded;
    const unused = Promise.all([this.#ended, this.#renewFeatures()]);
    try {
      yield { type: 'ready', model: loaded.info };
    } finally {
      // Nothing new waits for it; a run that it still has ends first.
      await unused
        .then(() => former?.dispose())
        .catch((cause: unknown) => console.warn('The former model stays in memory.', cause));
    }
  }

  async *#everything(frame: number, signal: AbortSignal): AsyncGenerator<EverythingEvent, void, undefined> {
    const { model, features, clip } = this.#ready();
    const candidatesAt = (point: VideoPoint) => features.use(frame, (seen) => model.candidates(seen, point));
    yield* findEverything(candidatesAt, clip.info, signal);
  }

  async *#track(
    { objects, settings }: TrackRequest,
    signal: AbortSignal,
  ): AsyncGenerator<TrackEvent, void, undefined> {
    const { model, features, clip } = this.#ready();
    const source = this.#timer.timeSource(clip);
    const lookUp: FeatureLookup<unknown> = (index, work, frame) => features.use(index, work, frame);
    for await (const event of propagate(source, model, lookUp, objects, signal, { settings })) {
      this.#trackedFrames++;
      yield event;
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

  #ready() {
    if (!this.#loaded) throw new MaskletError('not-ready', 'The model is not loaded yet.');
    if (!this.#clip || !this.#features) throw new MaskletError('not-ready', 'No clip is open.');
    return { model: this.#loaded.model, clip: this.#clip, features: this.#features };
  }

  /** Features belong to one clip and one model. Resolves when nothing uses the former ones any more. */
  async #renewFeatures(): Promise<void> {
    const former = this.#features;
    this.#features =
      this.#clip &&
      this.#loaded &&
      new FeatureCache(this.#clip, this.#loaded.model, this.#timer, FEATURE_BYTES);
    await former?.dispose();
  }

  #endRun(why: string): void {
    this.#run?.abort(new MaskletError('superseded', why));
    this.#run = undefined;
  }
}
