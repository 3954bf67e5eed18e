import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { decodePng } from './decodePng.ts';
import { FormatError } from './formatError.ts';
import { DAVIS_PALETTE } from './palette.ts';
import { encodeGrayPng, encodeIndexedPng } from './png.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const bytes = Buffer.alloc(8 + body.length);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), 4 + body.length);
  return bytes;
}

/** A PNG with any header around scan lines. */
function png(
  header: readonly number[],
  [width, height]: readonly [number, number],
  lines: Uint8Array,
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set(header, 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', ihdr),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('decodePng', () => {
  it('gives back what the writer wrote', async () => {
    const size = { width: 7, height: 5 };
    const pixels = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 255);
    expect(await decodePng(await encodeIndexedPng(pixels, size, DAVIS_PALETTE), 'a')).toMatchObject({
      ...size,
      kind: 'indexed',
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
