import { expect, it } from 'vitest';
import { evenFrames, keyFramesFor } from './thumbnailPlan.ts';

it('takes frames evenly, and none twice where there are few', () => {
  expect(evenFrames(101, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(evenFrames(3, 64)).toEqual([0, 1, 2]);
});

it('goes to key frames only, and is all over a long clip from the first few on', () => {
  const frames = evenFrames(36_000, 64);
  const keys = keyFramesFor(frames, (frame) => frame - (frame % 250));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((key) => key % 250 === 0)).toBe(true);
  const [first, ...others] = [...keys.slice(0, 8), 36_000].sort((a, b) => a - b);
  const gaps = others.map((key, i) => key - ([first!, ...others][i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(36_000 / 6);
});

it('has one key frame where the clip has one', () => {
  expect(keyFramesFor(evenFrames(1000, 64), () => 0)).toEqual([0]);
});
