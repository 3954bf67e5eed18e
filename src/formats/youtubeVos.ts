import { rleArea } from '../core/rle.ts';
import { idMapFile, readDavisWith } from './davis.ts';
import { framesFile, objectsFile, readFacts, type ClipFacts } from './facts.ts';
import { baseName, jsonFile, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { IdMapMaker, pixelValues } from './idMaps.ts';
import { asObject, isWhole, readJson, type Json } from './json.ts';
import { frameStem, safeName } from './names.ts';

const META_FILE = 'meta.json';

/**
 * YouTube-VOS, and MOSE, which is the same: the ID maps of DAVIS, and `meta.json`, which says the category of each object and on which frames it
 * is. Source: youtube-vos.org, *Video Object Segmentation*.
 */
export const writeYoutubeVos: WriteMasks = async function* (clip, { signal }, report) {
  const values = pixelValues(clip.objects);
  yield objectsFile(clip, values);
  yield framesFile(clip);
  const maker = new IdMapMaker(clip, values);
  const shown = new Map<number, string[]>(clip.objects.map(({ id }) => [id, []]));
  for await (const frame of clip.frameMasks(signal)) {
    for (const [id, { mask }] of frame.masks)
      if (rleArea(mask) > 0) shown.get(id)?.push(frameStem(clip, frame.at));
    yield idMapFile(clip, frame.at, await maker.png(frame));
  }
  maker.tell(report);
  const objects = clip.objects.map(
    ({ id, category }) => [values.get(id), { category, frames: shown.get(id) }] as const,
  );
  yield jsonFile(META_FILE, {
    videos: { [safeName(clip.name, 'clip')]: { objects: Object.fromEntries(objects) as Json } },
  });
};

/** Reads YouTube-VOS and MOSE: ID maps, with the categories of `meta.json`. */
export const readYoutubeVos: ReadMasks = async (files, options, report) => {
  const facts = await readFacts(files);
  const meta = files.find(({ path }) => baseName(path) === META_FILE);
  return readDavisWith(files, options, report, async (clip) => ({
    ...facts,
    // What objects.json says comes first: it has the order, and names.
    objects: new Map([...facts.objects, ...(meta ? await categoriesIn(meta, clip) : []), ...facts.objects]),
  }));
};

/** Objects by the number that `meta.json` says they have; there they have no name but their category. */
async function categoriesIn(meta: InputFile, clip: string): Promise<ClipFacts['objects']> {
  const videos = asObject((await readJson(meta)).videos, `${meta.path}: videos`);
  const objects = ((videos[clip] ?? {}) as Json).objects ?? {};
  return new Map(
    Object.entries(asObject(objects, `${meta.path}: videos.${clip}.objects`)).flatMap(([id, about]) => {
      const { category } = (about ?? {}) as Json;
      if (!isWhole(Number(id)) || typeof category !== 'string') return [];
      return [[Number(id), { name: category, category }] as const];
    }),
  );
}
