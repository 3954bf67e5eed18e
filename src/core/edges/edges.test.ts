import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../frames.ts';
import { decodeRle, encodeRle, rleArea, type MaskRle } from '../rle.ts';
import { shapedMask } from './edges.ts';
import { PLAIN_EDGE, readEdge, type EdgeSettings } from './edgeSettings.ts';
import { layAlpha, objectsAlpha } from './objectsAlpha.ts';

const SIZE = { width: 60, height: 40 };

function maskWhere(isObject: (x: number, y: number) => boolean): MaskRle {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++) pixels[y * SIZE.width + x] = Number(isObject(x, y));
  return encodeRle(pixels, SIZE);
}

const disc = (radius: number, cx = 30, cy = 20) =>
  maskWhere((x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2);
const box = (x0: number, y0: number, x1: number, y1: number) =>
  maskWhere((x, y) => x >= x0 && x < x1 && y >= y0 && y < y1);
const shape = (mask: MaskRle, edge: Partial<EdgeSettings>) => shapedMask(mask, { ...PLAIN_EDGE, ...edge });

/** The alpha of a whole frame. */
function alpha(mask: MaskRle, edge: Partial<EdgeSettings>, picture?: RgbaImage): Uint8Array {
  return objectsAlpha([{ mask, edge: { ...PLAIN_EDGE, ...edge } }], SIZE, picture);
}

describe('the shape of a mask', () => {
  it('is the very mask without settings, and where there is no object', () => {
    const mask = disc(8);
    expect(shapedMask(mask, undefined)).toBe(mask);
    expect(shape(mask, { feather: 4, detail: 8 })).toBe(mask);
    expect(rleArea(shape(box(0, 0, 0, 0), { grow: 4, smooth: 3 }))).toBe(0);
  });

  it('grows and shrinks by whole distances in every direction', () => {
    expect(shape(disc(8), { grow: 3 })).toEqual(maskWhere((x, y) => nearest(x, y) <= 3));
    const inner = shape(disc(8), { grow: -3 });
    expect(rleArea(inner)).toBeLessThan(rleArea(disc(6)));
    expect(rleArea(inner)).toBeGreaterThan(rleArea(disc(4)));
    function nearest(x: number, y: number): number {
      let least = Infinity;
      decodeRle(disc(8)).forEach((value, at) => {
        if (value === 1) least = Math.min(least, Math.hypot((at % 60) - x, Math.floor(at / 60) - y));
      });
      return least;
    }
  });

  it('does not shrink from the border of the frame', () => {
    expect(shape(box(0, 0, 20, 40), { grow: -4 })).toEqual(box(0, 0, 16, 40));
  });

  it('fills holes and takes specks away up to a size, and never the whole object', () => {
    const holed = maskWhere(
      (x, y) => x >= 5 && x < 30 && y >= 5 && y < 30 && !(x === 10 && y < 20 && y >= 16),
    );
    expect(shape(holed, { holes: 2 })).toEqual(box(5, 5, 30, 30));
    expect(shape(holed, { holes: 1 })).toEqual(holed);
    const specked = maskWhere(
      (x, y) => (x >= 5 && x < 30 && y >= 5 && y < 30) || (x > 50 && x < 54 && y === 9),
    );
    expect(shape(specked, { specks: 2 })).toEqual(box(5, 5, 30, 30));
    expect(shape(specked, { specks: 1 })).toEqual(specked);
    expect(shape(box(5, 5, 9, 9), { specks: 64 })).toEqual(box(5, 5, 9, 9));
  });

  it('levels a spike, and leaves a straight edge where it is', () => {
    const spiked = maskWhere((x, y) => (x < 30 && y >= 0) || (x < 40 && y === 20));
    const smooth = decodeRle(shape(spiked, { smooth: 8 }));
    expect(smooth[20 * 60 + 36]).toBe(0);
    expect(smooth[5 * 60 + 29]).toBe(1);
    expect(smooth[5 * 60 + 30]).toBe(0);
  });
});

describe('the alpha of a mask', () => {
  it('is hard without settings', () => {
    expect(alpha(disc(8), {})).toEqual(decodeRle(disc(8)).map((value) => 255 * value));
  });

  it('falls evenly over a feathered edge, half of it on each side', () => {
    const row = alpha(box(0, 0, 30, 40), { feather: 8 }).slice(20 * 60, 21 * 60);
    expect(row[29]! + row[30]!).toBeCloseTo(255, -1);
    expect([...row]).toEqual([...row].sort((a, b) => b - a));
    expect(row[16]).toBe(255);
    expect(row[44]).toBe(0);
  });

  it('follows the colours of the frame where a mask misses a thin thing', () => {
    // A red disc with a red hair on green; the mask has the disc only.
    const isHair = (x: number, y: number) => y === 20 && x >= 38 && x < 44;
    const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
    for (let at = 0; at < SIZE.width * SIZE.height; at++) {
      const [x, y] = [at % 60, Math.floor(at / 60)];
      data.set(
        (x - 30) ** 2 + (y - 20) ** 2 <= 64 || isHair(x, y) ? [200, 30, 30, 255] : [30, 160, 30, 255],
        at * 4,
      );
    }
    const picture = { ...SIZE, data };
    const soft = alpha(disc(8), { detail: 12 }, picture);
    // Fully, as nothing else has these colours.
    expect(soft[20 * 60 + 41]).toBeGreaterThan(240);
    expect(soft[24 * 60 + 41]).toBeLessThan(10);
    expect(soft[20 * 60 + 30]).toBeGreaterThan(245);
    expect(soft[20 * 60 + 55]).toBe(0);
    // It counts as far as is asked.
    const half = alpha(disc(8), { detail: 12, strength: 50 }, picture);
    expect(half[20 * 60 + 41]).toBe(Math.round(soft[20 * 60 + 41]! / 2));
    expect(alpha(disc(8), { detail: 12, strength: 0 }, picture)).toEqual(alpha(disc(8), {}));
    // Without the frame it cannot.
    expect(alpha(disc(8), { detail: 12 })[20 * 60 + 41]).toBe(0);
  });

  it('is that of the mask, blurred at the edge, where the colours say nothing', () => {
    const size = SIZE.width * SIZE.height;
    const gray = { ...SIZE, data: new Uint8ClampedArray(size * 4).fill(90) };
    // Both sides have the same two colours.
    const noise = {
      ...SIZE,
      data: Uint8ClampedArray.from({ length: size * 4 }, (_, at) => (((at >> 2) * 7919) % 13 < 6 ? 40 : 200)),
    };
    for (const picture of [gray, noise]) {
      const soft = alpha(box(0, 0, 30, 40), { detail: 8 }, picture);
      const mean = (x: number) => {
        const column = soft.filter((_, at) => at % SIZE.width === x);
        return column.reduce((sum, value) => sum + value, 0) / column.length;
      };
      expect([mean(20), mean(40)]).toEqual([255, 0]);
      expect(mean(28)).toBeGreaterThan(140);
      expect(mean(31)).toBeLessThan(115);
    }
  });

  it('lies over that of others: the larger counts', () => {
    const frame = new Uint8Array(SIZE.width * SIZE.height);
    layAlpha(frame, SIZE, { x: 1, y: 0, width: 2, height: 1, values: Uint8Array.of(10, 200) });
    layAlpha(frame, SIZE, { x: 2, y: 0, width: 2, height: 1, values: Uint8Array.of(100, 50) });
    expect([...frame.subarray(0, 5)]).toEqual([0, 10, 200, 50, 0]);
  });
});

describe('settings that were saved', () => {
  it('are read within their limits; what is none is nothing', () => {
    expect(readEdge({ grow: -1e9, feather: 3, holes: 'many', smooth: NaN })).toEqual({
      ...PLAIN_EDGE,
      grow: -32,
      feather: 3,
    });
    for (const none of [undefined, null, 4, 'soft', {}, { grow: 0 }, []])
      expect(readEdge(none)).toBeUndefined();
  });
});
