import { expect, it } from 'vitest';
import { WHOLE_FRAME } from '../../core/viewport.ts';
import { partAround } from './partAround.ts';

const frame = { width: 400, height: 200 };
const picture = { width: 40, height: 30 };
const pixels = (...box: [number, number, number, number]) => {
  const [x0, y0, x1, y1] = box;
  const { x, y, width, height } = partAround({ x0, y0, x1, y1 }, frame, picture);
  return [x * 400, y * 200, width * 400, height * 200].map((value) => Math.round(value * 10) / 10);
};

it('a picture shows a box in its middle, in its own proportions', () => {
  expect(pixels(190, 90, 210, 110)).toEqual([181.3, 86, 37.3, 28]);
});

it('stays within the frame where it fits, and round its middle where it does not', () => {
  expect(pixels(0, 0, 20, 20)).toEqual([0, 0, 37.3, 28]);
  expect(pixels(0, 0, 400, 200)).toEqual([-80, -110, 560, 420]);
});

it('shows all of the frame where there is nothing', () => {
  expect(partAround(null, frame, picture)).toBe(WHOLE_FRAME);
});
