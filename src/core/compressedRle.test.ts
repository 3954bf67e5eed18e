import { expect, it, vi } from 'vitest';
import { compressed, compressedBytes, compressedRle, rleBytes } from './compressedRle.ts';
import { toCocoString } from './cocoString.ts';
import { mayOverlap, rleArea, rleBounds, rleCentroid, type MaskRle } from './rle.ts';

/** A mask of as many runs as a size has pixels. */
function striped(width: number, height: number): MaskRle {
  return { width, height, counts: new Uint32Array(width * height).fill(1) };
}

it('a compressed mask has the runs of the mask, also where it was sent', () => {
  const mask = striped(3, 5);
  const small = compressed(mask);
  expect(small).toEqual(mask);
  expect(structuredClone(small)).toEqual(mask);
  expect(compressedBytes(small)).toEqual(toCocoString(mask));
  expect(compressed(small)).toBe(small);
  expect(rleBytes(small)).toBe(toCocoString(mask).length);
});

it('runs that were worked out are kept for a while, but not those of a long clip', () => {
  const bytes = toCocoString(striped(100, 100));
  const first = compressedRle(bytes, { width: 100, height: 100 });
  const { counts } = first;
  expect(first.counts).toBe(counts);
  // 80 MB of others.
  for (let n = 0; n < 2000; n++) expect(compressedRle(bytes.slice(), first).counts).toHaveLength(10_000);
  expect(first.counts).not.toBe(counts);
  expect(first.counts).toEqual(counts);
});

it('what a mask is like is worked out of its runs once', () => {
  const mask = compressedRle(toCocoString(striped(3, 5)), { width: 3, height: 5 });
  const read = vi.spyOn(mask, 'counts', 'get');
  const facts = [rleArea(mask), rleBounds(mask), rleCentroid(mask), mayOverlap(mask, mask)];
  read.mockClear();
  expect([rleArea(mask), rleBounds(mask), rleCentroid(mask), mayOverlap(mask, mask)]).toEqual(facts);
  expect(read).not.toHaveBeenCalled();
  expect(facts).toEqual([7, { x0: 0, y0: 0, x1: 3, y1: 5 }, { x: 1.5, y: 2.5 }, true]);
});
