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
  it('is the first frame, the last where the object is followed backward, or one that is named', () => {
    const clip = { name: 'clip', truth: [left, none, right] };
    expect(shownFrame(clip, { backward: false, shown: undefined })).toEqual({ frame: 0, truth: left });
    expect(shownFrame(clip, { backward: true, shown: undefined })).toEqual({ frame: 2, truth: right });
    const other = { name: 'clip', truth: [none, left, right] };
    expect(shownFrame(other, { backward: false, shown: 'middle' })).toEqual({ frame: 1, truth: left });
    expect(shownFrame(other, { backward: false, shown: 2 })).toEqual({ frame: 2, truth: right });
    expect(() => shownFrame(other, { backward: false, shown: 3 })).toThrow(
      'clip has no frame 3: its last one is 2.',
    );
  });

  it('does not show an object that is not there', () => {
    const clip = { name: 'clip', truth: [left, none] };
    expect(() => shownFrame(clip, { backward: true, shown: undefined })).toThrow(
      'The mask of frame 1 of clip is empty.',
    );
  });
});
