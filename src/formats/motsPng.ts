import { throwIfAborted } from '../core/errors.ts';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { encodeGray16Png } from '../core/png.ts';
import { paintRle, type MaskRle } from '../core/rle.ts';
import { pngFolders } from './davis.ts';
import { clockOf, framesFile, readFacts } from './facts.ts';
import { stemOf, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { masksOfIdMap } from './idMaps.ts';
import { checkSize, readPng } from './idMapFolder.ts';
import type { FrameMasks } from '../core/maskedClip.ts';
import { Flattener, IGNORED, motsIds, motsObjectsFile, objectIds, renumbered } from './motsParts.ts';
import { safeName } from './names.ts';
import { checkObjectCount, chooseClip, frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';

/** MOTS as PNGs of 16 bits, whose values are the ids. */
export const writeMotsPng: WriteMasks = async function* (clip, { signal }, report) {
  const ids = motsIds(clip);
  yield motsObjectsFile(clip, ids);
  yield framesFile(clip);
  const flattener = new Flattener(clip.objects);
  const digits = Math.max(6, String(clip.frameCount - 1).length);
  for await (const frame of clip.frameMasks(signal)) {
    const pixels = new Uint16Array(clip.width * clip.height);
    for (const [objectId, mask] of flattener.shown(frame)) paintRle(mask, pixels, ids.get(objectId)?.id ?? 0);
    const name = String(clip.frames[frame.at]?.number ?? frame.at).padStart(digits, '0');
    const path = `instances/${safeName(clip.name, 'clip')}/${name}.png`;
    yield { path, bytes: await encodeGray16Png(pixels, clip) };
  }
  flattener.tell(report);
};

/** Reads the PNGs of MOTS. Each is read twice: to see what there is, and when its masks are asked for. */
export const readMotsPng: ReadMasks = async (files, options, report) => {
  const folders = pngFolders(files);
  const name = chooseClip([...folders.keys()], options.clip);
  const facts = await readFacts(files);
  const readable = new Map<string, InputFile>();
  const found = new Set<number>();
  let size: Size | undefined;
  for (const file of folders.get(name) ?? []) {
    throwIfAborted(options.signal);
    try {
      const { samples, kind, ...image } = await readPng(file);
      if (kind !== 'gray') throw new FormatError(`${file.path} is not a gray PNG, as those of MOTS are.`);
      size ??= { width: image.width, height: image.height };
      checkSize(image, size, file.path);
      for (const id of new Set(samples)) if (id !== 0 && id !== IGNORED) found.add(id);
      readable.set(stemOf(file.path), file);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      report.add(thrown.message);
    }
    checkObjectCount(found.size);
  }
  if (size === undefined) throw new FormatError(report.sentences[0] ?? 'There are no masks here.');
  const clipSize = size;
  const known = new Map(Array.from(facts.frames.values(), (frame) => [frame.number, frame]));
  const frames = framesOfNames([...readable.keys()], facts).map((frame) => ({
    ...(known.get(frame.number) ?? frame),
    file: readable.get(frame.name),
  }));
  const ids = objectIds(found);
  return {
    ...{ name: facts.name ?? name, ...size, frameCount: frameCountOf(frames, facts.frameCount) },
    ...clockOf(facts),
    frames: frames.map(({ file: _, ...frame }) => frame),
    objects: objectsOfIds(ids.values(), { objects: renumbered(facts, ids) }),
    async *frameMasks(stop): AsyncGenerator<FrameMasks, void, undefined> {
      for (const [at, { file }] of frames.entries()) {
        throwIfAborted(stop);
        const map = file ? masksOfIdMap((await readPng(file)).samples, clipSize) : new Map<number, MaskRle>();
        const masks = Array.from(map).flatMap(([id, mask]) => {
          const objectId = ids.get(id);
          return objectId === undefined ? [] : [[objectId, { mask }] as const];
        });
        yield { at, masks: new Map(masks) };
      }
    },
  };
};
