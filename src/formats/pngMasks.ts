import { FormatError } from '../core/formatError.ts';
import { encodeGrayPng } from '../core/png.ts';
import { paintRle, type MaskRle } from '../core/rle.ts';
import type { Size } from '../core/geometry.ts';
import { readDavis } from './davis.ts';
import { objectsFile, readFacts } from './facts.ts';
import { baseName, folderOf, groupBy, hasEnding } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { IdMapMaker, pixelValues } from './idMaps.ts';
import { frameStem, safeName } from './names.ts';
import { readObjectFolders } from './objectFolders.ts';

/** What masks of one object have for the object. */
const WHITE = 255;

/** The folder of one object's black and white masks. */
export function binaryFolder({ id, name }: { readonly id: number; readonly name: string }): string {
  return `binary/${id}-${safeName(name)}`;
}

/** One object's mask as a PNG, white on black. */
export function blackAndWhite({ width, height }: Size, mask: MaskRle | undefined): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height);
  if (mask) paintRle(mask, pixels, WHITE);
  return encodeGrayPng(pixels, { width, height });
}

/**
 * Our own PNG masks: `masks/00000.png`, an ID map for each frame; with `binary` also a black and white mask for each object and frame; `objects.json`,
 * which says what the values mean.
 */
export const writePngMasks: WriteMasks = async function* (clip, { binary, signal }, report) {
  const values = pixelValues(clip.objects, 255);
  const numbered = clip.objects.map((object) => ({ ...object, value: values.get(object.id) ?? object.id }));
  const folder = ({ id, name }: { id: number; name: string }) =>
    binaryFolder({ id: values.get(id) ?? id, name });
  yield objectsFile(clip, values, binary ? folder : undefined);
  const maker = new IdMapMaker(clip, values);
  let blank: Uint8Array | undefined;
  for await (const frame of clip.frameMasks(signal)) {
    const stem = frameStem(clip, frame.at);
    yield { path: `masks/${stem}.png`, bytes: await maker.png(frame) };
    if (!binary) continue;
    for (const object of numbered) {
      const mask = frame.masks.get(object.id)?.mask;
      const bytes = mask ? await blackAndWhite(clip, mask) : (blank ??= await blackAndWhite(clip, undefined));
      yield { path: `${folder(object)}/${stem}.png`, bytes };
    }
  }
  maker.tell(report);
};

/** Reads PNG masks. Where there are black and white masks, these are read: they are whole. */
export const readPngMasks: ReadMasks = async (files, options, report) => {
  const binary = files.filter(
    ({ path }) => /(?:^|\/)binary\/\d+-[^/]*\/[^/]*$/.test(path) && hasEnding(path, '.png'),
  );
  if (binary.length === 0) return readDavis(files, options, report);
  const folders = groupBy(binary, ({ path }) => folderOf(path));
  const objects = new Map(Array.from(folders, ([folder, pngs]) => [parseInt(baseName(folder), 10), pngs]));
  if (objects.size < folders.size || objects.has(0)) {
    throw new FormatError(
      'The folders below “binary” do not begin with a number each that is the object’s own.',
    );
  }
  const facts = await readFacts(files);
  return readObjectFolders({ name: facts.name ?? 'clip', objects, facts }, options, report);
};
