import type { RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';

/** Frames are compared at about this width, in pixels: what is finer than that is no change of shot. */
export const SHOT_WIDTH = 64;

/** How much of the colours changes at a cut, at least, of 1. */
const COLOURS = 0.2;
/** How much the pixels change at a cut, on average, at least, of 1. */
const PIXELS = 0.1;
/** How many times more colours change at a cut than right before and after it: a moving camera and a flash change several frames. */
const CONTRAST = 3;

/** The size at which frames of a clip are compared. */
export function shotSize({ width, height }: Size): Size {
  return { width: SHOT_WIDTH, height: Math.max(1, Math.round((SHOT_WIDTH * height) / width)) };
}

/** Finds hard cuts in frames that are given in order, each small and of the same size. */
export class ShotFinder {
  #frames = 0;
  #before: RgbaImage | undefined;
  #histogram: Float32Array | undefined;
  /** Changes of colours and pixels to the last two frames. */
  #earlier = { colours: 0, pixels: 0 };
  #last = { colours: 0, pixels: 0 };

  /** Takes the next frame. Gives the first frame of a new shot where this one shows that the one before was such. */
  add(frame: RgbaImage): number | undefined {
    const histogram = coloursOf(frame);
    const change = {
      colours: this.#histogram ? halfDistance(histogram, this.#histogram) : 0,
      pixels: this.#before ? meanDifference(frame, this.#before) : 0,
    };
    this.#histogram = histogram;
    this.#before = frame;
    const found = this.#isCut(change.colours) ? this.#frames - 1 : undefined;
    this.#earlier = this.#last;
    this.#last = change;
    this.#frames++;
    return found;
  }

  /** Gives the last frame where it is a shot of its own. */
  finish(): number | undefined {
    return this.#isCut(0) ? this.#frames - 1 : undefined;
  }

  #isCut(coloursAfter: number): boolean {
    const { colours, pixels } = this.#last;
    return (
      colours >= COLOURS &&
      pixels >= PIXELS &&
      colours >= CONTRAST * Math.max(this.#earlier.colours, coloursAfter)
    );
  }
}

/** How the pixels share 8×8×8 colours. */
function coloursOf({ data }: RgbaImage): Float32Array {
  const histogram = new Float32Array(512);
  const share = 4 / data.length;
  for (let i = 0; i < data.length; i += 4) {
    const [red = 0, green = 0, blue = 0] = [data[i], data[i + 1], data[i + 2]];
    const bin = ((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5);
    histogram[bin] = (histogram[bin] ?? 0) + share;
  }
  return histogram;
}

function halfDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / 2;
}

function meanDifference(a: RgbaImage, b: RgbaImage): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++)
    if (i % 4 !== 3) sum += Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0));
  return sum / (0.75 * a.data.length * 255);
}
