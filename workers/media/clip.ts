import type { FrameSource } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import type { MediaFrame } from './mediaFrame.ts';

/** An open video, or an image as a clip of one frame. It holds no frames; `dispose()` stops what it is decoding. */
export interface Clip extends FrameSource<MediaFrame> {
  /** The first frame that has to be decoded to get at a frame: its key frame. */
  decodeStart(index: number): number;
}

/** Bytes of a frame as RGBA, 8 bits a channel, which is what pictures are kept as. */
export function frameBytes({ width, height }: Size): number {
  return width * height * 4;
}
