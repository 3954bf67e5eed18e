import { inflateSync } from 'node:zlib';

export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 is grey, 3 is indexed. */
  readonly colourType: number;
  readonly palette: Uint8Array | undefined;
  /** One byte for each pixel: the grey value or the palette's index. */
  readonly pixels: Uint8Array;
}

/** Reads an 8-bit grey or indexed PNG without filters, as Masklet writes them; independent of our writer. */
export function readPng(file: Uint8Array): DecodedPng {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('not a PNG');
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    chunks.set(name, [...(chunks.get(name) ?? []), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const header = chunks.get('IHDR')![0]!;
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const lines = inflateSync(Buffer.concat(chunks.get('IDAT')!));
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (width + 1);
    if (lines[from] !== 0) throw new Error(`line ${y} is filtered`);
    pixels.set(lines.subarray(from + 1, from + 1 + width), y * width);
  }
  return {
    width,
    height,
    bitDepth: header[8]!,
    colourType: header[9]!,
    palette: chunks.get('PLTE')?.[0],
    pixels,
  };
}
