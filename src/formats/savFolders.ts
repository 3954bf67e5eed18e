import { encodeIndexedPng } from '../core/png.ts';
import { DAVIS_PALETTE } from '../core/palette.ts';
import { paintRle } from '../core/rle.ts';
import { framesFile, objectsFile, readFacts } from './facts.ts';
import { baseName, folderOf, groupBy, hasEnding, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { pixelValues } from './idMaps.ts';
import { frameStem, safeName } from './names.ts';
import { readObjectFolders } from './objectFolders.ts';
import { chooseClip } from './readClip.ts';

/**
 * SA-V as folders: `Annotations_6fps/CLIP/000/00000.png`, one folder for each object, so that masks stay whole where they overlap. A pixel
 * of the object is 1.
 */
export const writeSavFolders: WriteMasks = async function* (clip, { signal }) {
  const values = pixelValues(clip.objects, 1000);
  yield objectsFile(clip, values);
  yield framesFile(clip);
  const folder = `Annotations_6fps/${safeName(clip.name, 'clip')}`;
  for await (const { at, masks } of clip.frameMasks(signal)) {
    for (const { id } of clip.objects) {
      const pixels = new Uint8Array(clip.width * clip.height);
      const mask = masks.get(id)?.mask;
      if (mask) paintRle(mask, pixels, 1);
      const object = String((values.get(id) ?? 1) - 1).padStart(3, '0');
      const bytes = await encodeIndexedPng(pixels, clip, DAVIS_PALETTE);
      yield { path: `${folder}/${object}/${frameStem(clip, at)}.png`, bytes };
    }
  }
};

/** Whether a file lies where a folder of SA-V has it. */
export function isSavPng({ path }: InputFile): boolean {
  return hasEnding(path, '.png') && /(?:^|\/)\d{3}$/.test(folderOf(path));
}

/** Reads SA-V as folders. */
export const readSavFolders: ReadMasks = async (files, options, report) => {
  const clips = groupBy(files.filter(isSavPng), ({ path }) => baseName(folderOf(folderOf(path))) || 'clip');
  const name = chooseClip([...clips.keys()], options.clip);
  const objects = groupBy(clips.get(name) ?? [], ({ path }) => Number(baseName(folderOf(path))) + 1);
  const facts = await readFacts(files);
  return readObjectFolders({ name: facts.name ?? name, objects, facts }, options, report);
};
