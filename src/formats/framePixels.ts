import type { Frame, FrameSource, RgbaImage } from '../core/frames.ts';
import type { ClipFrame } from '../core/maskedClip.ts';

/** The pictures of a clip's frames, one after the other: the source is decoded once as long as they are asked for in rising order. */
export class FramePixels {
  readonly #source: FrameSource;
  readonly #frames: readonly ClipFrame[];
  #reading: AsyncGenerator<Frame, void, undefined> | undefined;
  #next = 0;

  constructor(source: FrameSource, frames: readonly ClipFrame[]) {
    this.#source = source;
    this.#frames = frames;
  }

  /** The picture of the frame at a place of `frames`. @throws RangeError if there is no such frame */
  async at(place: number, signal?: AbortSignal): Promise<RgbaImage> {
    const wanted = this.#frames[place]?.number ?? -1;
    if (this.#reading === undefined || wanted < this.#next) {
      await this.close();
      this.#next = wanted;
      this.#reading = this.#source.frames(wanted, this.#source.info.frameCount - 1, signal);
    }
    for (;;) {
      const { done, value: frame } = await this.#reading.next();
      if (done || frame === undefined) throw new RangeError(`There is no frame ${wanted}.`);
      this.#next = frame.index + 1;
      try {
        if (frame.index === wanted) return await frame.pixels();
      } finally {
        frame.close();
      }
    }
  }

  /** Stops decoding. */
  async close(): Promise<void> {
    await this.#reading?.return();
    this.#reading = undefined;
  }
}
