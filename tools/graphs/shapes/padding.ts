import { readFile } from 'node:fs/promises';
import type { Size } from '../../../src/core/geometry.ts';
import { PART_CELLS } from '../../../workers/tracker/embedded/encoderShapes.ts';
import { INPUT_SIDE, SIDE } from '../../../workers/tracker/embedded/features.ts';

/** What the encoder makes of padding, measured by measurePadding.ts. */
export const PADDING_FILE = new URL('padding.bin', import.meta.url);

/** Channels of the encoder's output. */
export const EMBEDDING_CHANNELS = 256;

/** What a convolution is given: its channels, and its cells along a side of the square. */
interface Given {
  readonly channels: number;
  readonly cells: number;
}

/**
 * The convolutions of 3×3 that reach beyond the last row, by their paths in the graph. Those with a stride of two do not: what they read
 * ends with the last row.
 */
export const BORDERED: ReadonlyMap<string, Given> = new Map([
  ...blocks(0, 2, 'conv2/c', { channels: 256, cells: 256 }),
  ...blocks(1, 2, 'local_conv/c', { channels: 128, cells: 128 }),
  ...blocks(2, 6, 'local_conv/c', { channels: 160, cells: SIDE }),
  ['/layers.2/downsample/conv2/c', { channels: 320, cells: SIDE }],
  ...blocks(3, 2, 'local_conv/c', { channels: 320, cells: SIDE }),
  ['/neck/neck.2', { channels: 256, cells: SIDE }],
]);

/** Terms of the product that cells beyond the part are told by: with 16, the difference from what was measured is 5 % of its length. */
export const TERMS = 16;
export const MISSING_CELLS = (SIDE - PART_CELLS) * SIDE;

/** What the encoder makes of padding below a frame, or beside one. */
export interface Padding {
  /** By the path of a convolution, its input just beyond the part: a number for each channel. */
  readonly borders: ReadonlyMap<string, Float32Array>;
  /** Output of the cells beyond the part, row by row: the product of [cells, terms] and [terms, channels]. */
  readonly cells: Float32Array;
  readonly channels: Float32Array;
}

/** Padding below a frame that is wider than high, and beside one that is higher than wide. */
export interface Paddings {
  readonly below: Padding;
  readonly beside: Padding;
}

/** Which lines of the square an input lacks, and what stands in their place; nothing where it is the whole square. */
export function missingBeyond(
  { width, height }: Size,
  { below, beside }: Paddings,
): { readonly lines: 'rows' | 'columns'; readonly padding: Padding } | undefined {
  if (height < INPUT_SIDE) return { lines: 'rows', padding: below };
  return width < INPUT_SIDE ? { lines: 'columns', padding: beside } : undefined;
}

/** Padding as it is in the file: float32, little-endian. */
export function writePadding({ below, beside }: Paddings): Uint8Array {
  const values = [below, beside].flatMap(({ borders, cells, channels }) => [
    ...Array.from(BORDERED.keys(), (path) => borders.get(path) ?? new Float32Array()),
    ...[cells, channels],
  ]);
  return Buffer.concat(values.map((each) => new Uint8Array(each.buffer, each.byteOffset, each.byteLength)));
}

/** @throws RangeError if the file has another length */
export async function readPadding(): Promise<Paddings> {
  const file = new Uint8Array(await readFile(PADDING_FILE));
  const values = new Float32Array(file.buffer);
  let at = 0;
  const take = (length: number) => values.slice(at, (at += length));
  const padding = (): Padding => ({
    borders: new Map(Array.from(BORDERED, ([path, { channels }]) => [path, take(channels)])),
    cells: take(MISSING_CELLS * TERMS),
    channels: take(TERMS * EMBEDDING_CHANNELS),
  });
  const paddings = { below: padding(), beside: padding() };
  if (at !== values.length) throw new RangeError(`padding.bin has ${values.length} numbers, not ${at}.`);
  return paddings;
}

function blocks(stage: number, count: number, layer: string, given: Given): [path: string, Given][] {
  return Array.from({ length: count }, (_, block) => [`/layers.${stage}/blocks.${block}/${layer}`, given]);
}
