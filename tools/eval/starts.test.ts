import { describe, expect, it } from 'vitest';
import { emptyRle, encodeRle } from '../../src/core/rle.ts';
import { shownFrame } from './starts.ts';

const SIZE = { width: 2, height: 1 };
const [left, right, none] = [
  encodeRle(Uint8Array.of(1, 0), SIZE),
  encodeRle(Uint8Array.of(0, 1), SIZE),
  emptyRle(SIZE),
];

describe('shownFrame', () => {
  it('is the first frame, or the last where the object is followed backward', () => {
    const clip = { name: 'clip', truth: [left, none, right] };
    expect(shownFrame(clip, { backward: false })).toEqual({ frame: 0, truth: left });
    expect(shownFrame(clip, { backward: true })).toEqual({ frame: 2, truth: right });
  });

  it('does not show an object that is not there', () => {
    const clip = { name: 'clip', truth: [left, none] };
    expect(() => shownFrame(clip, { backward: true })).toThrow('The last mask of clip is empty.');
  });
});
