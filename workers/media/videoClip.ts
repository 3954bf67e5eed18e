import { VideoSampleSink, type Input, type InputVideoTrack, type VideoSample } from 'mediabunny';
import { checkFrames, type ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { backwardChunks } from './backwardChunks.ts';
import { frameBytes, type Clip } from './clip.ts';
import type { FrameTable } from './frameTable.ts';
import { FrameCanvas, MediaFrame } from './mediaFrame.ts';

/** Bound on the pictures that going backward holds at a time: a decoder runs forward only. */
const BACKWARD_BYTES = 256 * 2 ** 20;

/** Container times are rounded when they are converted; frames are never this close together. */
const SAME_TIME_MICROSECONDS = 2;

/** What a demuxed video consists of. */
export interface VideoParts {
  readonly input: Input;
  readonly track: InputVideoTrack;
  readonly table: FrameTable;
  readonly info: ClipInfo;
  /** Whether a decoded frame carries its own packet's time stamp; see `#timeOf`. */
  readonly decoderKeepsTime: boolean;
}

/** The frames of a video. Calls may overlap: each one decodes on its own. */
export class VideoClip implements Clip {
  readonly info: ClipInfo;
  readonly #parts: VideoParts;
  readonly #sink: VideoSampleSink;
  readonly #canvas: FrameCanvas;
  /** Ends each decoder that runs. */
  readonly #running = new Set<() => void>();
  #disposed = false;

  constructor(parts: VideoParts) {
    this.info = parts.info;
    this.#parts = parts;
    this.#sink = new VideoSampleSink(parts.track);
    this.#canvas = new FrameCanvas(parts.info);
  }

  decodeStart(index: number): number {
    checkFrames(this.info, index);
    return this.#parts.table.groupStart[index] ?? 0;
  }

  async frame(index: number, signal?: AbortSignal): Promise<MediaFrame> {
    checkFrames(this.info, index);
    const run = this.#forward(index, index, signal);
    const { value } = await run.next();
    await run.return();
    if (!value) throw this.#undecodable(index);
    return value;
  }

  async *frames(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    checkFrames(this.info, first, last);
    yield* last < first ? this.#backward(first, last, signal) : this.#forward(first, last, signal);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const stop of this.#running) stop();
    this.#parts.input.dispose();
  }

  /**
   * Frames in order. After an error it starts again once from the key frame: an error drops the good frames that were
   * waiting in the decoder, and browsers take decoders away from pages that rest.
   */
  async *#forward(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    let next = first;
    let retried = -1;
    while (next <= last) {
      try {
        for await (const frame of this.#decode(next, last, signal)) {
          next = frame.index + 1;
          yield frame;
        }
      } catch (thrown) {
        if (thrown instanceof MaskletError) throw thrown;
        throwIfAborted(signal);
        this.#checkOpen();
        if (retried === next) throw this.#undecodable(next, thrown);
        retried = next;
      }
    }
  }

  /** One run of the decoder; throws what the decoder throws. */
  async *#decode(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    throwIfAborted(signal);
    this.#checkOpen();
    const { decodeFrom, microseconds } = this.#parts.table;
    const samples = this.#sink.samples(decodeFrom[first] ?? 0);
    const stop = () => void samples.return();
    signal?.addEventListener('abort', stop);
    this.#running.add(stop);
    let expected = first;
    try {
      while (expected <= last) {
        const { value: sample } = await samples.next();
        if (signal?.aborted || this.#disposed) sample?.close();
        throwIfAborted(signal);
        this.#checkOpen();
        if (!sample) throw this.#undecodable(expected);
        const late = this.#timeOf(sample) - (microseconds[expected] ?? 0);
        if (late < -SAME_TIME_MICROSECONDS) {
          sample.close();
        } else if (late > SAME_TIME_MICROSECONDS) {
          sample.close();
          throw this.#undecodable(expected);
        } else {
          yield new MediaFrame(expected++, sample, this.#canvas);
        }
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#running.delete(stop);
      stop();
    }
  }

  async *#backward(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    const maxFrames = Math.floor(BACKWARD_BYTES / frameBytes(this.info));
    for (const { start, end } of backwardChunks(first, last, maxFrames, this.#parts.table.groupStart)) {
      const held: MediaFrame[] = [];
      try {
        // Copies: hardware decoders stop when a few of their own frames are kept.
        for await (const frame of this.#forward(start, end, signal)) held.push(await frame.detach());
        for (let frame = held.pop(); frame; frame = held.pop()) {
          yield frame;
          throwIfAborted(signal);
        }
      } finally {
        for (const frame of held) frame.close();
      }
    }
  }

  /**
   * The time stamp that names a decoded frame, in microseconds. The sink numbers frames in the order in which they come
   * out; if a decoder drops one, all later ones would pass for their predecessors. The decoder's own stamp shows that.
   * It only misleads where a container stores B-frames without saying when they are shown; then the sink is right.
   */
  #timeOf(sample: VideoSample): number {
    const source = this.#parts.decoderKeepsTime ? sample.toCanvasImageSource() : undefined;
    return source instanceof VideoFrame ? source.timestamp : sample.microsecondTimestamp;
  }

  #undecodable(index: number, cause?: unknown): MaskletError {
    return new MaskletError(
      'frame-undecodable',
      `Frame ${index + 1} of ${this.info.frameCount} cannot be decoded: the video is damaged there. ` +
        'Go to another frame, or convert the video anew.',
      { cause },
    );
  }

  #checkOpen(): void {
    if (this.#disposed) throw new MaskletError('disposed', 'The video was used after it had been closed.');
  }
}
