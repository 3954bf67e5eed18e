import type { ClipInfo } from './clip.ts';
import type { Size } from './geometry.ts';

/** Row-major RGBA, 8 bits a channel, not premultiplied: `width`·`height`·4 bytes. */
export interface RgbaImage extends Size {
  readonly data: Uint8ClampedArray;
}

/** What a frame looks like. */
export interface FrameContent {
  /** The frame as displayed, at its own size. Throws `disposed` after `close()`. */
  pixels(): Promise<RgbaImage>;
  /**
   * The frame as displayed, without its pixels being read. The receiver closes it. Absent where frames are pixels from the
   * start. Throws `disposed` after `close()`.
   */
  bitmap?(): Promise<ImageBitmap>;
  /**
   * The frame as its decoder gave it, where that is the frame as displayed. The receiver closes it. Throws `disposed` after
   * `close()`.
   */
  videoFrame?(): VideoFrame | undefined;
}

/** One decoded frame. Whoever receives it closes it. */
export interface Frame extends FrameContent {
  readonly index: number;
  /** Frees the decoded picture. May be called more than once. */
  close(): void;
}

/** Pixels that are there already, as a frame's content. */
export function contentOf(image: RgbaImage): FrameContent {
  return { pixels: () => Promise.resolve(image) };
}

/** The frames of one clip, decoded when asked for and never held all at once. */
export interface FrameSource<F extends Frame = Frame> {
  readonly info: ClipInfo;
  /** @throws RangeError if there is no such frame; `frame-undecodable` if its data is damaged. */
  frame(index: number, signal?: AbortSignal): Promise<F>;
  /** The frames from `first` to `last`, both included, in that order: backward if `last` is less than `first`. */
  frames(first: number, last: number, signal?: AbortSignal): AsyncGenerator<F, void, undefined>;
  dispose(): void;
}

/** Pixels of a picture, as it is displayed. One that is closed has none. */
export function displaySize(picture: Size | VideoFrame): Size {
  if ('displayWidth' in picture) return { width: picture.displayWidth, height: picture.displayHeight };
  return { width: picture.width, height: picture.height };
}
