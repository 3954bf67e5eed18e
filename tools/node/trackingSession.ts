import type { Frame, FrameSource } from '../../src/core/frames.ts';
import type { MaskRle } from '../../src/core/rle.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import type { VideoPoint } from '../../src/core/geometry.ts';
import type {
  Appearance,
  Example,
  ObjectToTrack,
  Proposal,
  TrackEvent,
  TrackSettings,
} from '../../src/core/protocol/segmenter.ts';
import {
  ALIKE,
  appearanceOf,
  findAlike,
  lookingModel,
  type AlikeOptions,
} from '../../workers/tracker/run/alike.ts';
import { EVERYTHING, findEverything, type EverythingOptions } from '../../workers/tracker/run/everything.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import type { FeatureLookup } from '../../workers/tracker/run/featureLookup.ts';
import { propagate, type RunOptions } from '../../workers/tracker/run/propagation.ts';
import { usePromptedMask } from '../../workers/tracker/run/promptedMask.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { FinishedMask } from '../../workers/tracker/videoModel.ts';
import type { FeatureFiles } from './featureFiles.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';

export interface TrackingSessionOptions {
  readonly model: AnyVideoModel;
  readonly source: FrameSource;
  readonly timer: StepTimer;
  /** Bound of the features that are kept in memory. */
  readonly cacheBytes?: number;
  /** Of runs that have none of their own. */
  readonly settings?: TrackSettings;
  /** Features on disk, and the clip's name there. */
  readonly files?: { readonly files: FeatureFiles<unknown>; readonly clip: string } | undefined;
}

/** One model on one clip: what the segmenter worker is in a browser. */
export class TrackingSession {
  readonly source: FrameSource;
  readonly #model: AnyVideoModel;
  readonly #settings: TrackSettings | undefined;
  readonly #lookUp: FeatureLookup<unknown>;

  constructor({ model, source, timer, cacheBytes = 256 * 2 ** 20, files, settings }: TrackingSessionOptions) {
    this.#model = model;
    this.#settings = settings;
    this.source = timer.timeSource(source);
    const features = new FeatureCache(source, model, timer, cacheBytes);
    const encode: FeatureLookup<unknown> = (index, work, frame) => features.use(index, work, frame);
    this.#lookUp = files ? files.files.lookUp(files.clip, encode) : encode;
  }

  /** The mask that prompts on one frame ask for. */
  async segment(frame: number, prompts: FramePrompts): Promise<FinishedMask> {
    const { frameCount } = this.source.info;
    return usePromptedMask(this.#model, this.#lookUp, { frame, frameCount, prompts }, (found) => found);
  }

  /** Masks of all things on a frame. */
  async everything(
    frame: number,
    signal?: AbortSignal,
    options: EverythingOptions = EVERYTHING,
  ): Promise<Proposal[]> {
    return this.#lookUp(frame, async (features) => {
      const found = new Map<number, Proposal>();
      const candidatesAt = (point: VideoPoint) => this.#model.candidates(features, point);
      const stop = signal ?? new AbortController().signal;
      for await (const event of findEverything(candidatesAt, this.source.info, stop, options)) {
        for (const proposal of event.added) found.set(proposal.id, proposal);
        for (const id of event.removed) found.delete(id);
      }
      return [...found.values()];
    });
  }

  /** What a thing looks like, from frames on which it is shown. @throws MaskletError `not-ready` where the model cannot say */
  appearanceOf(examples: readonly Example[]): Promise<Appearance> {
    return appearanceOf(lookingModel(this.#model), this.#lookUp, examples);
  }

  /** Masks of things on a frame that look like one, the most alike first. @param known masks of things that are not meant */
  alike(
    frame: number,
    appearance: Appearance,
    known: readonly MaskRle[] = [],
    options: AlikeOptions = ALIKE,
  ): Promise<Proposal[]> {
    const { signal } = new AbortController();
    return this.#lookUp(frame, (features) =>
      findAlike(lookingModel(this.#model), features, appearance, known, signal, options),
    );
  }

  /** Follows objects through the clip: one event for each frame and pass. */
  track(
    objects: readonly ObjectToTrack[],
    signal = new AbortController().signal,
    options: RunOptions<unknown> = {},
  ): AsyncGenerator<TrackEvent, void, undefined> {
    return propagate(this.source, this.#model, this.#lookUp, objects, signal, {
      ...(this.#settings && { settings: this.#settings }),
      ...options,
    });
  }
}

/** The frames `first` to `last` of a clip, both included, as a clip of their own that starts at 0. */
export function clipRange(source: FrameSource, first: number, last: number): FrameSource {
  const { info } = source;
  const timestamps = info.timestamps.slice(first, last + 1);
  const start = timestamps[0] ?? 0;
  const end = info.timestamps[last + 1] ?? info.duration;
  const shift = (frame: Frame): Frame => ({
    index: frame.index - first,
    pixels: () => frame.pixels(),
    close: () => frame.close(),
  });
  return {
    info: {
      ...info,
      frameCount: last - first + 1,
      timestamps: timestamps.map((time) => time - start),
      duration: end - start,
    },
    frame: async (index, signal) => shift(await source.frame(index + first, signal)),
    async *frames(from, to, signal) {
      for await (const frame of source.frames(from + first, to + first, signal)) yield shift(frame);
    },
    dispose: () => source.dispose(),
  };
}
