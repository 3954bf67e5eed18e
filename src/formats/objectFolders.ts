import type { PngImage } from '../core/decodePng.ts';
import { throwIfAborted } from '../core/errors.ts';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { encodeRle, rleArea, type MaskRle } from '../core/rle.ts';
import { clockOf, type ClipFacts } from './facts.ts';
import { stemOf, type InputFile } from './files.ts';
import type { ReadOptions } from './format.ts';
import { checkSize, readPng } from './idMapFolder.ts';
import type { FrameMasks, MaskedClip, ObjectMask } from '../core/maskedClip.ts';
import { frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';
import type { Report } from './report.ts';

interface ObjectFolders {
  readonly name: string;
  /** PNGs of each object, by its id. */
  readonly objects: ReadonlyMap<number, readonly InputFile[]>;
  readonly facts: ClipFacts;
}

/**
 * A clip from a folder of PNGs for each object: masks are whole, also where they overlap. Each PNG is read twice: to see whether it can be, and
 * when its mask is asked for.
 *
 * @throws FormatError if no PNG can be read
 */
export async function readObjectFolders(
  { name, objects, facts }: ObjectFolders,
  { signal }: ReadOptions,
  report: Report,
): Promise<MaskedClip> {
  let size: Size | undefined =
    facts.width && facts.height ? { width: facts.width, height: facts.height } : undefined;
  const readable = new Map<string, Map<number, InputFile>>();
  for (const [id, files] of objects) {
    for (const file of files) {
      throwIfAborted(signal);
      try {
        const image = await readPng(file);
        size ??= { width: image.width, height: image.height };
        checkSize(image, size, file.path);
        const stem = stemOf(file.path);
        readable.set(stem, (readable.get(stem) ?? new Map<number, InputFile>()).set(id, file));
      } catch (thrown) {
        if (!(thrown instanceof FormatError)) throw thrown;
        report.add(thrown.message);
      }
    }
  }
  if (size === undefined || readable.size === 0) {
    throw new FormatError(report.sentences[0] ?? 'There are no masks here.');
  }
  const frames = framesOfNames([...readable.keys()], facts);
  return {
    ...{ name, ...size, frames, frameCount: frameCountOf(frames, facts.frameCount) },
    ...clockOf(facts),
    objects: objectsOfIds(objects.keys(), facts),
    async *frameMasks(stop): AsyncGenerator<FrameMasks, void, undefined> {
      for (const [at, frame] of frames.entries()) {
        const masks = new Map<number, ObjectMask>();
        for (const [id, file] of readable.get(frame.name) ?? []) {
          throwIfAborted(stop);
          const mask = maskOfPng(await readPng(file));
          if (rleArea(mask) > 0) masks.set(id, { mask });
        }
        yield { at, masks };
      }
    },
  };
}

/**
 * A picture as the mask of one object. Of an indexed image that is every index but 0; of another one what is at least half covered: by
 * alpha, where there is any, else by white.
 */
export function maskOfPng({ kind, channels, depth, samples, ...size }: PngImage): MaskRle {
  const pixels = samples.length / channels;
  const opaque = 2 ** depth - 1;
  const isIndex = kind === 'indexed' || !samples.some((value) => value > 1);
  const least = isIndex ? 1 : 2 ** (depth - 1);
  const alphaAt = channels - 1;
  const hasAlpha = channels % 2 === 0 && someBelow(samples, channels, alphaAt, opaque);
  const channel = hasAlpha ? alphaAt : 0;
  const mask = new Uint8Array(pixels);
  for (let i = 0, at = channel; i < pixels; i++, at += channels)
    mask[i] = (samples[at] ?? 0) >= least ? 1 : 0;
  return encodeRle(mask, size);
}

function someBelow(samples: ArrayLike<number>, step: number, from: number, limit: number): boolean {
  for (let at = from; at < samples.length; at += step) if ((samples[at] ?? 0) < limit) return true;
  return false;
}
