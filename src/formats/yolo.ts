import { parse } from 'yaml';
import { FormatError } from '../core/formatError.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { categoriesOf, categoryNumbers } from './categories.ts';
import { clockOf, framesFile, objectsFile, readFacts } from './facts.ts';
import { baseName, folderOf, hasEnding, stemOf, textFile, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { pixelValues } from './idMaps.ts';
import { readText, type Json } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import { frameStem } from './names.ts';
import { maskOfPolygons, outlinesOf, type Polygon } from './polygons.ts';
import { frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';

/** Digits behind the point: a thousandth of a pixel in the largest frame. */
const DIGITS = 7;

/**
 * YOLO for segmentation: a text for each frame, a line for each part of an object: its class and its outline, as shares of the frame's width and
 * height; `data.yaml` names the classes. Source: docs.ultralytics.com, *Instance Segmentation Datasets*.
 */
export const writeYolo: WriteMasks = async function* (clip, { signal }) {
  yield textFile(
    'data.yaml',
    [
      'path: .',
      'train: images',
      'val: images',
      'names:',
      // A JSON string is one in YAML too.
      ...categoriesOf(clip).map(({ id, name }) => `  ${id - 1}: ${JSON.stringify(name)}`),
      '',
    ].join('\n'),
  );
  yield objectsFile(clip, pixelValues(clip.objects, Infinity));
  yield framesFile(clip);
  const classes = categoryNumbers(clip);
  const share = (value: number, i: number) =>
    String(Number((value / (i % 2 === 0 ? clip.width : clip.height)).toFixed(DIGITS)));
  for await (const { at, masks } of clip.frameMasks(signal)) {
    const lines = clip.objects.flatMap(({ id }) => {
      const mask = masks.get(id)?.mask;
      const number = (classes.get(id) ?? 1) - 1;
      return mask ? outlinesOf(mask).map((outline) => `${number} ${outline.map(share).join(' ')}\n`) : [];
    });
    yield textFile(`labels/${frameStem(clip, at)}.txt`, lines.join(''));
  }
};

/** Reads YOLO for segmentation. A line does not say which object it is of: all of one class on a frame are taken for one. */
export const readYolo: ReadMasks = async (files, options, report) => {
  const texts = files.filter(isLabelText);
  const facts = await readFacts(files);
  if (options.size === undefined && facts.width === undefined) {
    throw new FormatError(
      'YOLO does not say how large the frames are: give their width and height (--size WxH).',
    );
  }
  const size = checkMaskSides(options.size?.width ?? facts.width, options.size?.height ?? facts.height);
  const names = await classNames(files);
  const byName = new Map(texts.map((file) => [stemOf(file.path), file]));
  const frames = framesOfNames([...byName.keys()], facts);
  const masks = new ListedMasks(size, report);
  let isMerged = false;
  for (const [at, { name }] of frames.entries()) {
    const file = byName.get(name);
    const lines = file ? (await readText(file)).split(/\r?\n/) : [];
    const seen = new Set<number>();
    for (const [i, line] of lines.entries()) {
      const [classId, ...shares] = line.trim().split(/\s+/).map(numberOf);
      if (line.trim() === '') continue;
      const place = `${file?.path}: line ${i + 1}`;
      if (classId === undefined || !Number.isInteger(classId) || classId < 0) {
        throw new FormatError(`${place} does not begin with the number of a class.`);
      }
      isMerged ||= seen.has(classId);
      seen.add(classId);
      masks.add(at, classId + 1, place, {
        decode: () => maskOfPolygons([outlineOf(shares, size)], size),
      });
    }
  }
  if (isMerged)
    report.add('YOLO has no object numbers: all lines of one class on a frame were taken for one object.');
  const named = Array.from(masks.objectIds, (id) => {
    const category = names.get(id - 1) ?? `class ${id - 1}`;
    return [id, { name: category, category }] as const;
  });
  return {
    ...{ name: facts.name ?? 'clip', ...size, frames, frameCount: frameCountOf(frames, facts.frameCount) },
    ...clockOf(facts),
    objects: objectsOfIds(masks.objectIds, { objects: new Map(named) }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

/** Texts that can be labels: below `labels`, or anywhere but for a list of classes. */
function isLabelText({ path }: InputFile): boolean {
  return hasEnding(path, '.txt') && !/^(?:classes|train|val|test|readme|license)\.txt$/i.test(baseName(path));
}

function numberOf(text: string): number {
  return text === '' ? NaN : Number(text);
}

/** @throws FormatError if the numbers are a box, or none */
function outlineOf(shares: readonly number[], { width, height }: { width: number; height: number }): Polygon {
  if (shares.length === 4) throw new FormatError('The line is a box, not an outline.');
  return shares.map((share, i) => share * (i % 2 === 0 ? width : height));
}

/** The names of the classes by their numbers, from `data.yaml` or `classes.txt`; none where there is neither. */
async function classNames(files: readonly InputFile[]): Promise<ReadonlyMap<number, string>> {
  const list = files.find(({ path }) => baseName(path) === 'classes.txt');
  if (list) return new Map((await readText(list)).split(/\r?\n/).map((name, i) => [i, name.trim()]));
  const file = files.find(({ path }) => /\.ya?ml$/i.test(path) && !folderOf(path).includes('/'));
  if (file === undefined) return new Map();
  let about: unknown;
  try {
    about = parse(await readText(file), { maxAliasCount: 10, logLevel: 'error' });
  } catch (cause) {
    throw new FormatError(`${file.path} is not YAML.`, { cause });
  }
  const names = (about as Json | null)?.names ?? {};
  return new Map(
    Object.entries(names).flatMap(([key, name]: [string, unknown]) =>
      typeof name === 'string' && /^\d{1,6}$/.test(key) ? [[Number(key), name] as const] : [],
    ),
  );
}
