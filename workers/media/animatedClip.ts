import { checkFrames, type ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { Clip } from './clip.ts';
import { checkFrameSize, damagedFile } from './fileErrors.ts';
import type { ImageKind } from './imageKind.ts';
import { FrameCanvas, MediaFrame } from './mediaFrame.ts';

/** How long a frame lasts that gives no duration or hardly one, in seconds: as browsers have it. */
const DEFAULT_DURATION = 0.1;
const SHORTEST_DURATION = 0.011;

/** Whether this browser can decode the frames of animated images of this kind one by one. */
export async function canDecodeFrames(kind: ImageKind): Promise<boolean> {
  return typeof ImageDecoder !== 'undefined' && (await ImageDecoder.isTypeSupported(kind));
}

/**
 * Opens an animated image as a clip. Decodes it once, as only decoded frames say how long they last, and damage shows now. Of a
 * file that was cut off, the frames before the damage are there.
 */
export async function openAnimatedImage(file: Blob, kind: ImageKind): Promise<Clip> {
  const frames = new ImageFrames(file, kind);
  try {
    const { frameCount, times, size } = await readTimes(file, frames);
    const missingFrames = frameCount - (times.length - 1);
    return new AnimatedClip(frames, {
      kind: 'video',
      ...size,
      frameCount: times.length - 1,
      timestamps: Float64Array.from(times.slice(0, -1)),
      duration: times.at(-1) ?? 0,
      codec: kind,
      ...(missingFrames > 0 ? { missingFrames } : {}),
    });
  } catch (thrown) {
    frames.close();
    throw thrown;
  }
}

/** When each frame begins and the last one ends, in seconds from the first. */
async function readTimes(file: Blob, frames: ImageFrames) {
  const times = [0];
  const size = { width: 0, height: 0 };
  let frameCount = 0;
  try {
    frameCount = await frames.count();
    while (times.length <= frameCount) {
      const image = await frames.decode(times.length - 1);
      const seconds = (image.duration ?? 0) / 1e6;
      if (times.length === 1) Object.assign(size, { width: image.displayWidth, height: image.displayHeight });
      image.close();
      checkFrameSize(file, size);
      times.push((times.at(-1) ?? 0) + (seconds < SHORTEST_DURATION ? DEFAULT_DURATION : seconds));
    }
  } catch (cause) {
    if (cause instanceof MaskletError) throw cause;
    if (times.length === 1) throw damagedFile(file, 'its pictures cannot be decoded', cause);
  }
  return { frameCount, times, size };
}

/** A browser's decoder of one file. After an error, it takes a new one: the former closes itself. */
class ImageFrames {
  readonly #file: Blob;
  readonly #kind: ImageKind;
  #decoder: Promise<ImageDecoder> | undefined;
  #isClosed = false;

  constructor(file: Blob, kind: ImageKind) {
    this.#file = file;
    this.#kind = kind;
  }

  async count(): Promise<number> {
    return (await this.#open()).tracks.selectedTrack?.frameCount ?? 0;
  }

  /** The receiver closes the frame. */
  async decode(frameIndex: number): Promise<VideoFrame> {
    try {
      return (await (await this.#open()).decode({ frameIndex })).image;
    } catch (thrown) {
      this.#reset();
      throw thrown;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#reset();
  }

  #open(): Promise<ImageDecoder> {
    if (this.#isClosed)
      throw new MaskletError('disposed', 'The animated image was used after it had been closed.');
    return (this.#decoder ??= this.#start());
  }

  async #start(): Promise<ImageDecoder> {
    const data = await this.#file.arrayBuffer();
    const decoder = new ImageDecoder({ data, type: this.#kind, preferAnimation: true });
    await decoder.tracks.ready;
    await decoder.completed;
    return decoder;
  }

  #reset(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    decoder?.then(
      (open) => open.close(),
      () => undefined,
    );
  }
}

class AnimatedClip implements Clip {
  readonly info: ClipInfo;
  readonly #frames: ImageFrames;
  readonly #canvas: FrameCanvas;

  constructor(frames: ImageFrames, info: ClipInfo) {
    this.#frames = frames;
    this.info = info;
    this.#canvas = new FrameCanvas(info);
  }

  /** A browser's decoder keeps what later frames build on: going on is never dearer than a new start. */
  decodeStart(index: number): number {
    checkFrames(this.info, index);
    return 0;
  }

  async frame(index: number, signal?: AbortSignal): Promise<MediaFrame> {
    checkFrames(this.info, index);
    throwIfAborted(signal);
    const image = await this.#frames.decode(index).catch((cause: unknown) => {
      if (cause instanceof MaskletError) throw cause;
      throw this.#undecodable(index, cause);
    });
    try {
      throwIfAborted(signal);
      return new MediaFrame(index, await createImageBitmap(image), this.#canvas);
    } finally {
      image.close();
    }
  }

  async *frames(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    checkFrames(this.info, first, last);
    const step = last < first ? -1 : 1;
    for (let index = first; index !== last + step; index += step) yield await this.frame(index, signal);
  }

  dispose(): void {
    this.#frames.close();
  }

  #undecodable(index: number, cause: unknown): MaskletError {
    return new MaskletError(
      'frame-undecodable',
      `Frame ${index + 1} of ${this.info.frameCount} cannot be decoded: the image is damaged there. ` +
        'Go to another frame, or convert the image to a video.',
      { cause },
    );
  }
}
