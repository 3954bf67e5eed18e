import { VideoSample } from 'mediabunny';
import { MaskletError } from '../../src/core/errors.ts';
import type { Frame, RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';

/** A decoded picture: as the decoder gave it, or as a copy that holds none of the decoder's few frames. */
export type Picture = VideoSample | ImageBitmap;

let liveFrames = 0;

/** Frames of this worker that nobody has closed yet, those lost to garbage collection included: each is a mistake. */
export function liveFrameCount(): number {
  return liveFrames;
}

const forgotten = new FinalizationRegistry((index: number) => {
  console.warn(`Frame ${index} was never closed: whoever receives a frame closes it.`);
});

/** One decoded frame, upright and in square pixels. */
export class MediaFrame implements Frame {
  readonly index: number;
  readonly #canvas: FrameCanvas;
  #picture: Picture | undefined;

  /** Takes over `picture`. */
  constructor(index: number, picture: Picture, canvas: FrameCanvas) {
    this.index = index;
    this.#picture = picture;
    this.#canvas = canvas;
    liveFrames++;
    forgotten.register(this, index, this);
  }

  async pixels(): Promise<RgbaImage> {
    return this.#canvas.pixels(this.#open());
  }

  /** A copy for drawing. The receiver closes it. @throws `disposed` after `close()`. */
  async bitmap(): Promise<ImageBitmap> {
    return this.#canvas.bitmap(this.#open());
  }

  /** The decoder's own, where that is upright and of the displayed size. The receiver closes it. @throws `disposed` after `close()`. */
  videoFrame(): VideoFrame | undefined {
    return this.#canvas.videoFrame(this.#open());
  }

  /** At the size of `canvas`. */
  scaled(canvas: FrameCanvas): RgbaImage {
    return canvas.pixels(this.#open());
  }

  /** As `bitmap`, at the size of `canvas`. */
  async scaledBitmap(canvas: FrameCanvas): Promise<ImageBitmap> {
    return canvas.bitmap(this.#open());
  }

  /** The same frame on memory of its own instead of the decoder's. This one is closed. */
  async detach(): Promise<MediaFrame> {
    try {
      return new MediaFrame(this.index, await this.bitmap(), this.#canvas);
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#picture === undefined) return;
    this.#picture.close();
    this.#picture = undefined;
    liveFrames--;
    forgotten.unregister(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): Picture {
    if (this.#picture === undefined) {
      throw new MaskletError('disposed', `Frame ${this.index} was used after it had been closed.`);
    }
    return this.#picture;
  }
}

/** Draws pictures of one clip upright, at the clip's displayed size. Its canvas is used again for each. */
export class FrameCanvas {
  readonly #size: Size;
  #context: OffscreenCanvasRenderingContext2D | undefined;

  constructor(size: Size) {
    this.#size = size;
  }

  pixels(picture: Picture): RgbaImage {
    const { width, height } = this.#size;
    const { data } = this.#draw(picture).getImageData(0, 0, width, height);
    return { width, height, data };
  }

  bitmap(picture: Picture): Promise<ImageBitmap> {
    const { width, height } = this.#size;
    if (picture instanceof ImageBitmap)
      return createImageBitmap(
        picture.width === width && picture.height === height ? picture : this.#draw(picture).canvas,
      );
    const frame = this.videoFrame(picture);
    if (frame) return createImageBitmap(frame).finally(() => frame.close());
    return createImageBitmap(this.#draw(picture).canvas);
  }

  /** The decoder's frame, to be closed, where it need not be drawn. */
  videoFrame(picture: Picture): VideoFrame | undefined {
    if (picture instanceof ImageBitmap || picture.rotation !== 0 || picture.flip) return undefined;
    const { width, height } = this.#size;
    const frame = picture.toVideoFrame();
    if (frame.displayWidth === width && frame.displayHeight === height) return frame;
    frame.close();
    return undefined;
  }

  #draw(picture: Picture): OffscreenCanvasRenderingContext2D {
    const { width, height } = this.#size;
    const context = (this.#context ??= newContext(this.#size));
    // What is transparent must not show the frame before.
    context.clearRect(0, 0, width, height);
    if (picture instanceof VideoSample) picture.draw(context, 0, 0, width, height);
    else context.drawImage(picture, 0, 0, width, height);
    return context;
  }
}

function newContext({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) {
    throw new MaskletError(
      'unknown',
      `The browser gave no canvas of ${width}×${height} pixels. Close other tabs.`,
    );
  }
  return context;
}
