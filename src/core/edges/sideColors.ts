import type { RgbaImage } from '../frames.ts';
import { addColor, COLOR_VALUES, emptyGrid, sampleColor, spreadColors, type ColorGrid } from './colorGrid.ts';
import type { Patch } from './patch.ts';

/** Side of the cells in which colours are gathered, in pixels. */
export const CELL = 4;
/**
 * A pixel counts for a side of the edge by its share, squared as often: only what is nearly all of one side says what colour that has. Chosen on
 * painted fur, hair and motion blur (`npm run edges`).
 */
export const PURITY_SQUARINGS = 6;
const WEIGHTS = Float32Array.from({ length: 256 }, (_, share) => (share / 255) ** (2 ** PURITY_SQUARINGS));

/** The colours that the object and what is behind it have near an edge: those of the pixels nearby that are wholly of one side. */
export class SideColors {
  /** At the place that was looked at last: red, green and blue, 0 to 255, and the mean of the sum of their squares. */
  readonly object = new Float32Array(COLOR_VALUES);
  readonly ground = new Float32Array(COLOR_VALUES);
  readonly #objects: ColorGrid;
  readonly #grounds: ColorGrid;

  private constructor(objects: ColorGrid, grounds: ColorGrid) {
    this.#objects = objects;
    this.#grounds = grounds;
  }

  /** @param alpha of a part of the picture, 0 to 255 @returns nothing where no pixel is wholly of one of the sides */
  static of({ data, width }: RgbaImage, alpha: Patch<Uint8Array>): SideColors | undefined {
    const size = { width: Math.ceil(alpha.width / CELL), height: Math.ceil(alpha.height / CELL) };
    const [objects, grounds] = [emptyGrid(size), emptyGrid(size)];
    for (let y = 0, at = 0; y < alpha.height; y++) {
      const row = Math.floor(y / CELL) * size.width;
      let from = ((alpha.y + y) * width + alpha.x) * 4;
      for (let x = 0; x < alpha.width; x++, at++, from += 4) {
        const share = alpha.values[at] ?? 0;
        const cell = row + Math.floor(x / CELL);
        const red = data[from] ?? 0;
        const green = data[from + 1] ?? 0;
        const blue = data[from + 2] ?? 0;
        if (share > 0) addColor(objects, cell, WEIGHTS[share] ?? 0, red, green, blue);
        if (share < 255) addColor(grounds, cell, WEIGHTS[255 - share] ?? 0, red, green, blue);
      }
    }
    return spreadColors(objects) && spreadColors(grounds) ? new SideColors(objects, grounds) : undefined;
  }

  /** Looks at a pixel of the part. */
  lookAt(x: number, y: number): void {
    const [column, row] = [(x + 0.5) / CELL - 0.5, (y + 0.5) / CELL - 0.5];
    sampleColor(this.#objects, column, row, this.object);
    sampleColor(this.#grounds, column, row, this.ground);
  }

  /** How far the two colours are apart, squared. */
  get contrast(): number {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++)
      sum += ((this.object[channel] ?? 0) - (this.ground[channel] ?? 0)) ** 2;
    return sum;
  }

  /** How much the colours of the two sides vary, squared. */
  get variance(): number {
    return varianceOf(this.object) + varianceOf(this.ground);
  }

  /** How far a colour is on the way from the background's to the object's, 0 to 1. @param at of its red */
  likeness(data: Uint8ClampedArray, at: number): number {
    let [contrast, along] = [0, 0];
    for (let channel = 0; channel < 3; channel++) {
      const ground = this.ground[channel] ?? 0;
      const difference = (this.object[channel] ?? 0) - ground;
      contrast += difference * difference;
      along += difference * ((data[at + channel] ?? 0) - ground);
    }
    return contrast > 0 ? Math.min(1, Math.max(0, along / contrast)) : 0;
  }
}

function varianceOf(values: Float32Array): number {
  const [red = 0, green = 0, blue = 0, squares = 0] = values;
  return Math.max(0, squares - red * red - green * green - blue * blue);
}
