import { asciiBytes, countsOfCocoString } from './cocoString.ts';
import { FormatError } from './formatError.ts';
import { checkMaskSides, maskOfRuns } from './maskRuns.ts';
import type { MaskRle } from './rle.ts';

/** The JSON form that the COCO tools read: uncompressed counts. */
export interface CocoRle {
  readonly size: [height: number, width: number];
  readonly counts: number[];
}

/** A mask as uncompressed COCO run lengths, height first. */
export function toCocoRle(rle: MaskRle): CocoRle {
  return { size: [rle.height, rle.width], counts: Array.from(rle.counts) };
}

/**
 * The mask of COCO run lengths as they are found in a file: a list of counts, or the compressed string.
 * @throws FormatError if it is anything else, or the runs are not those of a mask of the stated size.
 */
export function fromCocoRle(coco: unknown): MaskRle {
  const { size, counts } = (coco ?? {}) as { readonly size?: unknown; readonly counts?: unknown };
  if (!Array.isArray(size) || size.length !== 2) {
    throw new FormatError('Run lengths without a size of two numbers, height and width, are no mask.');
  }
  const [height, width] = size as readonly unknown[];
  if (typeof counts === 'string') {
    const maskSize = checkMaskSides(width, height);
    return { ...maskSize, counts: countsOfCocoString(asciiBytes(counts), maskSize) };
  }
  if (!Array.isArray(counts)) throw new FormatError('The counts of run lengths are a list or a string.');
  return maskOfRuns(counts as readonly unknown[], checkMaskSides(width, height));
}
