import { expect, it } from 'vitest';
import { formatAgo, formatPace, formatRanges, formatSize, listNames } from './format.ts';

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

it.each([
  [0.4, 'just now'],
  [2, '2 s ago'],
  [59.9, '59 s ago'],
  [60, '1 min ago'],
  [3599, '59 min ago'],
  [7300, '2 h ago'],
])('%d seconds are told as %s', (seconds, text) => {
  expect(formatAgo(seconds)).toBe(text);
});

it.each([
  [[[3, 3]], 'frame 3'],
  [[[3, 9]], 'frames 3–9'],
  [
    [
      [0, 1],
      [4, 4],
    ],
    'frames 0–1, 4',
  ],
  [
    [
      [0, 0],
      [2, 2],
      [4, 4],
      [6, 9],
    ],
    'frames 0, 2, 4 and more',
  ],
])('frames %j are told as %s', (ranges, text) => {
  expect(formatRanges(ranges.map(([first = 0, last = 0]) => ({ first, last })))).toBe(text);
});

it('of many names, three are told', () => {
  expect(listNames(['Swan', 'Water'])).toBe('Swan, Water');
  expect(listNames(['Swan', 'Water', 'Sky', 'Hat', 'Dog'])).toBe('Swan, Water, Sky and 2 more');
});

it.each([
  [900, '1 kB'],
  [0, '0.0 MB'],
  [12_340_000, '12.3 MB'],
  [5_368_900_000, '5.4 GB'],
])('%d bytes are told as %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
