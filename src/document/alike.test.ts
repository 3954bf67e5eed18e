import { expect, it } from 'vitest';
import type { FrameMask } from '../core/frameMask.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import { emptyRle, encodeRle } from '../core/rle.ts';
import { examplesOf, onOneFrameOfEachShot, placesThrough, placesToLook } from './alike.ts';
import { EMPTY_DOCUMENT, withNewObject } from './document.ts';

const SIZE = { width: 2, height: 1 };
const mask = encodeRle(Uint8Array.of(1, 0), SIZE);
const entry = (status: FrameMask['status'], seen = mask): FrameMask => ({ mask: seen, status, score: 1 });

it('shows a thing by the masks that a person vouches for, then by the nearest', () => {
  const object = {
    ...withNewObject(EMPTY_DOCUMENT).document.objects[0]!,
    track: MaskTrack.EMPTY.with([
      [0, entry('prompted')],
      [1, entry('tracked')],
      [2, entry('stale')],
      [3, entry('absent', emptyRle(SIZE))],
      [4, entry('tracked')],
      [9, entry('tracked')],
    ]),
    reviewed: [{ first: 9, last: 9 }],
  };
  const frames = (at: number) => examplesOf(object, at).map(({ frame }) => frame);
  expect(frames(1)).toEqual([0, 9, 1]);
  expect(frames(5)).toEqual([9, 0, 4]);
});

it('looks on the frame itself and in the middle of each other shot', () => {
  expect(placesToLook(5, 40, [10, 20])).toEqual([5, 14, 29]);
  expect(placesToLook(20, 40, [10, 20])).toEqual([20, 4, 14]);
  expect(placesToLook(3, 4, [])).toEqual([3]);
});

it('looks through a clip in the middle of its parts', () => {
  expect(placesThrough(40)).toEqual([5, 15, 25, 35]);
  expect(placesThrough(2)).toEqual([0, 1]);
  expect(placesThrough(1)).toEqual([0]);
});

it('keeps of each shot what is on the frame that shows most', () => {
  const found = (frame: number, score: number) => ({ frame, score });
  const first = [found(5, 0.9), found(15, 0.7), found(15, 0.7)];
  expect(onOneFrameOfEachShot(first, [])).toEqual(first.slice(1));
  expect(onOneFrameOfEachShot([...first, found(25, 0.7), found(35, 0.8)], [0, 20])).toEqual([
    ...first.slice(1),
    found(35, 0.8),
  ]);
  expect(onOneFrameOfEachShot(first, [15])).toEqual(first);
  expect(onOneFrameOfEachShot([], [15])).toEqual([]);
});
