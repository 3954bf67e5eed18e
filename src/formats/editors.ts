import { FormatError } from '../core/formatError.ts';
import { encodeGray16Png, encodeGrayPng, encodeRgbaPng } from '../core/png.ts';
import { paintRle, unionRle, type MaskRle } from '../core/rle.ts';
import { jsonFile } from './files.ts';
import type { WriteMasks } from './format.ts';
import type { FrameMasks, MaskedClip } from '../core/maskedClip.ts';
import { safeName, uniqueNames } from './names.ts';

/** How a file of a sequence is made: from the mask of what it shows; the frame's pixels are there where they are asked for. */
type Picture = (
  clip: MaskedClip,
  at: number,
  mask: MaskRle | undefined,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

/**
 * Sequences as editing programs open them: `NAME.0001.png`, without gaps whatever the frames' numbers are. A folder for each object,
 * or one sequence of all objects. `frames.json` says which frame of the clip each file is, and when that is shown.
 */
function writeSequences(picture: Picture): WriteMasks {
  return async function* (clip, { together, signal }) {
    const digits = Math.max(4, String(clip.frames.length).length);
    const file = (at: number) => String(at + 1).padStart(digits, '0');
    yield jsonFile('frames.json', {
      name: clip.name,
      ...(clip.fps !== undefined && { fps: clip.fps }),
      frames: clip.frames.map((frame, at) => ({ file: file(at), ...frame })),
    });
    const clipName = safeName(clip.name, 'clip');
    const names = uniqueNames(clip.objects.map(({ name }) => name));
    const sequences = together
      ? [{ ids: clip.objects.map(({ id }) => id), path: clipName }]
      : clip.objects.map(({ id }, i) => ({ ids: [id], path: `${names[i]}/${names[i]}` }));
    for await (const frame of clip.frameMasks(signal)) {
      for (const { ids, path } of sequences) {
        const bytes = await picture(clip, frame.at, joined(frame, ids), signal);
        yield { path: `${path}.${file(frame.at)}.png`, bytes };
      }
    }
  };
}

function joined({ masks }: FrameMasks, ids: readonly number[]): MaskRle | undefined {
  const shown = ids.flatMap((id) => masks.get(id)?.mask ?? []);
  return shown.length > 0 ? unionRle(shown) : undefined;
}

/** Mattes of 8 bits: white is the object. */
export const writeMatte: WriteMasks = writeSequences((clip, _, mask) => {
  const pixels = new Uint8Array(clip.width * clip.height);
  if (mask) paintRle(mask, pixels, 0xff);
  return encodeGrayPng(pixels, clip);
});

/** Mattes of 16 bits. */
export const writeMatte16: WriteMasks = writeSequences((clip, _, mask) => {
  const pixels = new Uint16Array(clip.width * clip.height);
  if (mask) paintRle(mask, pixels, 0xffff);
  return encodeGray16Png(pixels, clip);
});

/** Cut-outs: the frame's colours, not premultiplied, with the mask as alpha. What is not seen is black, which takes no room. */
export const writeCutOut: WriteMasks = writeSequences(async (clip, at, mask, signal) => {
  if (clip.pixels === undefined) {
    throw new FormatError('A cut-out needs the pictures of the frames, not only masks.');
  }
  if (mask === undefined) return encodeRgbaPng(new Uint8Array(clip.width * clip.height * 4), clip);
  const { data, width, height } = await clip.pixels(at, signal);
  if (width !== clip.width || height !== clip.height) {
    throw new FormatError(`A frame is ${width}×${height}, but its masks are ${clip.width}×${clip.height}.`);
  }
  const alpha = new Uint8Array(width * height);
  paintRle(mask, alpha, 0xff);
  const pixels = new Uint8Array(data.length);
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] === 0) continue;
    pixels.set(data.subarray(i * 4, i * 4 + 3), i * 4);
    pixels[i * 4 + 3] = 0xff;
  }
  return encodeRgbaPng(pixels, clip);
});
