import { describe, expect, it } from 'vitest';
import {
  decodeRle,
  emptyRle,
  encodeBits,
  encodeRle,
  forEachColumnRun,
  paintRle,
  rleArea,
  mayOverlap,
  rleBounds,
  rleIncludes,
  rleIou,
  subtractRle,
} from './rle.ts';

/** A mask from rows of `.` and `#`. */
function draw(...rows: string[]) {
  const size = { width: rows[0]!.length, height: rows.length };
  return encodeRle(
    Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0)),
    size,
  );
}

function noiseMask(width: number, height: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: width * height }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 16) & 1;
  });
}

describe('encodeBits', () => {
  /** One bit a pixel, down the columns, the lowest of a word first; the bits after the last pixel are set. */
  function pack(mask: Uint8Array, width: number, height: number): Uint32Array {
    const words = new Uint32Array(Math.ceil(mask.length / 32) + 1).fill(0xffffffff);
    for (let at = 0; at < mask.length; at++) {
      const pixel = mask[(at % height) * width + Math.floor(at / height)];
      if (pixel === 0) words[at >> 5]! &= ~(1 << (at & 31));
    }
    return words;
  }

  it.each([
    [1, 1],
    [32, 1],
    [7, 9],
    [8, 8],
    [31, 33],
  ])('gives what encodeRle gives: %i×%i', (width, height) => {
    const pixels = width * height;
    const halves = [Uint8Array.from({ length: pixels }, (_, i) => (i < pixels / 2 ? 1 : 0))];
    const plain = [new Uint8Array(pixels), new Uint8Array(pixels).fill(1)];
    for (const mask of [...plain, ...halves, noiseMask(width, height, 3), noiseMask(width, height, 4)])
      expect(encodeBits(pack(mask, width, height), { width, height })).toEqual(
        encodeRle(mask, { width, height }),
      );
  });
});

describe('encodeRle', () => {
  // What `pycocotools.mask.encode` counts: down the columns, background first.
  it.each([
    ['a pixel in the second column', ['...', '.#.'], [3, 1, 2]],
    ['the first pixel, so that the first run is empty', ['#..', '...'], [0, 1, 5]],
    ['the last pixel, so that no run follows', ['...', '..#'], [5, 1]],
    ['a column, then the top of the next', ['##.', '#..', '#..'], [0, 4, 5]],
    ['a row, which is broken into columns', ['...', '###'], [1, 1, 1, 1, 1, 1]],
    ['a row at the top', ['###', '...'], [0, 1, 1, 1, 1, 1, 1]],
    ['nothing', ['..', '..', '..'], [6]],
    ['everything', ['##', '##', '##'], [0, 6]],
    ['a picture of one pixel', ['#'], [0, 1]],
  ])('counts %s', (_what, rows, counts) => {
    expect(Array.from(draw(...rows).counts)).toEqual(counts);
  });

  it.each([
    [1, 1],
    [5, 3],
    [3, 5],
    [1, 17],
    [64, 37],
  ])('comes back from a mask of %i×%i as it was', (width, height) => {
    const mask = noiseMask(width, height, width);
    expect(decodeRle(encodeRle(mask, { width, height }))).toEqual(mask);
  });

  it('takes any value but 0 for object', () => {
    const rle = encodeRle(Uint8Array.of(255, 0, 2, 1), { width: 2, height: 2 });
    expect(Array.from(decodeRle(rle))).toEqual([1, 0, 1, 1]);
  });

  it('refuses pixels that are not width × height', () => {
    expect(() => encodeRle(new Uint8Array(5), { width: 2, height: 3 })).toThrow(RangeError);
  });
});

describe('forEachColumnRun', () => {
  it('ends a run at the foot of its column', () => {
    const runs: number[][] = [];
    forEachColumnRun(draw('.##', '###', '##.'), (x, y, length) => runs.push([x, y, length]));
    expect(runs).toEqual([
      [0, 1, 2],
      [1, 0, 3],
      [2, 0, 2],
    ]);
  });
});

describe('paintRle', () => {
  it('writes the value on the object and leaves the rest', () => {
    const raster = Uint8Array.of(9, 9, 9, 9);
    paintRle(draw('#.', '.#'), raster, 5);
    expect(Array.from(raster)).toEqual([5, 9, 9, 5]);
  });
});

describe('subtractRle', () => {
  it('takes away the pixels of all others', () => {
    const size = { width: 4, height: 2 };
    const mask = encodeRle(Uint8Array.of(1, 1, 1, 0, 1, 1, 0, 0), size);
    const others = [
      encodeRle(Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0), size),
      encodeRle(Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 0), size),
    ];
    expect([...decodeRle(subtractRle(mask, others))]).toEqual([0, 1, 0, 0, 0, 1, 0, 0]);
    expect(subtractRle(mask, [])).toBe(mask);
  });

  it('is what is left of the pixels, and the very mask where nothing is taken', () => {
    const size = { width: 13, height: 11 };
    for (let seed = 1; seed < 20; seed++) {
      const [a, b] = [noiseMask(13, 11, seed), noiseMask(13, 11, seed + 100)];
      const rest = a.map((value, i) => (b[i] ? 0 : value));
      expect(subtractRle(encodeRle(a, size), [encodeRle(b, size)])).toEqual(encodeRle(rest, size));
      const mask = encodeRle(rest, size);
      expect(subtractRle(mask, [encodeRle(b, size)])).toBe(mask);
    }
  });
});

describe('rleIncludes', () => {
  it('is what the decoded mask says of each pixel', () => {
    const size = { width: 3, height: 4 };
    const pixels = Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1);
    const rle = encodeRle(pixels, size);
    pixels.forEach((value, i) => {
      const middle = { x: (i % 3) + 0.5, y: Math.floor(i / 3) + 0.5 };
      expect(rleIncludes(rle, middle)).toBe(value === 1);
    });
  });

  it('is false beside the frame', () => {
    const full = encodeRle(Uint8Array.of(1, 1), { width: 2, height: 1 });
    for (const point of [
      { x: -0.1, y: 0.5 },
      { x: 2, y: 0.5 },
      { x: 0.5, y: 1 },
    ])
      expect(rleIncludes(full, point)).toBe(false);
  });
});

describe('rleArea', () => {
  it('counts object pixels', () => {
    expect(rleArea(draw('##.', '.#.'))).toBe(3);
    expect(rleArea(emptyRle({ width: 3, height: 2 }))).toBe(0);
    expect(rleArea(draw('##', '##'))).toBe(4);
  });
});

describe('rleBounds', () => {
  it('is the smallest box, right and bottom exclusive', () => {
    expect(rleBounds(draw('....', '.#..', '..#.', '....'))).toEqual({ x0: 1, y0: 1, x1: 3, y1: 3 });
  });

  it('is right where a run goes on into the next column', () => {
    expect(rleBounds(draw('.#', '.#', '#.'))).toEqual({ x0: 0, y0: 0, x1: 2, y1: 3 });
  });

  it('is the whole frame for a full mask and null for an empty one', () => {
    expect(rleBounds(draw('###', '###'))).toEqual({ x0: 0, y0: 0, x1: 3, y1: 2 });
    expect(rleBounds(emptyRle({ width: 3, height: 2 }))).toBeNull();
  });
});

describe('mayOverlap', () => {
  it('is whether the boxes round the masks meet', () => {
    const [top, bottom, both] = [
      draw('###', '...', '...'),
      draw('...', '...', '###'),
      draw('#..', '#..', '#..'),
    ];
    expect([mayOverlap(top, bottom), mayOverlap(top, both), mayOverlap(both, bottom)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(mayOverlap(emptyRle(both), both)).toBe(false);
  });
});

describe('rleIou', () => {
  it('is intersection over union', () => {
    expect(rleIou(draw('##.', '...'), draw('.##', '...'))).toBeCloseTo(1 / 3);
    expect(rleIou(draw('#..'), draw('..#'))).toBe(0);
    expect(rleIou(draw('##.', '##.'), draw('##.', '##.'))).toBe(1);
  });

  it('agrees with counting pixels', () => {
    const size = { width: 31, height: 17 };
    const [a, b] = [noiseMask(31, 17, 3), noiseMask(31, 17, 8)];
    const both = a.filter((value, i) => value && b[i]).length;
    const either = a.filter((value, i) => value || b[i]).length;
    expect(rleIou(encodeRle(a, size), encodeRle(b, size))).toBe(both / either);
  });

  it('is 1 for two empty masks, 0 for one', () => {
    const empty = emptyRle({ width: 3, height: 1 });
    expect(rleIou(empty, empty)).toBe(1);
    expect(rleIou(empty, draw('.#.'))).toBe(0);
    expect(rleIou(draw('###'), empty)).toBe(0);
  });

  it('refuses masks of different sizes', () => {
    expect(() => rleIou(draw('##'), draw('#', '#'))).toThrow(RangeError);
  });
});
