import { crc32 } from './crc32.ts';
import { FormatError } from './formatError.ts';
import type { Size } from './geometry.ts';
import { joinBytes } from './joinBytes.ts';
import { checkMaskSides } from './maskRuns.ts';
import { paeth } from './paeth.ts';

/** The samples of a PNG as they are stored: an indexed image's are its indexes, not their colours. */
export interface PngImage extends Size {
  readonly kind: 'gray' | 'rgb' | 'indexed' | 'gray-alpha' | 'rgb-alpha';
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Samples of a pixel: 1 to 4. */
  readonly channels: number;
  /** Row-major, 0 to 2^depth − 1. */
  readonly samples: Uint8Array | Uint16Array;
  /**
   * What is fully transparent by the PNG's tRNS chunk: of an indexed image the indexes, of a gray or coloured one the samples of
   * the one colour. Empty without such a chunk.
   */
  readonly clear: readonly number[];
}

interface Header extends Omit<PngImage, 'samples' | 'clear'> {
  readonly isInterlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const COLOUR_TYPES: Readonly<Record<number, Pick<PngImage, 'kind' | 'channels'> & { depths: number[] }>> = {
  0: { kind: 'gray', channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { kind: 'rgb', channels: 3, depths: [8, 16] },
  3: { kind: 'indexed', channels: 1, depths: [1, 2, 4, 8] },
  4: { kind: 'gray-alpha', channels: 2, depths: [8, 16] },
  6: { kind: 'rgb-alpha', channels: 4, depths: [8, 16] },
};

/** A reduced image of an interlaced PNG; the whole image of another one. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/**
 * Reads a PNG of any colour type and depth. Picture decoders give colours, in which an ID map has lost its ids; hence this
 * one. It holds no more than the image's own bytes, whatever the header or the compressed data claim: room for the pixels is
 * made only once their bytes are there. Source: PNG specification, third edition (W3C).
 *
 * @param name appears in errors
 * @param wanted the size of the frames, where it is known: a PNG of another one is not unpacked
 * @throws FormatError if it is no whole PNG, is not of that size, or a side has more than 8192 pixels and no size was named
 */
export async function decodePng(file: Uint8Array, name: string, wanted?: Size): Promise<PngImage> {
  const { header, data, transparency } = readChunks(file, name, wanted);
  const passes = (header.isInterlaced ? ADAM7 : WHOLE)
    .map((pass) => ({
      ...pass,
      columns: Math.ceil((header.width - pass.x) / pass.stepX),
      rows: Math.ceil((header.height - pass.y) / pass.stepY),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const lineBytes = (columns: number) => 1 + Math.ceil((columns * header.channels * header.depth) / 8);
  const expected = passes.reduce((sum, { columns, rows }) => sum + rows * lineBytes(columns), 0);
  const lines = await inflate(data, expected, name);
  const { width, height, channels, depth, kind } = header;
  const samples = new (depth === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  const pixelBytes = Math.max(1, (channels * depth) >> 3);
  let at = 0;
  for (const { x, y, stepX, stepY, columns, rows } of passes) {
    const bytes = lineBytes(columns);
    let above: Uint8Array = new Uint8Array(bytes - 1);
    for (let row = 0; row < rows; row++, at += bytes) {
      const line = lines.subarray(at + 1, at + bytes);
      if (!unfilter(lines[at] ?? 0, line, above, pixelBytes)) throw damaged(name, 'it has an unknown filter');
      above = line;
      const start = ((y + row * stepY) * width + x) * channels;
      if (depth === 8 && stepX === 1) samples.set(line, start);
      else putSamples(samples, start, line, { depth, channels, columns, stepX });
    }
  }
  return { width, height, kind, depth, channels, samples, clear: clearSamples(kind, transparency) };
}

function damaged(name: string, why: string, cause?: unknown): FormatError {
  return new FormatError(`${name} is not a PNG that can be read: ${why}.`, { cause });
}

interface Chunks {
  readonly header: Header;
  /** The compressed pixels, piece by piece. */
  readonly data: readonly Uint8Array[];
  /** The content of the tRNS chunk. */
  readonly transparency: DataView | undefined;
}

/** What is needed of all chunks up to the end of the picture; nothing is copied. */
function readChunks(file: Uint8Array, name: string, wanted: Size | undefined): Chunks {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) throw damaged(name, 'it does not start as one');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | undefined;
  let transparency: DataView | undefined;
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > file.length) break;
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (crc32(file.subarray(at + 4, end)) !== view.getUint32(end))
      throw damaged(name, `a checksum in it is wrong (${type})`);
    const content = new DataView(file.buffer, file.byteOffset + at + 8, length);
    if (type === 'IHDR') header ??= readHeader(content, name, wanted);
    if (header === undefined) throw damaged(name, 'it has no header');
    if (type === 'tRNS') transparency = content;
    if (type === 'IDAT') data.push(file.subarray(at + 8, end));
    if (type === 'IEND') return { header, data, transparency };
    at = end + 4;
  }
  throw damaged(name, 'it is cut off');
}

function readHeader(view: DataView, name: string, wanted: Size | undefined): Header {
  if (view.byteLength !== 13) throw damaged(name, 'it has no header');
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, compression, filters, interlace] = [8, 9, 10, 11, 12].map((at) =>
    view.getUint8(at),
  );
  const colour = COLOUR_TYPES[colourType ?? -1];
  const isKnown = compression === 0 && filters === 0 && (interlace === 0 || interlace === 1);
  if (colour === undefined || depth === undefined || !colour.depths.includes(depth) || !isKnown) {
    throw damaged(name, 'its header makes no sense');
  }
  const { kind, channels } = colour;
  const size = wanted ?? checkMaskSides(width, height);
  if (width !== size.width || height !== size.height)
    throw new FormatError(`${name} is ${width}×${height}, but the frames are ${size.width}×${size.height}.`);
  return { width, height, kind, channels, depth, isInterlaced: interlace === 1 };
}

/** Unpacks zlib data of a known length; stops at the first byte too many. */
async function inflate(data: readonly Uint8Array[], length: number, name: string): Promise<Uint8Array> {
  const packed = new Blob(data as Uint8Array<ArrayBuffer>[]).stream();
  const reader = packed.pipeThrough(new DecompressionStream('deflate')).getReader();
  const pieces: Uint8Array[] = [];
  let got = 0;
  try {
    while (got <= length) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      got += value.length;
    }
  } catch (cause) {
    throw damaged(name, 'its pixels cannot be unpacked', cause);
  }
  if (got !== length) {
    await reader.cancel().catch(() => undefined);
    throw damaged(name, got > length ? 'it has more pixels than its header says' : 'it has too few pixels');
  }
  return joinBytes(pieces);
}

/** An indexed image's tRNS chunk has an alpha for each index, another's has one sample of 16 bits for each channel. */
function clearSamples(kind: PngImage['kind'], chunk: DataView | undefined): number[] {
  if (!chunk || kind === 'gray-alpha' || kind === 'rgb-alpha') return [];
  if (kind === 'indexed')
    return Array.from({ length: chunk.byteLength }, (_, index) => index).filter(
      (index) => chunk.getUint8(index) === 0,
    );
  const channels = kind === 'gray' ? 1 : 3;
  if (chunk.byteLength < 2 * channels) return [];
  return Array.from({ length: channels }, (_, channel) => chunk.getUint16(2 * channel));
}

/** Puts the samples of a scan line, which are not simply bytes next to each other, in their places. */
function putSamples(
  samples: Uint8Array | Uint16Array,
  start: number,
  line: Uint8Array,
  {
    depth,
    channels,
    columns,
    stepX,
  }: Pick<PngImage, 'depth' | 'channels'> & { columns: number; stepX: number },
): void {
  for (let column = 0; column < columns; column++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[start + column * stepX * channels + channel] = sampleAt(
        line,
        column * channels + channel,
        depth,
      );
    }
  }
}

function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index] ?? 0;
  if (depth === 16) return (line[2 * index] ?? 0) * 256 + (line[2 * index + 1] ?? 0);
  const bit = index * depth;
  return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** Undoes a scan line's filter in place; false if there is no such filter. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): boolean {
  if (filter > 4) return false;
  if (filter === 0) return true;
  for (let i = 0; i < line.length; i++) {
    const a = i < pixelBytes ? 0 : (line[i - pixelBytes] ?? 0);
    const b = above[i] ?? 0;
    const c = i < pixelBytes ? 0 : (above[i - pixelBytes] ?? 0);
    const predicted = filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
    line[i] = (line[i] ?? 0) + predicted;
  }
  return true;
}
