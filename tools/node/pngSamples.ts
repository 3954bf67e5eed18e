import { crc32, inflateSync } from 'node:zlib';
import type { Size } from '../../src/core/geometry.ts';
import { MaskletError } from '../../src/core/errors.ts';

/** The samples of a PNG as they are stored: an indexed image's are its indexes, not their colours. */
export interface PngSamples extends Size {
  readonly kind: 'gray' | 'rgb' | 'indexed' | 'gray-alpha' | 'rgb-alpha';
  /** Samples of a pixel: 1 to 4. */
  readonly channels: number;
  /** Row-major; as stored, 0 to 2^depth − 1. */
  readonly samples: Uint16Array;
  /**
   * What is fully transparent by the PNG's tRNS chunk: of an indexed image the indexes, of a gray or coloured one the samples of
   * the one colour. Empty without such a chunk.
   */
  readonly clear: readonly number[];
}

const SIGNATURE = '\x89PNG\r\n\x1a\n';

const COLOUR_TYPES: Readonly<Record<number, Pick<PngSamples, 'kind' | 'channels'>>> = {
  0: { kind: 'gray', channels: 1 },
  2: { kind: 'rgb', channels: 3 },
  3: { kind: 'indexed', channels: 1 },
  4: { kind: 'gray-alpha', channels: 2 },
  6: { kind: 'rgb-alpha', channels: 4 },
};

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/** The reduced images of an interlaced PNG. */
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
 * Reads a PNG of any colour type and depth. Picture decoders give colours, in which an id map has lost its ids; hence this
 * one. Source: PNG specification, third edition (W3C).
 *
 * @param name appears in errors
 * @param wanted what size the PNG must have: nothing larger is unpacked, whatever its header says
 * @throws MaskletError `file-damaged` if it is not a whole PNG, or of another size.
 */
export function readPngSamples(file: Buffer, name: string, wanted: Size): PngSamples {
  const damaged = (why: string, cause?: unknown) =>
    new MaskletError('file-damaged', `${name} is not a PNG that can be read: ${why}.`, { cause });
  const chunks = readChunks(file, damaged);
  const chunk = (type: string) => chunks.find((found) => found.type === type)?.data;
  const header = chunk('IHDR');
  if (header?.length !== 13 || chunks[0]?.type !== 'IHDR') throw damaged('it has no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colourType = -1, , , interlace = 0] = header.subarray(8);
  const colour = COLOUR_TYPES[colourType];
  if (!colour || ![1, 2, 4, 8, 16].includes(depth) || interlace > 1 || width * height === 0) {
    throw damaged('its header makes no sense');
  }
  if (width !== wanted.width || height !== wanted.height) {
    throw new MaskletError(
      'file-damaged',
      `${name} is ${width}×${height}, but the frames are ${wanted.width}×${wanted.height}.`,
    );
  }
  const bitsPerPixel = colour.channels * depth;
  const passes = passesOf(wanted, interlace === 1 ? ADAM7 : WHOLE, bitsPerPixel);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  let lines: Buffer;
  try {
    const most = passes.reduce((sum, { rows, bytes }) => sum + rows * (1 + bytes), 0);
    lines = inflateSync(Buffer.concat(packed), { maxOutputLength: most });
  } catch (cause) {
    const tooMany = cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(tooMany ? 'it has too many pixels' : 'its pixels cannot be unpacked', cause);
  }
  const samples = new Uint16Array(width * height * colour.channels);
  let at = 0;
  for (const { x: left, y: top, stepX, stepY, columns, rows, bytes } of passes) {
    let above: Uint8Array = new Uint8Array(bytes);
    for (let row = 0; row < rows; row++) {
      const line = lines.subarray(at + 1, at + 1 + bytes);
      if (line.length < bytes) throw damaged('it has too few pixels');
      if (!unfilter(lines[at] ?? 0, line, above, Math.max(1, bitsPerPixel >> 3))) {
        throw damaged('it has an unknown filter');
      }
      for (let column = 0; column < columns; column++) {
        const pixel = (top + row * stepY) * width + left + column * stepX;
        for (let channel = 0; channel < colour.channels; channel++) {
          const index = column * colour.channels + channel;
          samples[pixel * colour.channels + channel] = sampleAt(line, index, depth);
        }
      }
      above = line;
      at += 1 + bytes;
    }
  }
  return { width, height, ...colour, samples, clear: clearSamples(colour.kind, chunk('tRNS')) };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** All chunks up to the end of the picture. A length that reaches beyond the file ends the reading before anything is copied. */
function readChunks(file: Buffer, damaged: (why: string) => MaskletError): Chunk[] {
  if (file.toString('latin1', 0, 8) !== SIGNATURE) throw damaged('it does not start as one');
  const chunks: Chunk[] = [];
  for (let at = 8; chunks.at(-1)?.type !== 'IEND';) {
    const end = at + 12 + (at + 12 <= file.length ? file.readUInt32BE(at) : 0);
    if (end > file.length || at + 12 > file.length) throw damaged('it is cut off');
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) {
      throw damaged(`a checksum in it is wrong (${type})`);
    }
    chunks.push({ type, data: file.subarray(at + 8, end - 4) });
    at = end;
  }
  return chunks;
}

interface PassLines extends Pass {
  readonly columns: number;
  readonly rows: number;
  /** Of a line, without its filter. */
  readonly bytes: number;
}

/** The passes that hold pixels, with the lines that each must have. */
function passesOf({ width, height }: Size, passes: readonly Pass[], bitsPerPixel: number): PassLines[] {
  return passes
    .map((pass) => {
      const columns = Math.ceil((width - pass.x) / pass.stepX);
      const rows = Math.ceil((height - pass.y) / pass.stepY);
      return { ...pass, columns, rows, bytes: Math.ceil((columns * bitsPerPixel) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** An indexed image's tRNS chunk has an alpha for each index, another's has one sample of 16 bits for each channel. */
function clearSamples(kind: PngSamples['kind'], chunk: Buffer | undefined): number[] {
  if (!chunk || kind === 'gray-alpha' || kind === 'rgb-alpha') return [];
  if (kind === 'indexed') return [...chunk.keys()].filter((index) => chunk[index] === 0);
  const channels = kind === 'gray' ? 1 : 3;
  if (chunk.length < 2 * channels) return [];
  return Array.from({ length: channels }, (_, channel) => chunk.readUInt16BE(2 * channel));
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

/** The neighbour nearest to left + above − upper left. */
function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
