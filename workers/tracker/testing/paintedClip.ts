import type { ClipInfo } from '../../../src/core/clip.ts';
import type { Frame, FrameSource, RgbaImage } from '../../../src/core/frames.ts';
import type { Size } from '../../../src/core/geometry.ts';

const FRAMES_A_SECOND = 25;

/** A clip whose frames are painted as they are asked for. */
export class PaintedClip implements FrameSource {
  readonly info: ClipInfo;
  /** Frames that are not closed yet. */
  open = 0;
  readonly #paint: (frame: number) => RgbaImage;

  constructor(size: Size, frameCount: number, paint: (frame: number) => RgbaImage) {
    this.info = {
      ...{ kind: 'video', ...size, frameCount, codec: 'painted' },
      timestamps: Float64Array.from({ length: frameCount }, (_, frame) => frame / FRAMES_A_SECOND),
      duration: frameCount / FRAMES_A_SECOND,
    };
    this.#paint = paint;
  }

  frame(index: number): Promise<Frame> {
    this.open++;
    const close = () => void this.open--;
    return Promise.resolve({ index, pixels: () => Promise.resolve(this.#paint(index)), close });
  }

  async *frames(first: number, last: number): AsyncGenerator<Frame, void, undefined> {
    const step = Math.sign(last - first) || 1;
    for (let index = first; index !== last + step; index += step) yield this.frame(index);
  }

  dispose(): void {
    // Nothing is held.
  }
}
