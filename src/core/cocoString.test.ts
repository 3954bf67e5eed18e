import { describe, expect, it } from 'vitest';
import { countsOfCocoString, toCocoString } from './cocoString.ts';
import { FormatError } from './formatError.ts';
import { emptyRle, encodeRle, type MaskRle } from './rle.ts';

const text = (mask: MaskRle) => new TextDecoder().decode(toCocoString(mask));

describe('compressed run lengths', () => {
  it('are those of pycocotools', () => {
    // pycocotools.mask.encode(np.asfortranarray([[0,1],[1,1]], 'u1'))['counts'], and of 100×100 pixels without an object.
    expect(text(encodeRle(Uint8Array.of(0, 1, 1, 1), { width: 2, height: 2 }))).toBe('13');
    expect(text(emptyRle({ width: 100, height: 100 }))).toBe('`h9');
  });

  it('give the runs back, also where a run is far shorter or longer than the one two before', () => {
    const size = { width: 8192, height: 8192 };
    const runs = [0, 5, 40_000_000, 1, 3, 7_000_000];
    const counts = Uint32Array.from([...runs, 8192 * 8192 - runs.reduce((sum, run) => sum + run)]);
    const bytes = toCocoString({ ...size, counts });
    expect(countsOfCocoString(bytes, size)).toEqual(counts);
  });

  it('that do not fill the mask are refused', () => {
    const bytes = toCocoString(emptyRle({ width: 3, height: 3 }));
    expect(() => countsOfCocoString(bytes, { width: 3, height: 4 })).toThrow(FormatError);
  });
});
