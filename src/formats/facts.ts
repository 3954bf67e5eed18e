import { DAVIS_PALETTE } from '../core/palette.ts';
import { isWhole, readJson, type Json } from './json.ts';
import { baseName, jsonFile, type InputFile, type OutputFile } from './files.ts';
import type { PixelValues } from './idMaps.ts';
import type { ClipFrame, ClipObject, MaskedClip, ObjectPrompts } from '../core/maskedClip.ts';
import { readProvenance, type ProvenanceRun } from '../core/provenance.ts';

const OBJECTS_FILE = 'objects.json';
const FRAMES_FILE = 'frames.json';

/** The colour of a pixel value in the DAVIS palette. */
export function paletteColor(value: number): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = DAVIS_PALETTE.subarray((value % 256) * 3);
  return [red, green, blue];
}

/** `objects.json`: what the objects of a folder of masks are called, and which frames of which clip it holds. */
export function objectsFile(
  clip: MaskedClip,
  values: PixelValues,
  folder?: (object: ClipObject) => string,
): OutputFile {
  const { width, height, frameCount, fps, frames, objects } = clip;
  return jsonFile(OBJECTS_FILE, {
    name: clip.name,
    ...{ width, height, frameCount },
    ...(fps !== undefined && { fps }),
    frames: frames.map(({ number }) => number),
    ...(frames.some(({ time }) => time !== undefined) && { times: frames.map(({ time }) => time ?? null) }),
    background: 0,
    overlap: 'Where objects overlap, the one listed later has the pixel.',
    objects: objects.map((object) => {
      const value = values.get(object.id) ?? object.id;
      return {
        ...{ id: value, name: object.name, category: object.category, color: paletteColor(value) },
        ...(folder && { folder: folder(object) }),
        ...(object.prompts && { prompts: object.prompts.map(promptsJson) }),
        ...(object.reviewed && { reviewed: object.reviewed.map(({ first, last }) => [first, last]) }),
        ...(object.provenance && { provenance: object.provenance.map(runJson) }),
      };
    }),
  });
}

function runJson({ first, last, provenance: { origin, model } }: ProvenanceRun): Json {
  return {
    ...{ frames: [first, last], origin },
    ...(model && { model: model.id }),
    ...(model?.version !== undefined && { modelVersion: model.version }),
  };
}

/** Prompts as prompt files have them, but for masks, which are pictures there. */
function promptsJson({ frame, points, box, hasMask }: ObjectPrompts): Json {
  return {
    frame,
    ...(points.length > 0 && { points }),
    ...(box && { box: [box.x0, box.y0, box.x1, box.y1] }),
    ...(hasMask && { mask: true }),
  };
}

/**
 * `frames.json`: the number of each frame in the clip, what its files are called, and when it is shown: in seconds and, where the clip's clock
 * is known, in its ticks, which are exact.
 * @param more of a frame, by its place in the clip's frames
 */
export function framesFile(
  { name, fps, ticksPerSecond, frames }: MaskedClip,
  more?: (at: number) => Json,
): OutputFile {
  return jsonFile(FRAMES_FILE, {
    name,
    ...(fps !== undefined && { fps }),
    ...(ticksPerSecond !== undefined && { timeBase: `1/${ticksPerSecond}` }),
    frames: frames.map((frame, at) => ({ ...more?.(at), ...frame, ...ticksOf(frame, ticksPerSecond) })),
  });
}

function ticksOf({ time, duration }: ClipFrame, ticksPerSecond: number | undefined): Json {
  if (ticksPerSecond === undefined || time === undefined) return {};
  const ticks = Math.round(time * ticksPerSecond);
  if (duration === undefined) return { ticks };
  return { ticks, durationTicks: Math.round((time + duration) * ticksPerSecond) - ticks };
}

/** What is known of an object beside its number. */
export type ObjectFacts = Pick<ClipObject, 'name' | 'category' | 'provenance'>;

/** What `objects.json` and `frames.json` beside masks say; nothing where they say nothing that makes sense. */
export interface ClipFacts {
  readonly name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly frameCount?: number;
  readonly fps?: number;
  readonly ticksPerSecond?: number;
  /** By pixel value, in drawing order. */
  readonly objects: ReadonlyMap<number, ObjectFacts>;
  /** By name of the frame. */
  readonly frames: ReadonlyMap<string, ClipFrame>;
  /** When frames are shown, in seconds, by their numbers. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * Reads the facts that our own writers put beside masks. They are a help and no condition: what is not there or not as it must be is left out.
 * @throws FormatError if a file is not JSON
 */
export async function readFacts(files: readonly InputFile[]): Promise<ClipFacts> {
  const json = async (name: string): Promise<Json> => {
    const file = files.find(({ path }) => baseName(path) === name);
    return file ? readJson(file) : {};
  };
  const about = await json(OBJECTS_FILE);
  const times = await json(FRAMES_FILE);
  const fps = about.fps ?? times.fps;
  const ticksPerSecond = readTimeBase(times);
  return {
    ...(typeof about.name === 'string' && { name: about.name }),
    ...(isWhole(about.width) && isWhole(about.height) && { width: about.width, height: about.height }),
    ...(isWhole(about.frameCount) && { frameCount: about.frameCount }),
    ...(typeof fps === 'number' && fps > 0 && { fps }),
    ...(ticksPerSecond !== undefined && { ticksPerSecond }),
    objects: new Map(list(about.objects).flatMap(readObject)),
    frames: readFrames(times, ticksPerSecond),
    times: readTimes(about),
  };
}

/** The rate of the frames and the clock of their times, as far as they are known. */
export function clockOf({
  fps,
  ticksPerSecond,
}: Pick<ClipFacts, 'fps' | 'ticksPerSecond'>): Pick<MaskedClip, 'fps' | 'ticksPerSecond'> {
  return { ...(fps !== undefined && { fps }), ...(ticksPerSecond !== undefined && { ticksPerSecond }) };
}

function list(value: unknown): readonly Json[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item): item is Json => typeof item === 'object' && item !== null);
}

function readObject({ id, name, category, provenance }: Json): [number, ObjectFacts][] {
  if (!isWhole(id) || typeof name !== 'string') return [];
  const runs = readRuns(provenance);
  return [
    [
      id,
      {
        ...{ name, category: typeof category === 'string' ? category : name },
        ...(runs.length > 0 && { provenance: runs }),
      },
    ],
  ];
}

function pairOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Those that make sense and follow each other. */
function readRuns(provenance: unknown): ProvenanceRun[] {
  let end = -1;
  return list(provenance).flatMap(({ frames, origin, model, modelVersion }) => {
    const [first, last] = pairOf(frames);
    const from = readProvenance(origin, model, modelVersion);
    if (!from || !isWhole(first) || !isWhole(last) || first <= end || last < first) return [];
    end = last;
    return [{ first, last, provenance: from }];
  });
}

/** By name; none where two frames have one number. */
function readFrames({ frames }: Json, ticksPerSecond: number | undefined): ClipFacts['frames'] {
  const read = new Map(list(frames).flatMap((frame) => readFrame(frame, ticksPerSecond)));
  const numbers = new Set(Array.from(read.values(), ({ number }) => number));
  return numbers.size === read.size ? read : new Map();
}

/** By number, as `objects.json` lists both side by side. */
function readTimes({ frames, times }: Json): ReadonlyMap<number, number> {
  const [numbers, seconds] = [frames, times].map((value): readonly unknown[] =>
    Array.isArray(value) ? value : [],
  );
  return new Map(
    (numbers ?? []).flatMap((number, i) => {
      const time = seconds?.[i];
      return isWhole(number) && typeof time === 'number' && time >= 0 ? [[number, time] as const] : [];
    }),
  );
}

/** Ticks where they are given, else seconds. */
function readFrame(
  { number, name, time, duration, ticks, durationTicks }: Json,
  ticksPerSecond: number | undefined,
): [string, ClipFrame][] {
  if (!isWhole(number) || number < 0 || typeof name !== 'string') return [];
  const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0;
  const seconds = (given: unknown, exact: unknown) =>
    ticksPerSecond !== undefined && isWhole(exact) && exact >= 0 ? exact / ticksPerSecond : given;
  const [at, length] = [seconds(time, ticks), seconds(duration, durationTicks)];
  return [
    [name, { number, name, ...(isTime(at) && { time: at }), ...(isTime(length) && { duration: length }) }],
  ];
}

/** The ticks a second of a time base `1/N`. */
function readTimeBase({ timeBase }: Json): number | undefined {
  const ticksPerSecond = typeof timeBase === 'string' ? Number(/^1\/(\d{1,12})$/.exec(timeBase)?.[1]) : 0;
  return ticksPerSecond > 0 ? ticksPerSecond : undefined;
}
