import { readFile, stat } from 'node:fs/promises';
import { decodePng, type PngImage } from '../../src/core/decodePng.ts';
import { MaskletError } from '../../src/core/errors.ts';
import { FormatError } from '../../src/core/formatError.ts';
import type { Size } from '../../src/core/geometry.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';

/** No PNG of the largest frame that is allowed needs more. */
const MAX_FILE_BYTES = 2 ** 30;

/**
 * Reads a PNG as the mask of one object. An indexed image's object is where the index is not 0, whatever the palette; a gray
 * or coloured one's is where it is not black; nothing is where it is fully transparent.
 *
 * @param size of the frames, which the mask must have
 * @throws MaskletError `file-damaged` if there is no such file, or it is no PNG of that size.
 */
export async function readMaskFile(path: string, size: Size): Promise<MaskRle> {
  const file = await readBounded(path).catch((cause: unknown) => {
    throw new MaskletError('file-damaged', `The mask ${path} cannot be read.`, { cause });
  });
  const png = await decodePng(file, path, size).catch((cause: unknown) => {
    throw cause instanceof FormatError ? new MaskletError('file-damaged', cause.message, { cause }) : cause;
  });
  const { samples, channels } = png;
  const isClear = transparencyOf(png);
  const colours = hasAlpha(png) ? channels - 1 : channels;
  const mask = new Uint8Array(size.width * size.height);
  for (let pixel = 0, at = 0; pixel < mask.length; pixel++, at += channels) {
    if (isClear(at)) continue;
    for (let channel = 0; channel < colours; channel++) if (samples[at + channel] !== 0) mask[pixel] = 1;
  }
  return encodeRle(mask, size);
}

async function readBounded(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new Error(`${path} has ${size} bytes.`);
  return readFile(path);
}

function hasAlpha({ kind }: PngImage): boolean {
  return kind === 'gray-alpha' || kind === 'rgb-alpha';
}

/** Whether the pixel whose samples start at a place is fully transparent. */
function transparencyOf(png: PngImage): (at: number) => boolean {
  const { kind, samples, channels, clear } = png;
  if (hasAlpha(png)) return (at) => samples[at + channels - 1] === 0;
  if (clear.length === 0) return () => false;
  if (kind === 'indexed') return (at) => clear.includes(samples[at] ?? 0);
  return (at) => clear.every((sample, channel) => samples[at + channel] === sample);
}
