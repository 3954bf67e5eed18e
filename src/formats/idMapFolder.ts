import { decodePng, type PngImage } from '../core/decodePng.ts';
import { throwIfAborted } from '../core/errors.ts';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { DAVIS_PALETTE } from '../core/palette.ts';
import { clockOf, type ClipFacts } from './facts.ts';
import type { InputFile } from './files.ts';
import type { ReadOptions } from './format.ts';
import { masksOfIdMap, VOID } from './idMaps.ts';
import type { FrameMasks, MaskedClip } from '../core/maskedClip.ts';
import { checkObjectCount, frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';
import type { Report } from './report.ts';

/** A PNG of a mask is far smaller; a larger file is not read. */
export const MOST_PNG_BYTES = 256 * 2 ** 20;

/** A pixel's meaning, row-major: the object's id, 0 for background. */
type IdMap = ArrayLike<number>;

/** What the values of gray images are: ids, or how much of a pixel the one object covers. */
type GrayMeaning = 'ids' | 'cover';

interface IdMapFolder {
  readonly name: string;
  /** By name of the frame. */
  readonly pngs: ReadonlyMap<string, InputFile>;
  readonly facts: ClipFacts;
}

/**
 * A clip from one PNG for each frame: indexed, gray or in the colours of the DAVIS palette. A gray image that holds white shows one object: in
 * 8 bits 255, which is otherwise void. Each PNG is read twice: to see what there is, and when its masks are asked for.
 *
 * @throws FormatError if no PNG can be read
 */
export async function readIdMapFolder(
  { name, pngs, facts }: IdMapFolder,
  { signal }: ReadOptions,
  report: Report,
): Promise<MaskedClip> {
  const seen = await look(pngs, facts, report, signal);
  const frames = framesOfNames([...seen.readable], facts);
  const objects = objectsOfIds(seen.gray === 'cover' ? [1] : seen.ids, facts);
  if (seen.voidPixels > 0) report.add(`${seen.voidPixels} void pixels (value 255) were left out.`);
  return {
    name,
    ...seen.size,
    frameCount: frameCountOf(frames, facts.frameCount),
    ...clockOf(facts),
    frames,
    objects,
    async *frameMasks(stop): AsyncGenerator<FrameMasks, void, undefined> {
      for (const [at, frame] of frames.entries()) {
        throwIfAborted(stop);
        const file = pngs.get(frame.name);
        if (file === undefined) continue;
        const map = idMapOf(await readPng(file), file.path, seen.gray);
        const masks = Array.from(masksOfIdMap(map, seen.size)).filter(([id]) => id !== VOID);
        yield { at, masks: new Map(masks.map(([id, mask]) => [id, { mask }])) };
      }
    },
  };
}

interface Seen {
  readonly size: Size;
  readonly readable: ReadonlySet<string>;
  readonly ids: ReadonlySet<number>;
  readonly gray: GrayMeaning;
  readonly voidPixels: number;
}

async function look(
  pngs: ReadonlyMap<string, InputFile>,
  facts: ClipFacts,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  let size: Size | undefined =
    facts.width && facts.height ? { width: facts.width, height: facts.height } : undefined;
  const readable = new Set<string>();
  const ids = new Set<number>();
  let gray: GrayMeaning = 'ids';
  let voidPixels = 0;
  for (const [name, file] of pngs) {
    throwIfAborted(signal);
    try {
      const image = await readPng(file);
      size ??= { width: image.width, height: image.height };
      checkSize(image, size, file.path);
      const white = 2 ** image.depth - 1;
      if (image.depth >= 8 && image.kind === 'gray' && image.samples.includes(white)) gray = 'cover';
      voidPixels += addIds(ids, idMapOf(image, file.path, 'ids'));
      readable.add(name);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      report.add(thrown.message);
    }
    checkObjectCount(ids.size);
  }
  if (size === undefined || readable.size === 0) {
    throw new FormatError(report.sentences[0] ?? 'There are no masks here.');
  }
  return { size, readable, ids, gray, voidPixels: gray === 'ids' ? voidPixels : 0 };
}

/** Adds the ids that occur in a map. @returns the number of void pixels */
function addIds(ids: Set<number>, map: IdMap): number {
  let voidPixels = 0;
  let last = 0;
  for (let i = 0; i < map.length; i++) {
    const id = map[i] ?? 0;
    if (id === VOID) voidPixels++;
    if (id === last) continue;
    last = id;
    if (id !== 0 && id !== VOID) ids.add(id);
  }
  return voidPixels;
}

/** Reads a PNG. @throws FormatError if it is none */
export async function readPng(file: InputFile): Promise<PngImage> {
  return decodePng(await file.bytes(MOST_PNG_BYTES), file.path);
}

/** @throws FormatError if a mask is not of the clip's size */
export function checkSize(mask: Size, clip: Size, path: string): void {
  if (mask.width === clip.width && mask.height === clip.height) return;
  throw new FormatError(
    `${path} is ${mask.width}×${mask.height}, but the clip is ${clip.width}×${clip.height}. It was left out.`,
  );
}

function idMapOf({ kind, samples, channels, depth }: PngImage, path: string, gray: GrayMeaning): IdMap {
  if (kind === 'indexed') return samples;
  const half = 2 ** (depth - 1);
  if (kind === 'gray') return gray === 'ids' ? samples : samples.map((cover) => (cover >= half ? 1 : 0));
  const pixels = samples.length / channels;
  const map = new Uint8Array(pixels);
  const alphaAt = channels - 1;
  if (kind !== 'rgb' && someAlpha(samples, channels, 2 ** depth - 1)) {
    for (let i = 0; i < pixels; i++) map[i] = (samples[i * channels + alphaAt] ?? 0) >= half ? 1 : 0;
    return map;
  }
  if (depth !== 8) throw new FormatError(`${path} is a picture, not a mask: its colours have ${depth} bits.`);
  const colours = kind === 'gray-alpha' ? 1 : 3;
  for (let i = 0, at = 0; i < pixels; i++, at += channels) {
    const red = samples[at] ?? 0;
    const id = idOfColour(
      red,
      samples[at + (colours > 1 ? 1 : 0)] ?? 0,
      samples[at + (colours > 1 ? 2 : 0)] ?? 0,
    );
    if (id === undefined) {
      throw new FormatError(
        `${path} is a picture, not a mask: its colours are not those of the DAVIS palette.`,
      );
    }
    map[i] = id;
  }
  return map;
}

function someAlpha(samples: ArrayLike<number>, channels: number, opaque: number): boolean {
  for (let at = channels - 1; at < samples.length; at += channels) if (samples[at] !== opaque) return true;
  return false;
}

const IDS_BY_COLOUR = new Map(
  Array.from({ length: 256 }, (_, id) => {
    const [red = 0, green = 0, blue = 0] = DAVIS_PALETTE.subarray(id * 3);
    return [(red << 16) | (green << 8) | blue, id] as const;
  }),
);

/** The id that a colour of the DAVIS palette stands for; 1 for white, as editors write masks of one object. */
function idOfColour(red: number, green: number, blue: number): number | undefined {
  if (red === 255 && green === 255 && blue === 255) return 1;
  return IDS_BY_COLOUR.get((red << 16) | (green << 8) | blue);
}
