import { asciiBytes, countsOfCocoString, toCocoString } from '../core/cocoString.ts';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { clockOf, framesFile, readFacts, type ClipFacts } from './facts.ts';
import { hasEnding, stemOf, textBytes, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { readText } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import type { ClipFrame } from '../core/maskedClip.ts';
import { Flattener, IGNORED, motsIds, motsObjectsFile, objectIds, renumbered } from './motsParts.ts';
import { safeName } from './names.ts';
import { chooseClip, frameCountOf, objectsOfIds } from './readClip.ts';

/**
 * MOTS as text: a line for each mask, `frame id class height width runs`. Source: Voigtlaender et al., *MOTS: Multi-Object Tracking and
 * Segmentation*, and its development kit.
 */
export const writeMotsText: WriteMasks = async function* (clip, { signal }, report) {
  const ids = motsIds(clip);
  yield motsObjectsFile(clip, ids);
  yield framesFile(clip);
  const flattener = new Flattener(clip.objects);
  const ascii = new TextDecoder();
  const lines = async function* () {
    for await (const frame of clip.frameMasks(signal)) {
      for (const [objectId, mask] of flattener.shown(frame)) {
        const { id, classId } = ids.get(objectId) ?? { id: 0, classId: 0 };
        const place = [clip.frames[frame.at]?.number, id, classId, clip.height, clip.width];
        yield `${place.join(' ')} ${ascii.decode(toCocoString(mask))}\n`;
      }
    }
  };
  yield { path: `instances_txt/${safeName(clip.name, 'clip')}.txt`, bytes: textBytes(lines()) };
  flattener.tell(report);
};

/** Reads the text form of MOTS. */
export const readMotsText: ReadMasks = async (files, options, report) => {
  const texts = files.filter(({ path }) => hasEnding(path, '.txt'));
  const name = chooseClip(
    texts.map(({ path }) => stemOf(path)),
    options.clip,
  );
  const file = texts.find(({ path }) => stemOf(path) === name);
  if (file === undefined) throw new FormatError('There is no text file here.');
  const lines = (await readText(file))
    .split(/\r?\n/)
    .map((line, i) => parseLine(line, `${file.path}: line ${i + 1}`));
  const parsed = lines.filter((line) => line !== undefined);
  const [first] = parsed;
  if (first === undefined) throw new FormatError(`${file.path} has no masks.`);
  const facts = await readFacts(files);
  const { width, height } = first;
  const masks = new ListedMasks({ width, height }, report);
  const frames = framesOfNumbers(new Set(parsed.map(({ frame }) => frame)), facts);
  const places = new Map(frames.map(({ number }, at) => [number, at]));
  const ids = objectIds(parsed.map(({ id }) => id));
  for (const { frame, id, size, runs, place } of parsed) {
    if (id === IGNORED) continue;
    const at = places.get(frame);
    if (at === undefined) report.add(`${place} is of frame ${frame}, which frames.json does not list.`);
    else
      masks.add(at, ids.get(id) ?? 0, place, {
        decode: () => ({ ...size, counts: countsOfCocoString(asciiBytes(runs), size) }),
      });
  }
  if (parsed.some(({ id }) => id === IGNORED)) report.add('Regions to be ignored (id 10000) were left out.');
  return {
    ...{
      name: facts.name ?? name,
      width,
      height,
      frames,
      frameCount: frameCountOf(frames, facts.frameCount),
    },
    ...clockOf(facts),
    objects: objectsOfIds(masks.objectIds, { objects: renumbered(facts, ids) }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

interface Line {
  readonly frame: number;
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly size: Size;
  readonly runs: string;
  readonly place: string;
}

function parseLine(line: string, place: string): Line | undefined {
  if (line.trim() === '') return undefined;
  const parts = line.trim().split(' ');
  const [frame, id, classId, height, width] = parts
    .slice(0, 5)
    .map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : NaN));
  const runs = parts[5];
  if (
    parts.length !== 6 ||
    runs === undefined ||
    [frame, id, classId].some((value) => !Number.isInteger(value))
  ) {
    throw new FormatError(`${place} is not “frame id class height width runs”.`);
  }
  const size = checkMaskSides(width, height);
  return { frame: frame ?? 0, id: id ?? 0, ...size, size, runs, place };
}

function framesOfNumbers(numbers: ReadonlySet<number>, { frames }: ClipFacts): ClipFrame[] {
  if (frames.size > 0) return [...frames.values()].sort((a, b) => a.number - b.number);
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => ({ number, name: String(number).padStart(6, '0') }));
}

/** Whether a file is a text of MOTS. */
export async function isMotsText(file: InputFile): Promise<boolean> {
  if (!hasEnding(file.path, '.txt')) return false;
  const text = await readText(file);
  return /^\d+ \d+ \d+ \d+ \d+ \S+\s*$/.test(text.slice(0, text.indexOf('\n') + 1 || undefined).trim());
}
