import { readFile } from 'node:fs/promises';
import { MaskletError } from '../../src/core/errors.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { readPngSamples } from './pngSamples.ts';

/**
 * Reads a PNG as the mask of one object. An indexed image's object is where the index is not 0, whatever the palette; a gray
 * or coloured one's is where it is not black; nothing is where it is fully transparent.
 *
 * @throws MaskletError `file-damaged` if there is no such file or it is no PNG.
 */
export async function readMaskFile(path: string): Promise<MaskRle> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new MaskletError('file-damaged', `The mask ${path} cannot be read.`, { cause });
  });
  const { samples, channels, kind, ...size } = readPngSamples(file, path);
  const hasAlpha = kind === 'gray-alpha' || kind === 'rgb-alpha';
  const colours = hasAlpha ? channels - 1 : channels;
  const mask = new Uint8Array(size.width * size.height);
  for (let pixel = 0, at = 0; pixel < mask.length; pixel++, at += channels) {
    if (hasAlpha && samples[at + colours] === 0) continue;
    for (let channel = 0; channel < colours; channel++) if (samples[at + channel] !== 0) mask[pixel] = 1;
  }
  return encodeRle(mask, size);
}
