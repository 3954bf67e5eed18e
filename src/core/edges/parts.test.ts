import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRle, emptyRle, encodeRle, type MaskRle } from '../rle.ts';
import { mendedMask } from './parts.ts';

/** The same pixel by pixel: parts are found by walking from neighbour to neighbour. */
function mendedByPixels(mask: MaskRle, holes: number, specks: number): MaskRle {
  const { width, height } = mask;
  const pixels = decodeRle(mask);
  const partsOf = (value: number) => {
    const seen = new Set<number>();
    const parts: number[][] = [];
    for (let start = 0; start < pixels.length; start++) {
      if (pixels[start] !== value || seen.has(start)) continue;
      const part = [start];
      seen.add(start);
      for (const at of part) {
        const [x, y] = [at % width, Math.floor(at / width)];
        for (const [dx, dy] of [-1, 0, 1].flatMap((i) => [-1, 0, 1].map((j) => [i, j] as const))) {
          if (value === 0 && dx !== 0 && dy !== 0) continue;
          const [nx, ny] = [x + dx, y + dy];
          const next = ny * width + nx;
          if (nx < 0 || nx >= width || ny < 0 || ny >= height) continue;
          if (pixels[next] === value && !seen.has(next)) part.push(next);
          if (pixels[next] === value) seen.add(next);
        }
      }
      parts.push(part);
    }
    return parts;
  };
  const isOpen = (part: number[]) =>
    part.some(
      (at) => at % width === 0 || at % width === width - 1 || at < width || at >= width * (height - 1),
    );
  if (holes > 0)
    for (const part of partsOf(0))
      if (part.length <= holes && !isOpen(part)) for (const at of part) pixels[at] = 1;
  const parts = partsOf(1);
  const largest = Math.max(0, ...parts.map(({ length }) => length));
  for (const part of parts)
    if (part.length <= specks && part.length < largest) for (const at of part) pixels[at] = 0;
  return encodeRle(pixels, mask);
}

it('fills holes and takes specks away as a walk over all pixels does', () => {
  const sides = fc.record({
    width: fc.integer({ min: 1, max: 14 }),
    height: fc.integer({ min: 1, max: 14 }),
  });
  const masks = sides.chain((size) =>
    fc
      .array(fc.constantFrom(0, 1, 1), {
        minLength: size.width * size.height,
        maxLength: size.width * size.height,
      })
      .map((pixels) => encodeRle(Uint8Array.from(pixels), size)),
  );
  const most = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(masks, most, most, (mask, holes, specks) => {
      expect(mendedMask(mask, holes, specks)).toEqual(mendedByPixels(mask, holes, specks));
    }),
    { numRuns: 1000 },
  );
});

it('gives the very mask back where there is nothing to mend', () => {
  const mask = encodeRle(Uint8Array.of(1, 1, 1, 1), { width: 2, height: 2 });
  expect(mendedMask(mask, 100, 100)).toBe(mask);
  const empty = emptyRle({ width: 3, height: 2 });
  expect(mendedMask(empty, 100, 100)).toBe(empty);
});
