import { crc32 } from './crc32.ts';
import type { Size } from './geometry.ts';

/**
 * A PNG writer for masks: 8 bits a pixel, indexed or gray, as DAVIS annotations are. Canvas cannot write these: it
 * knows RGBA only, and a mask's value is its index. Source: PNG specification, third edition (W3C), and RFC 1950.
 */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const GRAY = 0;
const INDEXED = 3;

/**
 * Encodes row-major ids, one byte a pixel, with the colours to show them in.
 * @param palette RGB triples, at most 256, one for each id that occurs.
 * @throws RangeError if pixels or palette do not fit.
 */
export async function encodeIndexedPng(
  pixels: Uint8Array,
  size: Size,
  palette: Uint8Array,
): Promise<Uint8Array> {
  const colours = palette.length / 3;
  if (!Number.isInteger(colours) || colours < 1 || colours > 256) {
    throw new RangeError(`A palette is 1 to 256 RGB triples, not ${palette.length} bytes.`);
  }
  const missing = pixels.find((id) => id >= colours);
  if (missing !== undefined) {
    throw new RangeError(`The id ${missing} has no colour in a palette of ${colours}.`);
  }
  return encode(pixels, size, INDEXED, [chunk('PLTE', palette)]);
}

/**
 * Encodes row-major gray values, one byte a pixel, 0 is black.
 * @throws RangeError if the pixels are not `width`·`height`.
 */
export function encodeGrayPng(pixels: Uint8Array, size: Size): Promise<Uint8Array> {
  return encode(pixels, size, GRAY, []);
}

async function encode(
  pixels: Uint8Array,
  { width, height }: Size,
  colourType: number,
  extra: readonly Uint8Array[],
): Promise<Uint8Array> {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`A PNG cannot be ${width}×${height} pixels.`);
  }
  if (pixels.length !== width * height) {
    throw new RangeError(`A PNG of ${width}×${height} has ${width * height} pixels, not ${pixels.length}.`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourType, 0, 0, 0], 8);
  return concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', await deflate(scanlines(pixels, width, height))),
    chunk('IEND', new Uint8Array()),
  ]);
}

/**
 * The rows, each led by its filter type. Type 0, none: the other filters store differences between neighbours, which
 * helps smooth pictures, but a mask is runs of one value that deflate finds by itself, and the specification advises
 * against filtering indexed images.
 */
function scanlines(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const lines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return lines;
}

/** zlib's format, which is what the `deflate` of Compression Streams means. */
async function deflate(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const compressed = new Blob([data]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** A chunk: length, type, data, and the CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
