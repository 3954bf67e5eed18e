import { describe, expect, it } from 'vitest';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeGrayPng, encodeIndexedPng } from '../../src/core/png.ts';
import { readPngSamples } from './pngSamples.ts';
import { pngFile } from './testing/pngFile.ts';

/** A PNG from its scan lines, each led by its filter. */
const png = (
  [width, height]: [number, number],
  depth: number,
  colourType: number,
  lines: number[],
  interlace = 0,
): Buffer => pngFile({ size: { width, height }, depth, colourType, lines, interlace });

/** Reads a PNG as one of the size that its header says. */
const readAny = (file: Buffer, name = 'test.png') =>
  readPngSamples(file, name, { width: file.readUInt32BE(16), height: file.readUInt32BE(20) });

const samples = (file: Buffer) => Array.from(readAny(file).samples);

/** The same with another byte in the middle of its pixels. */
function flipped(file: Buffer): Buffer {
  file[file.indexOf('IDAT') + 4]! ^= 1;
  return file;
}

function withLength(file: Buffer): Buffer {
  file.writeUInt32BE(0xffff_fff0, file.indexOf('IDAT') - 4);
  return file;
}

describe('readPngSamples', () => {
  it('reads what the project writes', async () => {
    const pixels = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 256);
    const size = { width: 7, height: 5 };
    const indexed = Buffer.from(await encodeIndexedPng(pixels, size, DAVIS_PALETTE));
    expect(readAny(indexed)).toMatchObject({ kind: 'indexed', channels: 1, ...size });
    expect(samples(indexed)).toEqual(Array.from(pixels));
    expect(samples(Buffer.from(await encodeGrayPng(pixels, size)))).toEqual(Array.from(pixels));
  });

  it.each([
    [1, [0b10110000, 0b00100000], [1, 0, 1, 1, 0, 0, 1, 0]],
    [2, [0b11100100, 0b00011011], [3, 2, 1, 0, 0, 1, 2, 3]],
    [4, [0xf0, 0x12, 0x34, 0x56], [15, 0, 1, 2, 3, 4, 5, 6]],
    [16, [1, 0, 0, 2, 255, 255, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4], [256, 2, 65535, 0, 1, 2, 3, 4]],
  ])('unpacks %i bits a sample', (depth, bytes, expected) => {
    const half = bytes.length / 2;
    const lines = [0, ...bytes.slice(0, half), 0, ...bytes.slice(half)];
    expect(samples(png([4, 2], depth, 0, lines))).toEqual(expected);
  });

  it('undoes every filter', () => {
    // Each line is 10, 20, 40, 80, filtered by hand from itself and the line above.
    const lines = [
      ...[0, 10, 20, 40, 80],
      ...[1, 10, 10, 20, 40],
      ...[2, 0, 0, 0, 0],
      ...[3, 5, 5, 10, 20],
      ...[4, 0, 0, 0, 0],
    ];
    expect(samples(png([4, 5], 8, 0, lines))).toEqual(Array(5).fill([10, 20, 40, 80]).flat());
  });

  it('reads colours and transparency', () => {
    expect(samples(png([1, 2], 8, 2, [0, 1, 2, 3, 1, 4, 5, 6]))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(samples(png([2, 1], 8, 6, [1, 1, 2, 3, 4, 1, 1, 1, 1]))).toEqual([1, 2, 3, 4, 2, 3, 4, 5]);
    expect(readAny(png([1, 1], 8, 4, [0, 9, 255])).kind).toBe('gray-alpha');
  });

  it('puts the passes of an interlaced picture together', () => {
    // 3×3: pass 1 has (0,0); 4 has (2,0); 5 has (0,2), (2,2); 6 has (1,0), (1,2); 7 has row 1.
    const lines = [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6];
    expect(samples(png([3, 3], 8, 0, lines, 1))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([
    ['another file', Buffer.from('GIF89a, or whatever else it may be'), 'does not start as one'],
    ['a file that is cut off', png([4, 4], 8, 0, new Array<number>(20).fill(0)).subarray(0, 50), 'cut off'],
    ['a chunk that is longer than the file', withLength(png([1, 1], 8, 0, [0, 1])), 'cut off'],
    ['a wrong checksum', flipped(png([1, 1], 8, 0, [0, 1])), 'a checksum in it is wrong (IDAT)'],
    [
      'more pixels than its header says',
      png([1, 1], 8, 0, new Array<number>(1e6).fill(0)),
      'too many pixels',
    ],
    ['too few pixels', png([4, 4], 8, 0, [0, 1, 2, 3, 4]), 'too few pixels'],
    ['an unknown filter', png([1, 1], 8, 0, [5, 1]), 'unknown filter'],
    ['an unknown colour type', png([1, 1], 8, 1, [0, 1]), 'header'],
  ])('refuses %s', (_, file, message) => {
    expect(() => readAny(file, 'mask.png')).toThrow(`mask.png is not a PNG that can be read`);
    expect(() => readAny(file, 'mask.png')).toThrow(message);
  });

  it('unpacks nothing of another size than the frames: a small file may say that it is large', () => {
    const [width, height] = [20_000, 20_000];
    const bomb = pngFile({ size: { width, height }, depth: 8, colourType: 0, lines: [] });
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readPngSamples(bomb, 'mask.png', { width: 3, height: 2 })).toThrow(
      'mask.png is 20000×20000, but the frames are 3×2.',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
