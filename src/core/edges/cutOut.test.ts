import { describe, expect, it } from 'vitest';
import { cutOut } from './cutOut.ts';

const SIZE = { width: 80, height: 40 };
const WHOLE = { x: 0, y: 0, ...SIZE };
const [RED, GREEN] = [
  [200, 40, 30],
  [30, 160, 60],
] as const;

/** A red object left of an edge, green behind it. @param coverOf how much of a pixel is red, and the alpha that it is given, 0 to 1 */
function edge(coverOf: (x: number) => number, alphaOf = coverOf) {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  const alpha = new Uint8Array(SIZE.width * SIZE.height);
  for (let at = 0; at < alpha.length; at++) {
    const share = coverOf(at % SIZE.width);
    data.set([...RED.map((red, channel) => share * red + (1 - share) * GREEN[channel]!), 255], at * 4);
    alpha[at] = Math.round(255 * alphaOf(at % SIZE.width));
  }
  return { picture: { ...SIZE, data }, alpha };
}

const between = (value: number) => Math.min(1, Math.max(0, value));
const ramp = (x: number) => between((50 - x) / 20);

describe('a cut-out', () => {
  it('has the frame’s own colours where nothing is soft, and is black where nothing is', () => {
    const { picture, alpha } = edge(ramp, (x) => Number(x < 40));
    const pixels = cutOut(picture, alpha, WHOLE);
    alpha.forEach((share, at) => {
      const own = [...picture.data.subarray(at * 4, at * 4 + 3), 255];
      expect([...pixels.subarray(at * 4, at * 4 + 4)]).toEqual(share === 255 ? own : [0, 0, 0, 0]);
    });
  });

  it('has the object’s colour without the background’s in soft pixels; opaque ones and the frame stay', () => {
    const { picture, alpha } = edge(ramp);
    const before = picture.data.slice();
    const pixels = cutOut(picture, alpha, WHOLE);
    expect(picture.data).toEqual(before);
    alpha.forEach((share, at) => {
      expect(pixels[at * 4 + 3]).toBe(share);
      if (share === 255)
        expect(pixels.subarray(at * 4, at * 4 + 3)).toEqual(before.subarray(at * 4, at * 4 + 3));
      else if (share > 0)
        RED.forEach((red, channel) => expect(Math.abs(pixels[at * 4 + channel]! - red)).toBeLessThan(6));
    });
  });

  it('does not change the colour of an object that a feather makes transparent', () => {
    const { picture, alpha } = edge((x) => Number(x < 45), ramp);
    const pixels = cutOut(picture, alpha, WHOLE);
    for (let at = 20 * 80 + 31; at < 20 * 80 + 50; at++)
      RED.forEach((red, channel) => {
        // As much as it is seen.
        const error = (alpha[at]! / 255) * (pixels[at * 4 + channel]! - red);
        expect(Math.abs(error)).toBeLessThan(4);
      });
  });

  it('has the frame’s colours where no pixel is all of the object, or none is without it', () => {
    for (const share of [0.05, 0.95]) {
      const { picture, alpha } = edge(ramp, () => share);
      const pixels = cutOut(picture, alpha, WHOLE);
      for (let at = 0; at < pixels.length; at += 40)
        if (at % 4 < 3) expect(Math.abs(pixels[at]! - picture.data[at]!)).toBeLessThan(2);
    }
  });
});
