import type { Frame, FrameSource, RgbaImage } from '../../../src/core/frames.ts';
import type { VideoPoint } from '../../../src/core/geometry.ts';
import { encodeRle, type MaskRle } from '../../../src/core/rle.ts';

/** One frame to click on, and ten to track. */
export const CHECK_FRAMES = 11;
const SIZE = { width: 320, height: 192 } as const;
const RADIUS = 34;

/** Where the disc's middle is: it moves right and down, and slows down. */
function middleOn(frame: number): VideoPoint {
  return { x: 70 + 17 * frame - 0.4 * frame * frame, y: 66 + 5 * frame };
}

function isInside(frame: number, x: number, y: number): boolean {
  const middle = middleOn(frame);
  return Math.hypot(x + 0.5 - middle.x, y + 0.5 - middle.y) < RADIUS;
}

/** A bright disc on a dark, uneven ground: easy for a model that works, and its true mask is known. */
function paint(frame: number): RgbaImage {
  const { width, height } = SIZE;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const ground = 60 + 14 * Math.sin(x / 17) + 12 * Math.cos(y / 11);
      const colour = isInside(frame, x, y) ? [236, 232, 214] : [ground, ground + 14, ground + 6];
      data.set(colour, at);
    }
  }
  return { width, height, data };
}

/** The disc's true mask on a frame. */
export function trueMask(frame: number): MaskRle {
  const { width, height } = SIZE;
  const inside = Uint8Array.from({ length: width * height }, (_, i) =>
    Number(isInside(frame, i % width, Math.floor(i / width))),
  );
  return encodeRle(inside, SIZE);
}

/** Where the disc is clicked, on the first frame. */
export const DISC_CLICK: VideoPoint = middleOn(0);

/** The painted clip of the self-check. */
export function paintedDisc(): FrameSource {
  const open = (index: number): Frame => ({
    index,
    pixels: () => Promise.resolve(paint(index)),
    close: () => undefined,
  });
  return {
    info: {
      ...{ kind: 'video', codec: 'painted', ...SIZE, frameCount: CHECK_FRAMES },
      timestamps: Float64Array.from({ length: CHECK_FRAMES }, (_, i) => i / 24),
      duration: CHECK_FRAMES / 24,
    },
    frame: (index) => Promise.resolve(open(index)),
    async *frames(first, last) {
      const step = first <= last ? 1 : -1;
      for (let index = first; index !== last + step; index += step) yield await Promise.resolve(open(index));
    },
    dispose: () => undefined,
  };
}
