import { expect, it } from 'vitest';
import { fromCocoRle, toCocoRle } from './cocoRle.ts';
import { FormatError } from './formatError.ts';
import { encodeRle } from './rle.ts';

const mask = encodeRle(Uint8Array.of(0, 0, 1, 0, 0, 0), { width: 3, height: 2 });

it('has the height first', () => {
  expect(toCocoRle(mask)).toEqual({ size: [2, 3], counts: [4, 1, 1] });
});

it('comes back as it was', () => {
  expect(fromCocoRle(toCocoRle(mask))).toEqual(mask);
});

it('refuses runs that do not add up', () => {
  expect(() => fromCocoRle({ size: [2, 3], counts: [4, 1] })).toThrow(FormatError);
});
