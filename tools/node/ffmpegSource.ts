import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';
import { startFfmpeg } from './ffmpeg.ts';
import { ffmpegInput, type FfmpegInput } from './ffmpegInput.ts';

/** A backward read decodes as many frames at a time as fit into this. */
const CHUNK_BYTES = 128 * 2 ** 20;

/**
 * The frames of a video file, or of a folder of JPEG or PNG files in the order of their names, through ffmpeg. Frames are
 * exact by number: a frame that cannot be decoded ends the read with an error; it is never left out.
 */
export class FfmpegSource implements FrameSource {
  readonly info: ClipInfo;
  /** What each frame is called, without an ending. */
  readonly names: readonly string[];
  readonly #path: string;
  readonly #input: FfmpegInput;

  private constructor(path: string, input: FfmpegInput) {
    const { size, codec, timestamps, duration, ticksPerSecond, names } = input;
    this.info = {
      ...{ kind: 'video', ...size, frameCount: timestamps.length, timestamps, duration, codec },
      ...(ticksPerSecond !== undefined && { ticksPerSecond }),
    };
    this.names = names;
    this.#path = path;
    this.#input = input;
  }

  /** @throws MaskletError `file-not-media` if ffmpeg finds no video in it, `not-ready` if there is no ffmpeg. */
  static async open(path: string): Promise<FfmpegSource> {
    return new FfmpegSource(path, await ffmpegInput(path));
  }

  async frame(index: number, signal?: AbortSignal): Promise<Frame> {
    let found: Frame | undefined;
    for await (const frame of this.frames(index, index, signal)) found = frame;
    if (!found) throw new RangeError(`There is no frame ${index} in ${this.#path}.`);
    return found;
  }

  async *frames(first: number, last: number, signal?: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    const { width, height, frameCount } = this.info;
    for (const index of [first, last]) {
      if (!Number.isInteger(index) || index < 0 || index >= frameCount) {
        throw new RangeError(`There is no frame ${index} in a clip of ${frameCount}.`);
      }
    }
    if (first <= last) {
      yield* this.#read(first, last, signal);
      return;
    }
    const chunkFrames = Math.max(1, Math.floor(CHUNK_BYTES / (width * height * 4)));
    for (let end = first; end >= last; end -= chunkFrames) {
      const chunk: Frame[] = [];
      for await (const frame of this.#read(Math.max(last, end - chunkFrames + 1), end, signal)) {
        chunk.unshift(frame);
      }
      yield* chunk;
    }
  }

  dispose(): void {
    // Nothing outlives a read: each has its own ffmpeg.
  }

  async *#read(first: number, last: number, signal?: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    const { width, height } = this.info;
    const bytes = width * height * 4;
    const { args, pipe } = this.#input.read(first, last);
    const ffmpeg = startFfmpeg(
      'ffmpeg',
      [
        // Without -xerror a frame that cannot be decoded is left out, and all after it would get a wrong number.
        ...['-v', 'error', '-xerror', ...(pipe ? [] : ['-nostdin']), ...args, '-fps_mode', 'passthrough'],
        ...['-frames:v', String(last - first + 1), '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'],
      ],
      this.#path,
      pipe,
    );
    let index = first;
    try {
      let data = new Uint8ClampedArray(bytes);
      let filled = 0;
      for await (const chunk of ffmpeg.output) {
        throwIfAborted(signal);
        for (let from = 0; from < chunk.length;) {
          const part = chunk.subarray(from, from + bytes - filled);
          data.set(part, filled);
          filled += part.length;
          from += part.length;
          if (filled < bytes) continue;
          yield pixelFrame(index++, { width, height, data });
          data = new Uint8ClampedArray(bytes);
          filled = 0;
        }
      }
      await ffmpeg.finished().catch((cause: unknown) => {
        throw this.#undecodable(index, last, cause);
      });
    } finally {
      ffmpeg.kill();
    }
    if (index <= last) throw this.#undecodable(index, last);
  }

  #undecodable(index: number, last: number, cause?: unknown): MaskletError {
    if (cause instanceof MaskletError && (cause.code !== 'file-damaged' || index > last)) return cause;
    const why = cause instanceof Error ? `: ${cause.message}` : '.';
    return new MaskletError('frame-undecodable', `Frame ${index} of ${this.#path} cannot be decoded${why}`, {
      cause,
    });
  }
}

function pixelFrame(index: number, image: RgbaImage): Frame {
  let open = true;
  return {
    index,
    pixels: () =>
      open
        ? Promise.resolve(image)
        : Promise.reject(new MaskletError('disposed', `Frame ${index} is closed.`)),
    close: () => {
      open = false;
    },
  };
}
