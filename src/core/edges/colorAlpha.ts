import type { RgbaImage } from '../frames.ts';
import type { Patch } from './patch.ts';
import { SideColors } from './sideColors.ts';

/** Noise of a frame's colours: colours on both sides that are no farther apart say nothing. Of 255. */
export const NOISE = 15;
/** How much the variance of the colours on both sides counts against their contrast, and how strictly. Chosen with `npm run edges`. */
export const CAUTION = 3;
export const STRICTNESS = 3;

/**
 * Betters alpha near an edge by colours, in place: how far a pixel's colour is on the way from the background's to the object's says how much of
 * it is the object's. It counts as far as the colours on both sides are of one piece and apart from each other.
 * @param soft alpha, 0 to 1
 * @param trust how much of each pixel may change, 0 to 1
 */
export function alphaByColor(soft: Patch<Float32Array>, trust: Float32Array, picture: RgbaImage): void {
  const { values, width, height } = soft;
  const alpha = { ...soft, values: Uint8Array.from(values, (share) => Math.round(255 * share)) };
  const colors = SideColors.of(picture, alpha);
  if (colors === undefined) return;
  for (let y = 0, at = 0; y < height; y++) {
    let from = ((soft.y + y) * picture.width + soft.x) * 4;
    for (let x = 0; x < width; x++, at++, from += 4) {
      const near = trust[at] ?? 0;
      if (near === 0) continue;
      colors.lookAt(x, y);
      const { contrast } = colors;
      const clarity = contrast / (contrast + NOISE * NOISE + CAUTION * colors.variance);
      const counts = near * clarity ** STRICTNESS;
      const share = values[at] ?? 0;
      values[at] = share + counts * (colors.likeness(picture.data, from) - share);
    }
  }
}
