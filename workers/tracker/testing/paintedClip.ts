import type { ClipInfo } from '../../../src/core/clip.ts';
import type { Frame, FrameSource, RgbaImage } from '../../../src/core/frames.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { encodeRle, type MaskRle } from '../../../src/core/rle.ts';

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

/** A picture of things over a striped ground. @param thingAt RGB of the thing at a pixel; `undefined` where ground shows */
export function paintOverStripes(
  { width, height }: Size,
  thingAt: (x: number, y: number) => readonly [number, number, number] | undefined,
): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const ground = 90 + 30 * Math.sin(x / 9) + 20 * Math.cos(y / 7);
      data.set([...(thingAt(x, y) ?? [ground * 0.6, ground, ground * 0.8]), 255], at);
    }
  }
  return { width, height, data };
}

/** The mask of the pixels that are in something. */
export function maskWhere(size: Size, isIn: (x: number, y: number) => boolean): MaskRle {
  const mask = Uint8Array.from({ length: size.width * size.height }, (_, at) =>
    Number(isIn(at % size.width, Math.floor(at / size.width))),
  );
  return encodeRle(mask, size);
}
