import { FormatError } from '../core/formatError.ts';
import { framesFile, objectsFile, readFacts, type ClipFacts } from './facts.ts';
import { baseName, folderOf, groupBy, hasEnding, stemOf, type InputFile, type OutputFile } from './files.ts';
import type { ReadMasks, ReadOptions, WriteMasks } from './format.ts';
import { IdMapMaker, pixelValues } from './idMaps.ts';
import { readIdMapFolder } from './idMapFolder.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { frameStem, safeName } from './names.ts';
import { chooseClip } from './readClip.ts';
import type { Report } from './report.ts';

/**
 * DAVIS: `Annotations/CLIP/00000.png`, one ID map for each frame. A pixel's value is the object's number, 1 to 254; 0 is background. Source:
 * Pont-Tuset et al., *The 2017 DAVIS Challenge*, and the files of its data set.
 */
export const writeDavis: WriteMasks = async function* (clip, { signal }, report) {
  const values = pixelValues(clip.objects);
  yield objectsFile(clip, values);
  yield framesFile(clip);
  const maker = new IdMapMaker(clip, values);
  for await (const frame of clip.frameMasks(signal)) {
    yield idMapFile(clip, frame.at, await maker.png(frame));
  }
  maker.tell(report);
};

/** An ID map as DAVIS calls its file. */
export function idMapFile(clip: MaskedClip, at: number, png: Uint8Array): OutputFile {
  return { path: `Annotations/${safeName(clip.name, 'clip')}/${frameStem(clip, at)}.png`, bytes: png };
}

/** Reads DAVIS and any other folder with one ID map, or one black and white mask, for each frame. */
export const readDavis: ReadMasks = async (files, options, report) => {
  const facts = await readFacts(files);
  return readDavisWith(files, options, report, () => Promise.resolve(facts));
};

/** Reads ID maps with what else is known of the clip of that name. */
export async function readDavisWith(
  files: readonly InputFile[],
  options: ReadOptions,
  report: Report,
  factsOf: (clip: string) => Promise<ClipFacts>,
): Promise<MaskedClip> {
  const folders = pngFolders(files);
  const name = chooseClip([...folders.keys()], options.clip);
  const facts = await factsOf(name);
  const pngs = new Map((folders.get(name) ?? []).map((file) => [stemOf(file.path), file]));
  return readIdMapFolder({ name: facts.name ?? name, pngs, facts }, options, report);
}

/**
 * The PNGs by the name of their folder: those under `Annotations` where there is such a folder, else all but our black and white masks of
 * single objects.
 * @throws FormatError if two folders have one name
 */
export function pngFolders(files: readonly InputFile[]): Map<string, InputFile[]> {
  const pngs = files.filter(({ path }) => hasEnding(path, '.png'));
  const isAnnotation = ({ path }: InputFile) => /(?:^|\/)Annotations[^/]*\//.test(path);
  const isBinary = ({ path }: InputFile) => /(?:^|\/)binary\//.test(path);
  const meant = pngs.some(isAnnotation) ? pngs.filter(isAnnotation) : pngs.filter((file) => !isBinary(file));
  const byFolder = groupBy(meant, ({ path }) => folderOf(path));
  const byName = new Map<string, InputFile[]>();
  for (const [folder, inside] of byFolder) {
    const name = baseName(folder) || 'clip';
    if (byName.has(name))
      throw new FormatError(`Two folders are called ${name}: read one of them at a time.`);
    byName.set(name, inside);
  }
  return byName;
}
