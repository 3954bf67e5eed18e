import { expect, it } from 'vitest';
import { DAVIS_PALETTE } from './palette.ts';

it.each([
  [0, [0, 0, 0]],
  [1, [128, 0, 0]],
  [2, [0, 128, 0]],
  [3, [128, 128, 0]],
  [4, [0, 0, 128]],
  [5, [128, 0, 128]],
  [6, [0, 128, 128]],
  [7, [128, 128, 128]],
  [8, [64, 0, 0]],
  [15, [192, 128, 128]],
  [20, [0, 64, 128]],
  [22, [0, 192, 128]],
  [254, [96, 224, 192]],
  [255, [224, 224, 192]],
])('gives id %i the colour of the PASCAL VOC map', (id, colour) => {
  expect(Array.from(DAVIS_PALETTE.subarray(id * 3, id * 3 + 3))).toEqual(colour);
});

it('has a colour of its own for each of 256 ids', () => {
  const colours = new Set(
    Array.from({ length: 256 }, (_, id) => DAVIS_PALETTE.subarray(id * 3, id * 3 + 3).join()),
  );
  expect(colours.size).toBe(256);
});
