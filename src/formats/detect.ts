import { FormatError } from '../core/formatError.ts';
import { baseName, folderOf, hasEnding, type InputFile } from './files.ts';
import type { FormatId } from './formatFacts.ts';
import { readJson, type Json } from './json.ts';
import { isMotsText } from './motsText.ts';
import { isSavPng } from './savFolders.ts';

/** JSON files that stand beside masks and hold none. */
const BESIDE = new Set(['objects.json', 'frames.json', 'meta.json', 'scores.json', 'run.json']);

/**
 * The format that files are in, by their names and, for JSON and texts, by what is in the first of them.
 * @throws FormatError if it is none that is known
 */
export async function detectFormat(files: readonly InputFile[]): Promise<FormatId> {
  const ending = (text: string) =>
    files.find(({ path }) => hasEnding(path, text) && !BESIDE.has(baseName(path)));
  if (ending('.xml')) return 'cvat';
  const json = ending('.json');
  if (json) return formatOfJson(await readJson(json), json.path);
  if (ending('.png')) return formatOfPngs(files);
  const text = ending('.txt');
  if (text) return (await isMotsText(text)) ? 'mots-txt' : 'yolo';
  throw new FormatError('There are no masks here: no PNG, and no JSON, XML or text file of a known format.');
}

function formatOfJson(json: Json, path: string): FormatId {
  if (Array.isArray(json.images) && Array.isArray(json.annotations)) return 'coco';
  if (Array.isArray(json.videos) && Array.isArray(json.annotations)) return 'youtube-vis';
  if (Array.isArray(json.masklet)) return 'sav';
  if (Array.isArray(json.shapes)) return 'labelme';
  throw new FormatError(`${path} is JSON, but not of a format that is known here.`);
}

function formatOfPngs(files: readonly InputFile[]): FormatId {
  const pngs = files.filter(({ path }) => hasEnding(path, '.png'));
  if (pngs.some(({ path }) => /(?:^|\/)(?:binary\/\d+-[^/]*|masks)\/[^/]*$/.test(path))) return 'png';
  if (pngs.every(isSavPng)) return 'sav-folders';
  if (pngs.some(({ path }) => /(?:^|\/)instances$/.test(folderOf(folderOf(path))))) return 'mots-png';
  if (files.some(({ path }) => baseName(path) === 'meta.json')) return 'youtube-vos';
  return 'davis';
}
