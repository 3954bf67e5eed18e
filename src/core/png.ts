import { crc32 } from './crc32.ts';
import type { Size } from './geometry.ts';
import { joinBytes } from './joinBytes.ts';
import { paeth } from './paeth.ts';

/**
 * A PNG writer for masks: indexed or gray, as DAVIS annotations are, and for cut-outs with straight alpha. Canvas cannot write
 * these: it knows premultiplied RGBA only, and a mask's value is its index. Source: PNG specification, third edition (W3C), and
 * RFC 1950.
 */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const GRAY = 0;
const INDEXED = 3;
const RGB_ALPHA = 6;

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
  checkPixels(pixels.length, size, 1);
  return encode(plainLines(pixels, size, 1), size, [8, INDEXED], [chunk('PLTE', palette)]);
}

/**
 * Encodes row-major gray values, one byte a pixel, 0 is black.
 * @throws RangeError if the pixels are not `width`·`height`.
 */
export async function encodeGrayPng(pixels: Uint8Array, size: Size): Promise<Uint8Array> {
  checkPixels(pixels.length, size, 1);
  return encode(plainLines(pixels, size, 1), size, [8, GRAY]);
}

/**
 * Encodes row-major gray values of 16 bits, 0 is black.
 * @throws RangeError if the pixels are not `width`·`height`.
 */
export async function encodeGray16Png(pixels: Uint16Array, size: Size): Promise<Uint8Array> {
  checkPixels(pixels.length, size, 1);
  const bytes = new Uint8Array(pixels.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of pixels.entries()) view.setUint16(i * 2, value);
  return encode(plainLines(bytes, size, 2), size, [16, GRAY]);
}

/**
 * Encodes row-major RGBA, 8 bits a channel, not premultiplied.
 * @throws RangeError if the samples are not `width`·`height`·4.
 */
export async function encodeRgbaPng(
  samples: Uint8Array | Uint8ClampedArray,
  size: Size,
): Promise<Uint8Array> {
  checkPixels(samples.length, size, 4);
  return encode(predictedLines(samples, size, 4), size, [8, RGB_ALPHA]);
}

function checkPixels(length: number, { width, height }: Size, channels: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`A PNG cannot be ${width}×${height} pixels.`);
  }
  if (length === width * height * channels) return;
  throw new RangeError(`A PNG of ${width}×${height} has ${width * height} pixels, not ${length / channels}.`);
}

async function encode(
  lines: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  [depth, colourType]: readonly [depth: number, colourType: number],
  extra: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, 0, 0, 0], 8);
  return joinBytes([
    SIGNATURE,
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', await deflate(lines)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/**
 * The rows, each led by its filter type. Type 0, none: the other filters store differences between neighbours, which
 * helps smooth pictures, but a mask is runs of one value that deflate finds by itself, and the specification advises
 * against filtering indexed images.
 */
function plainLines(bytes: Uint8Array, { width, height }: Size, pixelBytes: number): Uint8Array<ArrayBuffer> {
  const row = width * pixelBytes;
  const lines = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) lines.set(bytes.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return lines;
}

const PAETH = 4;

/** The rows as differences from Paeth's prediction, which suits photographs. */
function predictedLines(
  bytes: Uint8Array | Uint8ClampedArray,
  { width, height }: Size,
  pixelBytes: number,
): Uint8Array<ArrayBuffer> {
  const row = width * pixelBytes;
  const lines = new Uint8Array((row + 1) * height);
  for (let y = 0, at = 0, to = 0; y < height; y++) {
    lines[to++] = PAETH;
    for (let x = 0; x < row; x++, at++, to++) {
      const left = x < pixelBytes ? 0 : (bytes[at - pixelBytes] ?? 0);
      const above = y === 0 ? 0 : (bytes[at - row] ?? 0);
      const corner = x < pixelBytes || y === 0 ? 0 : (bytes[at - row - pixelBytes] ?? 0);
      lines[to] = (bytes[at] ?? 0) - paeth(left, above, corner);
    }
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
