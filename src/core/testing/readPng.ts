import { crc32, inflateSync } from 'node:zlib';
import type { Size } from '../geometry.ts';

export interface DecodedPng extends Size {
  readonly kind: 'gray' | 'indexed';
  /** Row-major, one byte a pixel. */
  readonly pixels: Uint8Array;
  /** RGB triples. */
  readonly palette: Uint8Array | undefined;
  readonly chunks: readonly string[];
}

/**
 * Reads an 8-bit gray or indexed PNG with zlib's inflate and CRC, for tests: it shares no code with the writer.
 * @throws Error if anything is not as the PNG specification has it.
 */
export function readPng(bytes: Uint8Array): DecodedPng {
  const file = Buffer.from(bytes);
  if (file.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('This is not a PNG.');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, at + 8 + length)) !== file.readUInt32BE(at + 8 + length)) {
      throw new Error(`The CRC of ${type} is wrong.`);
    }
    chunks.push({ type, data: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  const data = (type: string) => chunks.find((chunk) => chunk.type === type)?.data;
  const header = data('IHDR');
  const compressed = data('IDAT');
  if (!header || !compressed || chunks.at(-1)?.type !== 'IEND') throw new Error('A PNG chunk is missing.');

  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colourType, ...methods] = header.subarray(8);
  if (depth !== 8 || (colourType !== 0 && colourType !== 3) || methods.some((method) => method !== 0)) {
    throw new Error(
      `This reader does not know depth ${depth}, colour type ${colourType}, methods ${methods.join()}.`,
    );
  }
  const lines = inflateSync(compressed);
  if (lines.length !== (width + 1) * height)
    throw new Error(`${lines.length} bytes of scan lines do not fit.`);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const line = lines.subarray(y * (width + 1), (y + 1) * (width + 1));
    if (line[0] !== 0) throw new Error(`Line ${y} has filter ${line[0]}; this reader knows none.`);
    pixels.set(line.subarray(1), y * width);
  }
  return {
    width,
    height,
    kind: colourType === 3 ? 'indexed' : 'gray',
    pixels,
    palette: data('PLTE'),
    chunks: chunks.map(({ type }) => type),
  };
}
