import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { decodeRle, encodeRle, rleArea } from '../../../src/core/rle.ts';
import { logitsToMask, maskShare } from './videoMask.ts';

describe('logitsToMask', () => {
  it('covers the frame only, not the padding, for wide and for tall frames', () => {
    const everywhere = { data: new Float32Array(256 * 256).fill(1), width: 256, height: 256 };
    for (const video of [
      { width: 64, height: 36 },
      { width: 36, height: 64 },
    ]) {
      expect(rleArea(logitsToMask(everywhere, letterbox(video, 1024), video))).toBe(64 * 36);
    }
  });

  it('puts an object where it is: the right half of a wide frame', () => {
    const data = new Float32Array(256 * 256);
    data.forEach((_, i) => (data[i] = i % 256 >= 128 ? 1 : -1));
    const video = { width: 640, height: 272 };
    const mask = decodeRle(logitsToMask({ data, width: 256, height: 256 }, letterbox(video, 1024), video));
    for (let y = 0; y < video.height; y++) {
      expect(mask[y * 640 + 319]).toBe(0);
      expect(mask[y * 640 + 321]).toBe(1);
    }
  });
});

describe('logitsToMask, pixel by pixel', () => {
  const SIDE = 32;
  // A linear congruential generator: the same logits at every run.
  let seed = 5;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const inBox = (x0: number, y0: number, x1: number, y1: number, logit: () => number) =>
    Float32Array.from({ length: SIDE * SIDE }, (_, cell) => {
      const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)];
      return x >= x0 && y >= y0 && x < x1 && y < y1 ? logit() : -3;
    });
  const noise = () => 8 * random() - 4;

  it.each([
    ['empty', inBox(0, 0, 0, 0, noise)],
    ['full', inBox(0, 0, SIDE, SIDE, () => 2)],
    ['noise', inBox(0, 0, SIDE, SIDE, noise)],
    ['a box in the middle', inBox(10, 5, 20, 11, noise)],
    ['the top left corner', inBox(0, 0, 4, 3, () => 1)],
    ['the bottom right corner', inBox(28, 10, SIDE, 18, () => 1)],
    ['the whole height of some columns', inBox(7, 0, 12, SIDE, () => 1)],
    ['the whole height up to the right edge', inBox(20, 0, SIDE, SIDE, () => 1)],
    ['below the frame', inBox(3, 20, 9, SIDE, () => 1)],
  ])('is object where the interpolated logit is positive: %s', (_, data) => {
    for (const video of [
      { width: 150, height: 84 },
      { width: 20, height: 11 },
    ]) {
      const fit = letterbox(video, 4 * SIDE);
      const scale = fit.scale.x / 4;
      const rows = Math.ceil(fit.content.height / 4);
      const place = (pixel: number, cells: number) => {
        const at = Math.min(Math.max((pixel + 0.5) * scale - 0.5, 0), cells - 1);
        const low = Math.floor(at);
        return { low, high: Math.min(low + 1, cells - 1), share: Math.fround(at - low) };
      };
      const expected = Uint8Array.from({ length: video.width * video.height }, (_, pixel) => {
        const across = place(pixel % video.width, SIDE);
        const down = place(Math.floor(pixel / video.width), rows);
        const [upper, lower] = [down.low, down.high].map((row) => {
          const a = data[row * SIDE + across.low]!;
          return Math.fround(a + across.share * (data[row * SIDE + across.high]! - a));
        });
        return upper! + down.share * (lower! - upper!) > 0 ? 1 : 0;
      });
      expect(logitsToMask({ data, width: SIDE, height: SIDE }, fit, video)).toEqual(
        encodeRle(expected, video),
      );
    }
  });
});

describe('maskShare', () => {
  const half = (width: number, height: number) => {
    const data = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 1 : 0));
    return encodeRle(data, { width, height });
  };

  it('is the share of object pixels in each cell, for frames larger and smaller than the grid', () => {
    for (const size of [8, 16, 100, 1000]) {
      const mask = half(size, size / 2);
      const { data } = maskShare(mask, letterbox(mask, 64), 16);
      expect([data[0], data[7], data[8], data[15]]).toEqual([1, 1, 0, 0]);
      expect(data.subarray(8 * 16).every((share) => share === 0)).toBe(true);
    }
  });

  it('splits a cell that the edge crosses', () => {
    const data = Uint8Array.from({ length: 4 }, (_, i) => (i === 0 ? 1 : 0));
    expect(
      maskShare(encodeRle(data, { width: 2, height: 2 }), letterbox({ width: 2, height: 2 }, 1), 1).data[0],
    ).toBe(0.25);
  });
});
