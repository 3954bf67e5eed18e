import { cutOut } from '../core/edges/cutOut.ts';
import type { Area } from '../core/edges/patch.ts';
import { objectsAlpha, softArea, type ShapedMask } from '../core/edges/objectsAlpha.ts';
import { FormatError } from '../core/formatError.ts';
import type { RgbaImage } from '../core/frames.ts';
import type { FrameMasks, MaskedClip } from '../core/maskedClip.ts';
import { encodeGray16Png, encodeGrayPng, encodeRgbaPng } from '../core/png.ts';
import { framesFile } from './facts.ts';
import type { WriteMasks } from './format.ts';
import { safeName, uniqueNames } from './names.ts';

/** What a file of a sequence shows. */
interface Shown {
  /** How much of each pixel is of it, 0 to 255, row by row. */
  readonly alpha: Uint8Array;
  /** As `softArea` gives it. */
  readonly soft: Area | undefined;
  /** Gives the frame's pixels, where there are any. */
  readonly picture: (() => Promise<RgbaImage>) | undefined;
}

/** How a file of a sequence is made. */
type Picture = (clip: MaskedClip, shown: Shown) => Promise<Uint8Array> | Uint8Array;

/**
 * Sequences as editing programs open them: `NAME.0001.png`, without gaps whatever the frames' numbers are. A folder for each object,
 * or one sequence of all objects. `frames.json` says which frame of the clip each file is, and when that is shown.
 */
function writeSequences(paint: Picture): WriteMasks {
  return async function* (clip, { together, signal }, report) {
    const digits = Math.max(4, String(clip.frames.length).length);
    const file = (at: number) => String(at + 1).padStart(digits, '0');
    yield framesFile(clip, (at) => ({ file: file(at) }));
    const clipName = safeName(clip.name, 'clip');
    const names = uniqueNames(clip.objects.map(({ name }) => name));
    const sequences = together
      ? [{ ids: clip.objects.map(({ id }) => id), path: clipName }]
      : clip.objects.map(({ id }, i) => ({ ids: [id], path: `${names[i]}/${names[i]}` }));
    if (clip.pixels === undefined && clip.objects.some(({ edge }) => edge && edge.detail > 0))
      report.add('Edges do not follow the frames’ details: the video is not at hand.');
    for await (const frame of clip.frameMasks(signal)) {
      const picture = pictureOf(clip, frame.at, signal);
      for (const { ids, path } of sequences) {
        const bytes = await paint(clip, await shownOn(clip, frame, ids, picture));
        yield { path: `${path}.${file(frame.at)}.png`, bytes };
      }
    }
  };
}

/** The picture of a frame, which is decoded when it is first asked for; nothing where there are none. */
function pictureOf(
  clip: MaskedClip,
  at: number,
  signal: AbortSignal | undefined,
): (() => Promise<RgbaImage>) | undefined {
  if (clip.pixels === undefined) return undefined;
  let asked: Promise<RgbaImage> | undefined;
  return () => (asked ??= readPicture(clip, at, signal));
}

async function readPicture(
  clip: MaskedClip,
  at: number,
  signal: AbortSignal | undefined,
): Promise<RgbaImage> {
  const picture = await clip.pixels?.(at, signal);
  if (picture?.width === clip.width && picture.height === clip.height) return picture;
  throw new FormatError(
    `A frame is ${picture?.width}×${picture?.height}, but its masks are ${clip.width}×${clip.height}.`,
  );
}

async function shownOn(
  clip: MaskedClip,
  { masks }: FrameMasks,
  ids: readonly number[],
  picture: (() => Promise<RgbaImage>) | undefined,
): Promise<Shown> {
  const shown: readonly ShapedMask[] = clip.objects.flatMap(({ id, edge }) => {
    const entry = ids.includes(id) ? masks.get(id) : undefined;
    return entry ? [{ mask: entry.mask, edge }] : [];
  });
  const guide = shown.some(({ edge }) => edge && edge.detail > 0) ? await picture?.() : undefined;
  return { alpha: objectsAlpha(shown, clip, guide), soft: softArea(shown), picture };
}

/** Mattes of 8 bits: white is the object. */
export const writeMatte: WriteMasks = writeSequences((clip, { alpha }) => encodeGrayPng(alpha, clip));

/** Mattes of 16 bits. */
export const writeMatte16: WriteMasks = writeSequences((clip, { alpha }) =>
  encodeGray16Png(
    Uint16Array.from(alpha, (value) => value * 257),
    clip,
  ),
);

/** Cut-outs: the objects' colours, not premultiplied, with the mask as alpha. What is not seen is black, which takes no room. */
export const writeCutOut: WriteMasks = writeSequences(async (clip, { alpha, soft, picture }) => {
  if (picture === undefined) {
    throw new FormatError('A cut-out needs the pictures of the frames, not only masks.');
  }
  const isSeen = alpha.some((value) => value > 0);
  return encodeRgbaPng(
    isSeen ? cutOut(await picture(), alpha, soft) : new Uint8Array(alpha.length * 4),
    clip,
  );
});
