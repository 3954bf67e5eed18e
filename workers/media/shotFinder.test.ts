import { expect, it } from 'vitest';
import type { RgbaImage } from '../../src/core/frames.ts';
import { ShotFinder, shotSize } from './shotFinder.ts';

/** A picture of stripes, moved by `shift` pixels, `light` added. */
function stripes(hue: readonly [number, number, number], shift = 0, light = 0): RgbaImage {
  const { width, height } = shotSize({ width: 1280, height: 720 });
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const isDark = ((i % width) + shift) % 16 < 8;
    data.set([...hue.map((value) => (isDark ? value / 3 : value) + light), 255], i * 4);
  }
  return { width, height, data };
}

function shotsIn(frames: readonly RgbaImage[]): number[] {
  const finder = new ShotFinder();
  return [...frames.map((frame) => finder.add(frame)), finder.finish()].filter((shot) => shot !== undefined);
}

const WOOD = [200, 120, 60] as const;
const SEA = [30, 90, 220] as const;
const moving = (hue: typeof WOOD | typeof SEA, count: number) =>
  Array.from({ length: count }, (_, i) => stripes(hue, 2 * i));

it('finds the first frame of each new shot, also where it is the last one', () => {
  expect(shotsIn([...moving(WOOD, 5), ...moving(SEA, 6), ...moving(WOOD, 4)])).toEqual([5, 11]);
  expect(shotsIn([...moving(WOOD, 5), stripes(SEA)])).toEqual([5]);
});

it('takes motion, a flash and a fade for what they are', () => {
  expect(shotsIn(moving(WOOD, 20))).toEqual([]);
  expect(shotsIn([...moving(WOOD, 5), stripes(WOOD, 10, 200), ...moving(WOOD, 5)])).toEqual([]);
  expect(shotsIn(Array.from({ length: 30 }, (_, i) => stripes(WOOD, 0, -8 * i)))).toEqual([]);
});

it('finds nothing in a single frame', () => {
  expect(shotsIn([stripes(SEA)])).toEqual([]);
  expect(shotsIn([])).toEqual([]);
});
