import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { greyPyramid } from './greyPyramid.ts';
import { flowBetween } from './opticalFlow.ts';

/** A picture with texture everywhere, of 160×120 pixels, that shows the world through (left, top), enlarged from there. */
function view({ left = 0, top = 0, zoom = 1, light = 0 } = {}): RgbaImage {
  const [width, height] = [160, 120];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      const [u, v] = [left + x / zoom, top + y / zoom];
      const value =
        128 + 40 * Math.sin(u / 5) * Math.cos(v / 7) + 35 * Math.sin((u + 2 * v) / 11) + 20 * Math.cos(v / 3);
      data.fill(value + light, at, at + 3);
      data[at + 3] = 255;
    }
  return { width, height, data };
}

/** How far the flow is from the true one, on average over the pixels that both pictures show, in pixels. */
function meanError(
  [from, to]: readonly [RgbaImage, RgbaImage],
  truth: (x: number, y: number) => [right: number, down: number],
): number {
  const flow = flowBetween(greyPyramid(from, 160), greyPyramid(to, 160));
  let [sum, count] = [0, 0];
  for (let y = 0, at = 0; y < flow.height; y++)
    for (let x = 0; x < flow.width; x++, at++) {
      const [right, down] = truth(x, y);
      if (x + right < 0 || x + right >= flow.width || y + down < 0 || y + down >= flow.height) continue;
      sum += Math.hypot((flow.right[at] ?? NaN) - right, (flow.down[at] ?? NaN) - down);
      count++;
    }
  return sum / count;
}

describe('optical flow', () => {
  it('is nothing between a frame and itself', () => {
    expect(meanError([view(), view()], () => [0, 0])).toBeLessThan(1e-6);
  });

  it.each([
    ['a little', 1.5, -0.75],
    ['far', 14, 9],
  ])('finds where everything has moved %s', (_, left, top) => {
    expect(meanError([view(), view({ left, top })], () => [-left, -top])).toBeLessThan(0.2);
  });

  it('finds what moves apart', () => {
    expect(meanError([view(), view({ zoom: 1.05 })], (x, y) => [x * 0.05, y * 0.05])).toBeLessThan(0.2);
  });

  it('does not take a change of light for motion', () => {
    expect(meanError([view(), view({ left: 3, light: 20 })], () => [-3, 0])).toBeLessThan(0.2);
  });

  it('stays where there is nothing to see', () => {
    const blank = { width: 64, height: 48, data: new Uint8ClampedArray(64 * 48 * 4).fill(90) };
    expect(meanError([blank, blank], () => [0, 0])).toBe(0);
  });

  it('is the same for frames of any size, scaled down to one', () => {
    const large = { width: 1600, height: 40, data: new Uint8ClampedArray(1600 * 40 * 4).fill(7) };
    const [finest] = greyPyramid(large, 400);
    expect([finest.width, finest.height]).toEqual([400, 10]);
  });
});
