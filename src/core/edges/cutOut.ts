import type { RgbaImage } from '../frames.ts';
import { emptyGrid, sampleColor, spreadColors, type ColorGrid } from './colorGrid.ts';
import type { Area } from './patch.ts';

/** Side of the cells in which colours are gathered, in pixels. */
const CELL = 4;
/** How many pixels round those that are partly of an object are looked at. */
const REACH = 32;
/**
 * A pixel counts for a side of the edge by this power of its share: only what is nearly all of one side says what colour that has. Chosen on
 * painted fur, hair and motion blur (`npm run edges`).
 */
const PURITY = 64;

/**
 * The objects of a frame alone: its colours, not premultiplied, with their alpha; black where they are not. A pixel that is partly of an object
 * has in the frame the colour of both the object and what is behind it; here it has the object's, so that no halo comes along.
 * @param picture the frame
 * @param alpha how much of each pixel is of the objects, 0 to 255, row by row
 * @returns RGBA, row by row
 */
export function cutOut(picture: RgbaImage, alpha: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
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
  takeBackgroundOut(picture, alpha, pixels);
  return pixels;
}

/**
 * Estimates the objects' colours of the pixels that are partly of them. The colours on both sides of the edge are those of the pixels nearby that
 * are all of one side; what the frame differs from their mixture is the object's as far as the pixel is.
 * Source: Forté, Approximate Fast Foreground Colour Estimation, 2021, with a pyramid in place of blurs.
 */
function takeBackgroundOut(picture: RgbaImage, alpha: Uint8Array, pixels: Uint8ClampedArray): void {
  const area = softArea(picture, alpha);
  if (area === undefined) return;
  const { objects, ground } = gatherColors(picture, alpha, area);
  if (!spreadColors(objects) || !spreadColors(ground)) return;
  const [object, behind] = [new Float32Array(3), new Float32Array(3)];
  for (let y = 0; y < area.height; y++) {
    let at = (area.y + y) * picture.width + area.x;
    for (let x = 0; x < area.width; x++, at++) {
      const share = (alpha[at] ?? 0) / 255;
      if (share === 0 || share === 1) continue;
      const [column, row] = [(x + 0.5) / CELL - 0.5, (y + 0.5) / CELL - 0.5];
      sampleColor(objects, column, row, object);
      sampleColor(ground, column, row, behind);
      separate(pixels, at * 4, share, object, behind);
    }
  }
}

/** Takes the background out of a pixel. @param object, behind the colours that are likely on either side */
function separate(
  pixels: Uint8ClampedArray,
  at: number,
  share: number,
  object: Float32Array,
  behind: Float32Array,
): void {
  let [contrast, along] = [0, 0];
  for (let channel = 0; channel < 3; channel++) {
    const difference = (object[channel] ?? 0) - (behind[channel] ?? 0);
    contrast += difference * difference;
    along += difference * ((pixels[at + channel] ?? 0) - (behind[channel] ?? 0));
  }
  // Where an edge was blurred, a pixel may be more like the object than its share: less of the background is in it then.
  const likeness = contrast > 0 ? Math.min(1, along / contrast) : 0;
  const mixed = Math.max(share, likeness);
  for (let channel = 0; channel < 3; channel++) {
    const [own, other] = [object[channel] ?? 0, behind[channel] ?? 0];
    const rest = (pixels[at + channel] ?? 0) - other - mixed * (own - other);
    pixels[at + channel] = own + share * rest;
  }
}

/** The rectangle with all pixels that are partly of an object, and what is round them; nothing where there are none. */
function softArea({ width, height }: RgbaImage, alpha: Uint8Array): Area | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (alpha[at] === 0 || alpha[at] === 255) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  if (right < left) return undefined;
  const [x, y] = [Math.max(0, left - REACH), Math.max(0, top - REACH)];
  return {
    x,
    y,
    width: Math.min(width, right + 1 + REACH) - x,
    height: Math.min(height, bottom + 1 + REACH) - y,
  };
}

const WEIGHTS = Float32Array.from({ length: 256 }, (_, share) => (share / 255) ** PURITY);

/** The colours of either side of the edge, in cells. */
function gatherColors({ data, width }: RgbaImage, alpha: Uint8Array, area: Area) {
  const size = { width: Math.ceil(area.width / CELL), height: Math.ceil(area.height / CELL) };
  const [objects, ground] = [emptyGrid(size), emptyGrid(size)];
  const add = ({ values }: ColorGrid, to: number, weight: number, from: number) => {
    values[to] = (values[to] ?? 0) + weight * (data[from] ?? 0);
    values[to + 1] = (values[to + 1] ?? 0) + weight * (data[from + 1] ?? 0);
    values[to + 2] = (values[to + 2] ?? 0) + weight * (data[from + 2] ?? 0);
    values[to + 3] = (values[to + 3] ?? 0) + weight;
  };
  for (let y = 0; y < area.height; y++) {
    let at = (area.y + y) * width + area.x;
    const row = Math.floor(y / CELL) * size.width;
    for (let x = 0; x < area.width; x++, at++) {
      const share = alpha[at] ?? 0;
      const to = (row + Math.floor(x / CELL)) * 4;
      if (share > 0) add(objects, to, WEIGHTS[share] ?? 0, at * 4);
      if (share < 255) add(ground, to, WEIGHTS[255 - share] ?? 0, at * 4);
    }
  }
  return { objects, ground };
}
