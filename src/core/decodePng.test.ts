import { describe, expect, it } from 'vitest';
import { decodePng } from './decodePng.ts';
import { FormatError } from './formatError.ts';
import { DAVIS_PALETTE } from './palette.ts';
import { encodeGrayPng, encodeIndexedPng } from './png.ts';
import { pngFile } from './testing/pngFile.ts';

/** A PNG with any header around scan lines. */
function png(
  [depth = 8, colourType = 0, , , interlace = 0]: readonly number[],
  [width, height]: readonly [number, number],
  lines: Uint8Array,
): Buffer {
  return pngFile({ size: { width, height }, depth, colourType, lines, interlace });
}

/** The same with its scan lines as plain numbers. */
const anyPng = (
  [width, height]: [number, number],
  depth: number,
  colourType: number,
  lines: number[],
  interlace = 0,
): Buffer => pngFile({ size: { width, height }, depth, colourType, lines, interlace });

const samples = async (file: Buffer) => Array.from((await decodePng(file, 'test.png')).samples);

/** The same with another byte in the middle of its pixels. */
function flipped(file: Buffer): Buffer {
  file[file.indexOf('IDAT') + 4]! ^= 1;
  return file;
}

function withLength(file: Buffer): Buffer {
  file.writeUInt32BE(0xffff_fff0, file.indexOf('IDAT') - 4);
  return file;
}

describe('decodePng', () => {
  it('gives back what the writer wrote', async () => {
    const size = { width: 7, height: 5 };
    const pixels = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 255);
    expect(await decodePng(await encodeIndexedPng(pixels, size, DAVIS_PALETTE), 'a')).toMatchObject({
      ...size,
      kind: 'indexed',
      channels: 1,
      samples: pixels,
    });
    expect(await decodePng(await encodeGrayPng(pixels, size), 'a')).toMatchObject({
      kind: 'gray',
      samples: pixels,
    });
  });

  it('reads samples of 1 and of 16 bits, and each filter', async () => {
    expect(
      await decodePng(png([1, 0, 0, 0, 0], [3, 2], Uint8Array.of(0, 0b10100000, 0, 0b01000000)), 'a'),
    ).toMatchObject({
      samples: Uint8Array.of(1, 0, 1, 0, 1, 0),
    });
    expect(await decodePng(png([16, 0, 0, 0, 0], [2, 1], Uint8Array.of(0, 1, 2, 39, 16)), 'a')).toMatchObject(
      {
        samples: Uint16Array.of(258, 10_000),
      },
    );
    // Lines of sub, up, average and Paeth, worked out by hand.
    const lines = Uint8Array.of(1, 10, 5, 2, 1, 1, 3, 5, 5, 4, 3, 3);
    expect((await decodePng(png([8, 0, 0, 0, 0], [2, 4], lines), 'a')).samples).toEqual(
      Uint8Array.of(10, 15, 11, 16, 10, 18, 13, 21),
    );
  });

  it.each([
    [1, [0b10110000, 0b00100000], [1, 0, 1, 1, 0, 0, 1, 0]],
    [2, [0b11100100, 0b00011011], [3, 2, 1, 0, 0, 1, 2, 3]],
    [4, [0xf0, 0x12, 0x34, 0x56], [15, 0, 1, 2, 3, 4, 5, 6]],
    [16, [1, 0, 0, 2, 255, 255, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4], [256, 2, 65535, 0, 1, 2, 3, 4]],
  ])('unpacks %i bits a sample', async (depth, bytes, expected) => {
    const half = bytes.length / 2;
    const lines = [0, ...bytes.slice(0, half), 0, ...bytes.slice(half)];
    expect(await samples(anyPng([4, 2], depth, 0, lines))).toEqual(expected);
  });

  it('undoes every filter', async () => {
    // Each line is 10, 20, 40, 80, filtered by hand from itself and the line above.
    const lines = [
      ...[0, 10, 20, 40, 80],
      ...[1, 10, 10, 20, 40],
      ...[2, 0, 0, 0, 0],
      ...[3, 5, 5, 10, 20],
      ...[4, 0, 0, 0, 0],
    ];
    expect(await samples(anyPng([4, 5], 8, 0, lines))).toEqual(Array(5).fill([10, 20, 40, 80]).flat());
  });

  it('reads colours and transparency', async () => {
    expect(await samples(anyPng([1, 2], 8, 2, [0, 1, 2, 3, 1, 4, 5, 6]))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await samples(anyPng([2, 1], 8, 6, [1, 1, 2, 3, 4, 1, 1, 1, 1]))).toEqual([
      1, 2, 3, 4, 2, 3, 4, 5,
    ]);
    expect((await decodePng(anyPng([1, 1], 8, 4, [0, 9, 255]), 'x')).kind).toBe('gray-alpha');
  });

  it('puts the passes of an interlaced picture together', async () => {
    // 3×3: pass 1 has (0,0); 4 has (2,0); 5 has (0,2), (2,2); 6 has (1,0), (1,2); 7 has row 1.
    const lines = [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6];
    expect(await samples(anyPng([3, 3], 8, 0, lines, 1))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('reads an interlaced image', async () => {
    // 2×2: one pixel in the first pass, one in the sixth, two in the seventh.
    const lines = Uint8Array.of(0, 1, 0, 2, 0, 3, 4);
    expect((await decodePng(png([8, 0, 0, 0, 1], [2, 2], lines), 'a')).samples).toEqual(
      Uint8Array.of(1, 2, 3, 4),
    );
  });

  it('refuses a bomb without unpacking it', async () => {
    const bomb = png([8, 0, 0, 0, 0], [4, 4], new Uint8Array(64 * 2 ** 20));
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodePng(bomb, 'bomb.png')).rejects.toThrow(
      'bomb.png is not a PNG that can be read: it has more pixels',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
  });

  it.each([
    ['a side of 8193 pixels', png([8, 0, 0, 0, 0], [8193, 1], new Uint8Array(8194)), '8192'],
    ['a size without pixels', png([8, 0, 0, 0, 0], [8192, 8192], new Uint8Array(4)), 'too few pixels'],
    ['a depth that is none', png([3, 0, 0, 0, 0], [1, 1], new Uint8Array(2)), 'header'],
    ['an unknown filter', png([8, 0, 0, 0, 0], [1, 1], Uint8Array.of(5, 0)), 'filter'],
    ['what is no PNG', Buffer.from('GIF89a'), 'does not start'],
  ])('refuses %s', async (_what, bytes, message) => {
    const error: unknown = await decodePng(bytes, 'x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });

  it.each([
    ['another file', Buffer.from('GIF89a, or whatever else it may be'), 'does not start as one'],
    ['a file that is cut off', png([8], [4, 4], new Uint8Array(20)).subarray(0, 50), 'cut off'],
    ['a chunk that is longer than the file', withLength(png([8], [1, 1], Uint8Array.of(0, 1))), 'cut off'],
    ['a wrong checksum', flipped(png([8], [1, 1], Uint8Array.of(0, 1))), 'a checksum in it is wrong (IDAT)'],
    [
      'more pixels than its header says',
      png([8], [1, 1], new Uint8Array(1e6)),
      'more pixels than its header says',
    ],
    ['too few pixels', png([8], [4, 4], Uint8Array.of(0, 1, 2, 3, 4)), 'too few pixels'],
    ['an unknown filter', png([8], [1, 1], Uint8Array.of(5, 1)), 'unknown filter'],
    ['an unknown colour type', png([8, 1], [1, 1], Uint8Array.of(0, 1)), 'header'],
  ])('refuses %s, and names the file', async (_what, file, message) => {
    await expect(decodePng(file, 'mask.png')).rejects.toThrow('mask.png is not a PNG that can be read');
    await expect(decodePng(file, 'mask.png')).rejects.toThrow(message);
  });

  it('unpacks nothing of another size than the frames: a small file may say that it is large', async () => {
    const bomb = png([8], [20_000, 20_000], new Uint8Array(0));
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodePng(bomb, 'mask.png', { width: 3, height: 2 })).rejects.toThrow(
      'mask.png is 20000×20000, but the frames are 3×2.',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });

  it('refuses a file that was cut off or changed anywhere', async () => {
    const whole = await encodeGrayPng(
      Uint8Array.from({ length: 64 }, (_, i) => i * 3),
      { width: 8, height: 8 },
    );
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      await expect(decodePng(changed, 'x'), `byte ${at}`).rejects.toThrow(FormatError);
      await expect(decodePng(whole.subarray(0, at), 'x')).rejects.toThrow(FormatError);
    }
  });
});
