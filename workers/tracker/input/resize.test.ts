import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { toEncoderInput } from './resize.ts';

const PLAIN = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;

function image(width: number, height: number, colour: (x: number, y: number) => [number, number, number]) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([...colour(x, y), 255], (y * width + x) * 4);
  return { width, height, data };
}

describe('toEncoderInput', () => {
  it('gives planes in the order red, green, blue, normalised, with zeros in the padding', () => {
    const frame = image(8, 4, () => [10, 20, 30]);
    const input = toEncoderInput(frame, letterbox(frame, 8), { mean: [4, 5, 6], deviation: [2, 3, 4] });
    const plane = (channel: number) => [...input.subarray(channel * 64, (channel + 1) * 64)];
    for (const [channel, value] of [3, 5, 6].entries()) {
      expect(
        plane(channel)
          .slice(0, 32)
          .every((v) => Math.abs(v - value) < 1e-5),
      ).toBe(true);
      expect(
        plane(channel)
          .slice(32)
          .every((v) => v === 0),
      ).toBe(true);
    }
  });

  it('leaves out rows and columns of the square that are not asked for', () => {
    const frame = image(8, 4, (x, y) => [x, y, x * y]);
    const fit = letterbox(frame, 8);
    const whole = toEncoderInput(frame, fit, PLAIN);
    const part = toEncoderInput(frame, { ...fit, input: { width: 8, height: 5 } }, PLAIN);
    expect(part).toEqual(whole.filter((_, i) => i % 64 < 5 * 8));
    const high = image(4, 8, (x, y) => [x, y, x * y]);
    const narrow = { ...letterbox(high, 8), input: { width: 6, height: 8 } };
    const expected = toEncoderInput(high, letterbox(high, 8), PLAIN).filter((_, i) => i % 8 < 6);
    expect(toEncoderInput(high, narrow, PLAIN)).toEqual(expected);
  });

  it('averages when shrinking, so that fine stripes turn grey instead of flickering', () => {
    const frame = image(64, 64, (x) => (x % 2 ? [255, 255, 255] : [0, 0, 0]));
    const input = toEncoderInput(frame, letterbox(frame, 16), PLAIN);
    expect(Math.max(...input) - Math.min(...input)).toBeLessThan(20);
  });

  // F.interpolate(torch.arange(10.).view(1, 1, 1, 10).expand(1, 1, 10, 10), size=(4, 4), mode='bilinear', antialias=True)
  it('equals PyTorch’s antialiased bilinear', () => {
    const frame = image(10, 10, (x) => [x, 0, 0]);
    const input = toEncoderInput(frame, letterbox(frame, 4), PLAIN);
    const TORCH_ROW = [1, 3.24, 5.76, 8];
    TORCH_ROW.forEach((value, x) => expect(input[x]).toBeCloseTo(value, 2));
  });

  it('writes over all that was in a buffer that is used again', () => {
    for (const [width, height] of [
      [8, 4],
      [3, 9],
    ] as const) {
      const frame = image(width, height, (x, y) => [x, y, 7]);
      const fit = letterbox(frame, 8);
      const used = new Float32Array(3 * 64).fill(99);
      expect(toEncoderInput(frame, fit, PLAIN, used)).toBe(used);
      expect(used).toEqual(toEncoderInput(frame, fit, PLAIN));
    }
  });

  it('places a tall frame at the left', () => {
    const frame = image(2, 8, () => [1, 1, 1]);
    const input = toEncoderInput(frame, letterbox(frame, 8), PLAIN);
    expect([...input.subarray(0, 8)].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
  });
});
