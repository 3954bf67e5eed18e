import { crc32, deflateSync } from 'node:zlib';
import type { Size } from '../geometry.ts';

export interface PngParts {
  readonly size: Size;
  readonly depth: number;
  readonly colourType: number;
  /** Scan lines, each led by its filter. */
  readonly lines: Iterable<number>;
  readonly interlace?: number;
  /** The content of a tRNS chunk. */
  readonly clear?: readonly number[];
}

/** A PNG of any kind, for tests. Its pixels lie in two chunks: a file's may be in any number of them. */
export function pngFile({ size, depth, colourType, lines, interlace = 0, clear }: PngParts): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width);
  header.writeUInt32BE(size.height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  const packed = deflateSync(Uint8Array.from(lines));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(clear ? [chunk('tRNS', Buffer.from(clear))] : []),
    chunk('IDAT', packed.subarray(0, 3)),
    chunk('IDAT', packed.subarray(3)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])));
  return Buffer.concat([head, data, sum]);
}
