import type { RgbaImage } from '../frames.ts';
import type { Area, Patch } from './patch.ts';
import { SideColors } from './sideColors.ts';

/**
 * The objects of a frame alone: its colours, not premultiplied, with their alpha; black where they are not. A pixel that is partly of an object
 * has in the frame the colour of both the object and what is behind it; here it has the object's, so that no halo comes along.
 * @param picture the frame
 * @param alpha how much of each pixel is of the objects, 0 to 255, row by row
 * @param soft has all pixels that are partly of an object, and what is round them; nothing where there are none
 * @returns RGBA, row by row
 */
export function cutOut(
  picture: RgbaImage,
  alpha: Uint8Array,
  soft: Area | undefined,
): Uint8ClampedArray<ArrayBuffer> {
  const { data } = picture;
  const pixels = new Uint8ClampedArray(alpha.length * 4);
  for (let at = 0, from = 0; at < alpha.length; at++, from += 4) {
    const share = alpha[at] ?? 0;
    if (share === 0) continue;
    pixels[from] = data[from] ?? 0;
    pixels[from + 1] = data[from + 1] ?? 0;
    pixels[from + 2] = data[from + 2] ?? 0;
    pixels[from + 3] = share;
  }
  if (soft) takeBackgroundOut(picture, patchOfAlpha(alpha, picture, soft), pixels);
  return pixels;
}

/**
 * Estimates the objects' colours of the pixels that are partly of them: what the frame differs from the mixture of the colours on both sides is
 * the object's as far as the pixel is.
 * Source: Forté, Approximate Fast Foreground Colour Estimation, 2021, with a pyramid in place of blurs.
 */
function takeBackgroundOut(picture: RgbaImage, patch: Patch<Uint8Array>, pixels: Uint8ClampedArray): void {
  const colors = SideColors.of(picture, patch);
  if (colors === undefined) return;
  for (let y = 0, from = 0; y < patch.height; y++) {
    let at = ((patch.y + y) * picture.width + patch.x) * 4;
    for (let x = 0; x < patch.width; x++, from++, at += 4) {
      const share = (patch.values[from] ?? 0) / 255;
      if (share === 0 || share === 1) continue;
      colors.lookAt(x, y);
      // Where an edge was blurred, a pixel may be more like the object than its share: less of the background is in it then.
      const mixed = Math.max(share, colors.likeness(pixels, at));
      for (let channel = 0; channel < 3; channel++) {
        const own = colors.object[channel] ?? 0;
        const other = colors.ground[channel] ?? 0;
        const rest = (pixels[at + channel] ?? 0) - other - mixed * (own - other);
        pixels[at + channel] = own + share * rest;
      }
    }
  }
}

function patchOfAlpha(alpha: Uint8Array, { width }: RgbaImage, area: Area): Patch<Uint8Array> {
  const values = new Uint8Array(area.width * area.height);
  for (let row = 0; row < area.height; row++) {
    const from = (area.y + row) * width + area.x;
    values.set(alpha.subarray(from, from + area.width), row * area.width);
  }
  return { ...area, values };
}
