import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import { decodeRle, type MaskRle } from '../../src/core/rle.ts';

/** What a trial makes of one frame: all pixels row-major. */
export interface PaintedFrame {
  readonly visible: Uint8Array;
  /** What can be seen of a twin, and all of it. */
  readonly twin: Uint8Array;
  readonly wholeTwin: Uint8Array;
  paint(from: RgbaImage): RgbaImage;
}

export type Painter = (frame: number) => PaintedFrame;

/** A frame that shows the object as it is, and no twin. */
export function unchanged(mask: MaskRle): PaintedFrame {
  return { ...withoutTwin(decodeRle(mask)), paint: (image) => image };
}

/** What can be seen of an object, where there is no twin. */
export function withoutTwin(visible: Uint8Array): Omit<PaintedFrame, 'paint'> {
  const none = new Uint8Array(visible.length);
  return { visible, twin: none, wholeTwin: none };
}

/** The same picture with pixels of its own, to be painted on. */
export function copyOf(image: RgbaImage): RgbaImage {
  return { ...image, data: image.data.slice() };
}

/** @throws RangeError if there is no such frame. */
export function maskOf(masks: readonly MaskRle[], frame: number): MaskRle {
  const mask = masks[frame];
  if (!mask) throw new RangeError(`There is no frame ${frame} in a clip of ${masks.length}.`);
  return mask;
}

/** A source whose frames are changed as they are read, all to the same size. */
export function changedFrames(
  source: FrameSource,
  change: (image: RgbaImage, index: number) => RgbaImage,
  size: Size = source.info,
): FrameSource {
  const changed = (frame: Frame): Frame => ({
    index: frame.index,
    pixels: async () => change(await frame.pixels(), frame.index),
    close: () => frame.close(),
  });
  return {
    info: { ...source.info, width: size.width, height: size.height },
    frame: async (index, signal) => changed(await source.frame(index, signal)),
    async *frames(from, to, signal) {
      for await (const frame of source.frames(from, to, signal)) yield changed(frame);
    },
    dispose: () => source.dispose(),
  };
}
