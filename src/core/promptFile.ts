import { boxFromCorners, type Size, type VideoBox } from './geometry.ts';
import { DEFAULT_SETTINGS, type TrackSettings } from './protocol/segmenter.ts';
import { READINGS, type FramePrompts, type PointPrompt } from './prompts.ts';
import type { MaskRle } from './rle.ts';

/**
 * The prompts of a clip as JSON (`public/schema/prompts.schema.json`, docs/prompts.md): what `npm run track` reads, and the
 * same as the prompts in the app's projects.
 */
export const PROMPT_FILE_VERSION = 1;

/** A prompt file that was checked: every field is what its type says. */
export interface PromptFile {
  readonly version: typeof PROMPT_FILE_VERSION;
  /** The model that the prompts were used with: its id. */
  readonly model?: string;
  /** How the objects are tracked; what is left out is off. */
  readonly settings?: Partial<TrackSettings>;
  readonly objects: readonly PromptFileObject[];
}

export interface PromptFileObject {
  /** The pixel value in id maps, 1 to 255. */
  readonly id: number;
  readonly name: string;
  readonly prompts: readonly PromptFileEntry[];
}

/** What is said of an object on one frame; at least one of points, box and mask. */
export interface PromptFileEntry {
  readonly frame: number;
  readonly points: readonly PointPrompt[];
  readonly box?: VideoBox;
  /** Name of a PNG beside the JSON. */
  readonly mask?: string;
  readonly reading?: number;
}

/** A prompt file is not as it must be. The message names the place in the JSON. */
export class PromptFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PromptFileError';
  }
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a parsed JSON value.
 * @throws PromptFileError at the first thing that is wrong.
 */
export function parsePromptFile(json: unknown): PromptFile {
  const file = object(json, 'The file');
  if (file.version !== PROMPT_FILE_VERSION) {
    throw new PromptFileError(
      `version is ${show(file.version)}: this program reads version ${PROMPT_FILE_VERSION}.`,
    );
  }
  only(file, ['$schema', 'version', 'model', 'settings', 'objects'], '');
  if (file.model !== undefined && typeof file.model !== 'string')
    throw new PromptFileError(`model is ${show(file.model)}: it must be a text.`);
  const settings = file.settings === undefined ? undefined : parseSettings(file.settings);
  const objects = array(file.objects, 'objects').map((entry, i) => parseObject(entry, `objects[${i}]`));
  if (objects.length === 0) throw new PromptFileError('objects is empty: there must be at least one.');
  refuseRepeats(
    objects,
    ({ id }) => id,
    (i, first) => `objects[${i}].id is the same as objects[${first}].id: ids must differ.`,
  );
  return {
    version: PROMPT_FILE_VERSION,
    ...(file.model !== undefined && { model: file.model }),
    ...(settings && { settings }),
    objects,
  };
}

function parseSettings(json: unknown): Partial<TrackSettings> {
  const settings = object(json, 'settings');
  only(settings, Object.keys(DEFAULT_SETTINGS), 'settings');
  for (const [key, value] of Object.entries(settings))
    if (typeof value !== 'boolean')
      throw new PromptFileError(`settings.${key} is ${show(value)}: it must be true or false.`);
  return settings;
}

function parseObject(json: unknown, path: string): PromptFileObject {
  const { id, name, prompts, ...rest } = object(json, path);
  only(rest, [], path);
  if (!isWhole(id) || id < 1 || id > 255) {
    throw new PromptFileError(`${path}.id is ${show(id)}: it must be a whole number from 1 to 255.`);
  }
  if (name !== undefined && typeof name !== 'string') {
    throw new PromptFileError(`${path}.name is ${show(name)}: it must be a text.`);
  }
  const entries = array(prompts, `${path}.prompts`).map((entry, i) =>
    parseEntry(entry, `${path}.prompts[${i}]`),
  );
  if (entries.length === 0) {
    throw new PromptFileError(`${path}.prompts is empty: an object needs at least one prompt.`);
  }
  refuseRepeats(
    entries,
    ({ frame }) => frame,
    (i, first) =>
      `${path}.prompts[${i}].frame is the same as ${path}.prompts[${first}].frame: a frame has one entry.`,
  );
  return { id, name: name ?? `Object ${id}`, prompts: entries };
}

function parseEntry(json: unknown, path: string): PromptFileEntry {
  const { frame, points, box, mask, reading, ...rest } = object(json, path);
  only(rest, [], path);
  if (!isWhole(frame) || frame < 0) {
    throw new PromptFileError(`${path}.frame is ${show(frame)}: it must be a whole number from 0.`);
  }
  const entry: PromptFileEntry = {
    frame,
    points:
      points === undefined
        ? []
        : array(points, `${path}.points`).map((point, i) => parsePoint(point, `${path}.points[${i}]`)),
    ...(box !== undefined && { box: parseBox(box, `${path}.box`) }),
    ...(mask !== undefined && { mask: parseMaskName(mask, `${path}.mask`) }),
    ...(reading !== undefined && { reading: parseReading(reading, `${path}.reading`) }),
  };
  if (entry.points.length === 0 && !entry.box && entry.mask === undefined) {
    throw new PromptFileError(`${path} says nothing: it needs points, a box or a mask.`);
  }
  if (entry.points.every(({ label }) => label === 0) && !entry.box && entry.mask === undefined) {
    throw new PromptFileError(
      `${path} only takes away: it needs a point with label 1, a box or a mask to take away from.`,
    );
  }
  return entry;
}

function parsePoint(json: unknown, path: string): PointPrompt {
  const { x, y, label, ...rest } = object(json, path);
  only(rest, [], path);
  if (label !== 0 && label !== 1) {
    throw new PromptFileError(`${path}.label is ${show(label)}: it must be 0 or 1.`);
  }
  return { x: coordinate(x, `${path}.x`), y: coordinate(y, `${path}.y`), label };
}

function parseBox(json: unknown, path: string): VideoBox {
  const corners = array(json, path);
  if (corners.length !== 4) {
    throw new PromptFileError(`${path} has ${corners.length} numbers: it must have 4, x0, y0, x1 and y1.`);
  }
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = corners.map((value, i) => coordinate(value, `${path}[${i}]`));
  if (x0 >= x1) throw new PromptFileError(`${path} has x0 ${x0} and x1 ${x1}: x0 must be less than x1.`);
  if (y0 >= y1) throw new PromptFileError(`${path} has y0 ${y0} and y1 ${y1}: y0 must be less than y1.`);
  return boxFromCorners({ x: x0, y: y0 }, { x: x1, y: y1 });
}

function parseMaskName(json: unknown, path: string): string {
  if (typeof json === 'string' && /\.png$/i.test(json)) return json;
  throw new PromptFileError(`${path} is ${show(json)}: it must be the name of a PNG file.`);
}

function parseReading(json: unknown, path: string): number {
  if (typeof json === 'number' && Number.isInteger(json) && json >= 0 && json < READINGS) return json;
  throw new PromptFileError(`${path} is ${show(json)}: it must be a whole number from 0 to ${READINGS - 1}.`);
}

/**
 * Checks that everything lies within a clip.
 * @param first the first frame of the clip that prompts may be on, `last` the last
 * @throws PromptFileError at the first thing that does not.
 */
export function checkPromptsFit(
  { objects }: PromptFile,
  { width, height }: Size,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x <= width && y <= height;
  objects.forEach(({ prompts }, i) =>
    prompts.forEach(({ frame, points, box }, j) => {
      const path = `objects[${i}].prompts[${j}]`;
      if (frame < first || frame > last) {
        throw new PromptFileError(`${path}.frame is ${frame}: the frames are ${first} to ${last}.`);
      }
      points.forEach(({ x, y }, k) => {
        if (inside(x, y)) return;
        throw new PromptFileError(
          `${path}.points[${k}] is at ${x}, ${y}: that is outside the frame of ${width}×${height}.`,
        );
      });
      if (box && !(inside(box.x0, box.y0) && inside(box.x1, box.y1))) {
        throw new PromptFileError(
          `${path}.box is [${box.x0}, ${box.y0}, ${box.x1}, ${box.y1}]: that reaches outside the frame of ${width}×${height}.`,
        );
      }
    }),
  );
}

/** One object and its prompts by frame, as the tracker takes them. */
export interface PromptedObject {
  readonly objectId: number;
  readonly name: string;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
}

/**
 * The objects as the tracker takes them. `readMask` reads a PNG beside the JSON; its `path` is the place in the JSON, for
 * errors.
 * @throws PromptFileError if a mask is not of the clip's size.
 */
export async function toPromptedObjects(
  { objects }: PromptFile,
  size: Size,
  readMask: (name: string, path: string) => Promise<MaskRle>,
): Promise<PromptedObject[]> {
  const prompted: PromptedObject[] = [];
  for (const [i, { id, name, prompts: entries }] of objects.entries()) {
    const prompts = new Map<number, FramePrompts>();
    for (const [j, { frame, mask: maskName, ...entry }] of entries.entries()) {
      const path = `objects[${i}].prompts[${j}].mask`;
      const mask = maskName === undefined ? undefined : await readMask(maskName, path);
      if (mask && (mask.width !== size.width || mask.height !== size.height)) {
        throw new PromptFileError(
          `${path}: ${maskName} is ${mask.width}×${mask.height}, but the frames are ${size.width}×${size.height}.`,
        );
      }
      prompts.set(frame, mask ? { ...entry, mask } : entry);
    }
    prompted.push({ objectId: id, name, prompts });
  }
  return prompted;
}

function object(json: unknown, path: string): Json {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  throw new PromptFileError(`${path} is ${show(json)}: it must be an object.`);
}

function array(json: unknown, path: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new PromptFileError(`${path} is ${show(json)}: it must be a list.`);
}

function coordinate(json: unknown, path: string): number {
  if (typeof json === 'number' && Number.isFinite(json)) return json;
  throw new PromptFileError(`${path} is ${show(json)}: it must be a number.`);
}

/** A misspelt name would otherwise be a prompt that is silently left out. */
function only(json: Json, known: readonly string[], path: string): void {
  const unknown = Object.keys(json).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new PromptFileError(`${path === '' ? '' : `${path}.`}${unknown} is not a field that is known here.`);
}

function refuseRepeats<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => number,
  message: (index: number, first: number) => string,
): void {
  const seen = new Map<number, number>();
  items.forEach((item, i) => {
    const first = seen.get(keyOf(item));
    if (first !== undefined) throw new PromptFileError(message(i, first));
    seen.set(keyOf(item), i);
  });
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
