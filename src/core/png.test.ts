import { describe, expect, it } from 'vitest';
import { DAVIS_PALETTE } from './palette.ts';
import { encodeGrayPng, encodeIndexedPng } from './png.ts';
import { readPng } from './testing/readPng.ts';

/** Pixels without a pattern that a mistake in rows and columns could keep. */
function noise(count: number, limit: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 16) % limit;
  });
}

describe('encodeIndexedPng', () => {
  it.each([
    [1, 1],
    [7, 3],
    [3, 7],
    [1, 300],
    [333, 1],
    [641, 359],
  ])('keeps every pixel of %i×%i', async (width, height) => {
    const pixels = noise(width * height, 256);
    const png = readPng(await encodeIndexedPng(pixels, { width, height }, DAVIS_PALETTE));
    expect(png).toMatchObject({ kind: 'indexed', width, height });
    expect(png.pixels).toEqual(pixels);
  });

  it('carries the palette, before the pixels', async () => {
    const png = readPng(await encodeIndexedPng(Uint8Array.of(0, 1), { width: 2, height: 1 }, DAVIS_PALETTE));
    expect(png.chunks).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(Buffer.from(png.palette!)).toEqual(Buffer.from(DAVIS_PALETTE));
  });

  it('makes a mask small', async () => {
    const size = { width: 1280, height: 720 };
    const png = await encodeIndexedPng(new Uint8Array(1280 * 720), size, DAVIS_PALETTE);
    expect(png.length).toBeLessThan(3000);
  });

  it('refuses pixels that are not width × height', async () => {
    const pixels = new Uint8Array(5);
    await expect(encodeIndexedPng(pixels, { width: 2, height: 3 }, DAVIS_PALETTE)).rejects.toThrow(
      RangeError,
    );
  });

  it('refuses a palette of broken triples, or without a colour for an id that occurs', async () => {
    const pixels = Uint8Array.of(0, 2);
    const size = { width: 2, height: 1 };
    await expect(encodeIndexedPng(pixels, size, new Uint8Array(8))).rejects.toThrow(RangeError);
    await expect(encodeIndexedPng(pixels, size, new Uint8Array(257 * 3))).rejects.toThrow(RangeError);
    await expect(encodeIndexedPng(pixels, size, new Uint8Array(6))).rejects.toThrow('The id 2 has no colour');
  });
});

describe('encodeGrayPng', () => {
  it('keeps every pixel', async () => {
    const pixels = noise(13 * 5, 256);
    const png = readPng(await encodeGrayPng(pixels, { width: 13, height: 5 }));
    expect(png).toMatchObject({ kind: 'gray', width: 13, height: 5, palette: undefined });
    expect(png.pixels).toEqual(pixels);
  });

  it.each([
    [0, 0],
    [0, 4],
    [1.5, 2],
    [-1, -1],
  ])('refuses a picture of %d×%d', async (width, height) => {
    await expect(encodeGrayPng(new Uint8Array(1), { width, height })).rejects.toThrow(RangeError);
  });
});
