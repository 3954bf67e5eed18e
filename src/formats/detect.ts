import { FormatError } from '../core/formatError.ts';
import { baseName, hasEnding, type InputFile } from './files.ts';
import type { FormatId } from './formats.ts';
import { asObject, readJson, type Json } from './json.ts';

/** JSON files that stand beside masks and hold none. */
const BESIDE = new Set(['objects.json', 'frames.json', 'meta.json', 'scores.json', 'run.json']);

/**
 * The format that files are in, by their names and, for JSON, by what is in it.
 * @throws FormatError if it is none that is known
 */
export async function detectFormat(files: readonly InputFile[]): Promise<FormatId> {
  const json = files.find(({ path }) => hasEnding(path, '.json') && !BESIDE.has(baseName(path)));
  if (json) return formatOfJson(await readJson(json), json.path);
  if (files.some(({ path }) => hasEnding(path, '.png'))) return formatOfPngs(files);
  throw new FormatError('There are no masks here: no PNG, and no JSON, XML or text file of a known format.');
}

function formatOfJson(json: Json, path: string): FormatId {
  if (Array.isArray(json.images) && Array.isArray(json.annotations)) return 'coco';
  if (Array.isArray(json.videos) && Array.isArray(json.annotations)) return 'youtube-vis';
  asObject(json, path);
  throw new FormatError(`${path} is JSON, but not of a format that is known here.`);
}

function formatOfPngs(files: readonly InputFile[]): FormatId {
  if (files.some(({ path }) => /(?:^|\/)binary\/\d+-/.test(path))) return 'png';
  return 'davis';
}
