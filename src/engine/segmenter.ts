import type {
  Census,
  EverythingEvent,
  LoadEvent,
  ModelEvent,
  SegmenterApi,
  SegmentRequest,
  Segmentation,
  TrackEvent,
  TrackRequest,
} from '../core/protocol.ts';
import type { ClipInfo } from '../core/clip.ts';
import type { MaskletError } from '../core/errors.ts';
import { modelAddress } from './modelAddress.ts';
import { streamFrom } from './stream.ts';
import { WorkerHost } from './worker.ts';

/** The UI thread's client of the worker that runs the model. After a crash, load and open again. */
export class Segmenter {
  readonly #host: WorkerHost<SegmenterApi>;

  constructor(onCrash: (error: MaskletError) => void) {
    this.#host = new WorkerHost<SegmenterApi>(
      (name) =>
        new Worker(new URL('../../workers/segmenter.worker.ts', import.meta.url), { type: 'module', name }),
      onCrash,
    );
  }

  /** Loads a model; the last event is `ready`. Throws `aborted` when the signal fires. */
  load(modelId: string, signal?: AbortSignal): AsyncGenerator<LoadEvent, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.load(modelAddress(modelId), port), signal);
  }

  /** Tells of the model what becomes of it without being asked; ends with the worker. */
  watchModel(signal?: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.watchModel(port), signal);
  }

  open(file: Blob): Promise<ClipInfo> {
    return this.#host.call((client) => client.open(file));
  }

  /** Computes a frame's features before they are needed. */
  prepare(frame: number): Promise<void> {
    return this.#host.call((client) => client.prepare(frame));
  }

  segment(request: SegmentRequest): Promise<Segmentation> {
    return this.#host.call((client) => client.segment(request));
  }

  /** Proposes masks for all things on a frame, from coarse to fine. */
  everything(frame: number, signal?: AbortSignal): AsyncGenerator<EverythingEvent, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.everything(frame, port), signal);
  }

  /** Follows objects through the clip, frame by frame. A later run ends this one with `superseded`. */
  track(request: TrackRequest, signal?: AbortSignal): AsyncGenerator<TrackEvent, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.track(request, port), signal);
  }

  census(): Promise<Census> {
    return this.#host.call((client) => client.census());
  }
}
