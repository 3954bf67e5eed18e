import { expect, it } from 'vitest';
import { formatPace } from './format.ts';

it.each([
  [24, '24.0 frames per second'],
  [1.04, '1.0 frames per second'],
  [0.96, '1.0 frames per second'],
  [0.9, '1.1 s a frame'],
  [0.25, '4.0 s a frame'],
  [1 / 9.97, '10 s a frame'],
  [0.047, '21 s a frame'],
])('a pace of %d frames per second is told as %s', (framesPerSecond, text) => {
  expect(formatPace(framesPerSecond)).toBe(text);
});
