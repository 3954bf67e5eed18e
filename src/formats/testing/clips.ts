import fc from 'fast-check';
import { encodeRle, rleArea, type MaskRle } from '../../core/rle.ts';
import { paletteColor } from '../facts.ts';
import type { InputFile, OutputFile } from '../files.ts';
import { FormatError } from '../../core/formatError.ts';
import type { ReadOptions, WriteMasks, WriteOptions } from '../format.ts';
import type { FormatId } from '../formatFacts.ts';
import { FORMATS } from '../formats.ts';
import type { FrameMasks, MaskedClip, ObjectMask } from '../../core/maskedClip.ts';
import { frameName } from '../names.ts';
import { Report } from '../report.ts';

/** A clip whose masks are held, for tests. */
export interface HeldClip extends Omit<MaskedClip, 'frameMasks'> {
  readonly masks: readonly ReadonlyMap<number, ObjectMask>[];
}

/** A held clip as the writers take it. */
export function streamed({ masks, ...clip }: HeldClip): MaskedClip {
  return {
    ...clip,
    async *frameMasks(): AsyncGenerator<FrameMasks, void, undefined> {
      for (const [at] of clip.frames.entries()) yield { at, masks: masks[at] ?? new Map() };
    },
  };
}

/** What is asked of arbitrary clips beside the usual. */
export interface ClipShape {
  readonly mostIds?: number;
  /** Blocks instead of noise: parts without holes. */
  readonly isSolid?: boolean;
  /** Masks of objects do not share pixels. */
  readonly isFlat?: boolean;
}

/** Any small clip: any size, gaps between frames, names of any kind, empty masks, none, or the whole frame. */
export function anyClip({
  mostIds = 254,
  isSolid = false,
  isFlat = false,
}: ClipShape = {}): fc.Arbitrary<HeldClip> {
  const side = fc.integer({ min: 1, max: 19 });
  return fc.record({ width: side, height: side }).chain((size) =>
    fc
      .record({
        name: fc.oneof(
          fc.constantFrom('swan', 'My clip (1)', 'con', 'лебедь'),
          fc.string({ unit: 'grapheme' }),
        ),
        numbers: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
        ids: fc.uniqueArray(fc.integer({ min: 1, max: mostIds }), { minLength: 1, maxLength: 4 }),
        names: fc.array(fc.oneof(fc.constantFrom('duck', 'Duck'), fc.string()), {
          minLength: 4,
          maxLength: 4,
        }),
        categories: fc.array(fc.constantFrom('bird', 'person', 'a: b', '"x"'), {
          minLength: 4,
          maxLength: 4,
        }),
        pixels: fc.array(fc.option(anyPixels(size, isSolid), { freq: 4 }), { minLength: 16, maxLength: 16 }),
        fps: fc.option(fc.constantFrom(25, 29.97, 6)),
        ticksPerSecond: fc.option(fc.constantFrom(12_800, 90_000, 1000)),
      })
      .map(({ name, numbers, ids, names, categories, pixels, fps, ticksPerSecond }) => ({
        ...{ name, ...size, frameCount: 41 },
        ...(fps !== null && { fps }),
        ...(ticksPerSecond !== null && { ticksPerSecond }),
        frames: numbers
          .toSorted((a, b) => a - b)
          .map((number) => ({ number, name: frameName(number, 41), time: number / 25, duration: 0.04 })),
        objects: ids.map((id, i) => ({
          ...{ id, name: names[i] ?? '', category: categories[i] ?? '', color: paletteColor(id) },
        })),
        masks: numbers.map((_, at) => {
          const taken = new Uint8Array(size.width * size.height);
          return new Map(
            ids.flatMap((id, i) => {
              const own = pixels[at * 4 + i];
              if (!own) return [];
              const shown = isFlat ? own.map((value, pixel) => (taken[pixel] === 1 ? 0 : value)) : own;
              for (const [pixel, value] of shown.entries()) if (value === 1) taken[pixel] = 1;
              return [[id, { mask: encodeRle(shown, size) }] as const];
            }),
          );
        }),
      })),
  );
}

function anyPixels(size: { width: number; height: number }, isSolid: boolean): fc.Arbitrary<Uint8Array> {
  const count = size.width * size.height;
  const noise = fc.uint8Array({ minLength: count, maxLength: count, max: 1 });
  const x = fc.integer({ min: 0, max: size.width });
  const y = fc.integer({ min: 0, max: size.height });
  const block = fc.tuple(x, y, x, y).map(([x0, y0, x1, y1]) =>
    Uint8Array.from({ length: count }, (_, i) => {
      const [column, row] = [i % size.width, Math.floor(i / size.width)];
      return column >= x0 && column < x1 && row >= y0 && row < y1 ? 1 : 0;
    }),
  );
  return isSolid ? block : fc.oneof(noise, block, fc.constant(new Uint8Array(count).fill(1)));
}

/** All bytes of a file. */
export async function bytesOf({ bytes }: OutputFile): Promise<Uint8Array> {
  if (bytes instanceof Uint8Array) return bytes;
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What a writer writes, by path. Fails if two files have one path, whatever its case. */
export async function written(
  write: WriteMasks,
  clip: MaskedClip,
  options: WriteOptions = {},
  report = new Report(),
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const paths = new Set<string>();
  for await (const file of write(clip, options, report)) {
    if (paths.has(file.path.toLowerCase())) throw new Error(`${file.path} was written twice.`);
    paths.add(file.path.toLowerCase());
    files.set(file.path, await bytesOf(file));
  }
  return files;
}

/** Files in memory as a reader takes them. */
export function inputFiles(files: ReadonlyMap<string, Uint8Array>): InputFile[] {
  return Array.from(files, ([path, bytes]) => ({
    path,
    bytes: async (most = Infinity) => {
      if (bytes.length > most) throw new FormatError(`${path} is too large.`);
      return bytes;
    },
  }));
}

/** The masks of a clip that have a pixel, by frame number and object id. */
export async function masksOf(clip: MaskedClip): Promise<Record<string, MaskRle>> {
  const found: Record<string, MaskRle> = {};
  for await (const { at, masks } of clip.frameMasks()) {
    for (const [id, { mask }] of masks) {
      if (rleArea(mask) > 0) found[`${clip.frames[at]?.number} ${id}`] = mask;
    }
  }
  return found;
}

/** Writes a clip and reads it again. */
export async function writtenAndRead(
  id: FormatId,
  held: HeldClip,
  options: WriteOptions & ReadOptions = {},
): Promise<{ readonly clip: MaskedClip; readonly report: Report; readonly files: Map<string, Uint8Array> }> {
  const files = await written(FORMATS[id].write, streamed(held), options);
  const report = new Report();
  const clip = await FORMATS[id].read(inputFiles(files), options, report);
  return { clip, report, files };
}
