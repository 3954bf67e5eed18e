import type { Size } from './geometry.ts';
import { WHOLE_FRAME, type FramePart } from './viewport.ts';
import { forEachColumnRun, type MaskRle } from './rle.ts';

/** How one mask is drawn. Opacities are 0 to 1. */
export interface MaskStyle {
  /** Red, green, blue, 0 to 255. */
  readonly color: readonly [number, number, number];
  readonly fill: number;
  /** Stripes instead of an even fill: the mask is shown, but not to be trusted. */
  readonly hatched: boolean;
}

/** Stripes and outlines, in pixels of the raster. */
export interface RasterScale {
  readonly outline: number;
  readonly hatchPeriod: number;
}

/**
 * A picture of masks, to be laid over a frame: RGBA, row-major, not premultiplied, at a size of its own. Kept and reused,
 * so that drawing a frame allocates nothing.
 */
export class MaskRaster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #rgba: Uint32Array;
  /** The mask that is being drawn, column-major, as its runs are. */
  readonly #inside: Uint8Array;

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8ClampedArray(width * height * 4);
    this.#rgba = new Uint32Array(this.pixels.buffer);
    this.#inside = new Uint8Array(width * height);
  }

  clear(): void {
    this.#rgba.fill(0);
  }

  /**
   * Draws one mask over what is there; as in exported ID maps, the later mask wins.
   *
   * @param part the part of the mask that the raster shows
   */
  paint(mask: MaskRle, style: MaskStyle, scale: RasterScale, part: FramePart = WHOLE_FRAME): void {
    const { width, height } = this;
    const inside = this.#inside;
    const scaleX = width / (part.width * mask.width);
    const scaleY = height / (part.height * mask.height);
    const fromX = part.x * mask.width;
    const fromY = part.y * mask.height;
    let left = width;
    let right = 0;
    // A raster pixel takes the mask's value at its centre.
    const first = (at: number, factor: number) => Math.max(0, Math.ceil(at * factor - 0.5));
    forEachColumnRun(mask, (x, y, length) => {
      const x1 = Math.min(width, first(x + 1 - fromX, scaleX));
      const y0 = first(y - fromY, scaleY);
      const y1 = Math.min(height, first(y + length - fromY, scaleY));
      if (y1 <= y0) return;
      for (let column = first(x - fromX, scaleX); column < x1; column++) {
        inside.fill(1, column * height + y0, column * height + y1);
        left = Math.min(left, column);
        right = Math.max(right, column + 1);
      }
    });
    this.#color(left, right, style, scale);
    if (right > left) inside.fill(0, left * height, right * height);
  }

  #color(left: number, right: number, style: MaskStyle, scale: RasterScale): void {
    const { width, height } = this;
    const inside = this.#inside;
    const rgba = this.#rgba;
    const outline = Math.max(1, Math.round(scale.outline));
    const period = Math.max(4, Math.round(scale.hatchPeriod));
    const line = packRgba(style.color, 1);
    const fill = packRgba(style.color, style.fill);
    const gap = packRgba(style.color, style.fill * 0.25);
    const softLine = packRgba(style.color, 0.35);
    for (let x = left; x < right; x++) {
      const column = x * height;
      for (let y = 0; y < height; y++) {
        if (inside[column + y] === 0) continue;
        // The frame's own border is no outline: what lies beyond it is unknown.
        let edge = false;
        for (let d = 1; d <= outline && !edge; d++) {
          edge =
            (y >= d && inside[column + y - d] === 0) ||
            (y + d < height && inside[column + y + d] === 0) ||
            (x >= d && inside[column + y - d * height] === 0) ||
            (x + d < width && inside[column + y + d * height] === 0);
        }
        const stripe = !style.hatched || (x + y) % period < period / 2;
        if (edge) rgba[y * width + x] = stripe ? line : softLine;
        else rgba[y * width + x] = stripe ? fill : gap;
      }
    }
  }
}

/** Paints white, as opaque as `alpha` says: 0 to 255 for each pixel. @param pixels RGBA, not premultiplied */
export function paintAlpha(alpha: Uint8Array, pixels: Uint8ClampedArray): void {
  const rgba = new Uint32Array(pixels.buffer);
  for (let at = 0; at < alpha.length; at++) rgba[at] = (((alpha[at] ?? 0) << 24) | 0xffffff) >>> 0;
}

/** A pixel as a little-endian 32-bit word, which is what every machine that runs a browser has. */
function packRgba([red, green, blue]: readonly [number, number, number], alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
