import { describe, expect, it } from 'vitest';
import { composeIdMap } from './idMap.ts';
import { emptyRle, encodeRle } from './rle.ts';

const size = { width: 4, height: 2 };
const mask = (...pixels: number[]) => encodeRle(Uint8Array.from(pixels), size);

describe('composeIdMap', () => {
  it('gives each object’s pixels its id, and 0 to the rest', () => {
    const left = mask(1, 0, 0, 0, 1, 0, 0, 0);
    const right = mask(0, 0, 0, 1, 0, 0, 0, 0);
    const map = composeIdMap(size, [
      { objectId: 3, mask: left },
      { objectId: 255, mask: right },
    ]);
    expect(Array.from(map)).toEqual([3, 0, 0, 255, 3, 0, 0, 0]);
  });

  it('lets the later object win where masks overlap', () => {
    const wide = mask(1, 1, 1, 0, 1, 1, 1, 0);
    const narrow = mask(0, 1, 0, 0, 0, 1, 0, 0);
    const ids = (objects: Parameters<typeof composeIdMap>[1]) => Array.from(composeIdMap(size, objects));
    const a = { objectId: 1, mask: wide };
    const b = { objectId: 2, mask: narrow };
    expect(ids([a, b])).toEqual([1, 2, 1, 0, 1, 2, 1, 0]);
    expect(ids([b, a])).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
  });

  it('is all background without masks', () => {
    const objects = [
      { objectId: 1, mask: undefined },
      { objectId: 2, mask: emptyRle(size) },
    ];
    expect(composeIdMap(size, objects)).toEqual(new Uint8Array(8));
  });

  it.each([0, -1, 256, 1.5, NaN])('refuses the id %d, also without a mask', (objectId) => {
    expect(() => composeIdMap(size, [{ objectId, mask: undefined }])).toThrow(RangeError);
  });

  it.each([
    [3, 2],
    [4, 3],
    [2, 4],
  ])('refuses a mask of %i×%i on a frame of 4×2', (width, height) => {
    const mask = emptyRle({ width, height });
    expect(() => composeIdMap(size, [{ objectId: 1, mask }])).toThrow(`${width}×${height} does not fit`);
  });
});
