import { FormatError } from '../core/formatError.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { fromCocoRle } from '../core/cocoRle.ts';
import { emptyRle, rleArea, type MaskRle } from '../core/rle.ts';
import { compressedRle } from './cocoParts.ts';
import { hasEnding, stemOf, textBytes } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { asList, isWhole, readJson, type Json } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { frameName, safeName } from './names.ts';
import { chooseClip, frameCountOf, objectsOfIds } from './readClip.ts';

/** What SA-V calls small, medium and large: mean areas up to these numbers of pixels. */
const SMALL = 32 ** 2;
const MEDIUM = 96 ** 2;

/** What is counted of an object while its masks are written. */
interface Counts {
  area: number;
  frames: number;
  changes: number;
  first: number;
  last: boolean;
}

/**
 * SA-V as JSON: `masklet[frame][object]`, compressed run lengths, an empty mask where an object is not seen, and counts of each object. Source:
 * the README of the SA-V data set.
 */
export const writeSavJson: WriteMasks = async function* (clip, { signal }) {
  yield { path: `${safeName(clip.name, 'clip')}_manual.json`, bytes: textBytes(savText(clip, signal)) };
};

async function* savText(clip: MaskedClip, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  const { width, height, frames, objects, frameCount } = clip;
  const last = frames.at(-1);
  const head = {
    video_id: clip.name,
    ...(last?.time !== undefined && { video_duration: last.time + (last.duration ?? 0) }),
    ...{ video_frame_count: frameCount, video_height: height, video_width: width },
    video_resolution: width * height,
    ...(clip.fps !== undefined && { fps: clip.fps }),
    masklet_num: objects.length,
    masklet_id: objects.map(({ id }) => id),
    masklet_type: objects.map(() => 'manual'),
    masklet_name: objects.map(({ name }) => name),
    masklet_category: objects.map(({ category }) => category),
    masklet_frames: frames.map(({ number }) => number),
  };
  const empty = emptyRle(clip);
  const counts = new Map<number, Counts>(
    objects.map(({ id }) => [id, { area: 0, frames: 0, changes: 0, first: -1, last: false }]),
  );
  yield `${JSON.stringify(head).slice(0, -1)},\n"masklet":[`;
  for await (const { at, masks } of clip.frameMasks(signal)) {
    const row = objects.map(({ id }) => {
      const mask = masks.get(id)?.mask ?? empty;
      count(counts.get(id), mask, at);
      return compressedRle(mask);
    });
    yield `${at > 0 ? ',' : ''}\n${JSON.stringify(row)}`;
  }
  const counted = objects.map(({ id }) => counts.get(id) ?? { area: 0, frames: 0, changes: 0, first: -1 });
  const means = counted.map(({ area, frames: shown }) => (shown > 0 ? area / shown : 0));
  const tail = {
    masklet_size_abs: means,
    masklet_size_rel: means.map((mean) => mean / (width * height)),
    masklet_size_bucket: means.map((mean) => (mean < SMALL ? 'small' : mean < MEDIUM ? 'medium' : 'large')),
    masklet_visibility_changes: counted.map(({ changes }) => changes),
    masklet_first_appeared_frame: counted.map(({ first }) => Math.max(0, first)),
    masklet_frame_count: counted.map(() => frames.length),
  };
  yield `\n],${JSON.stringify(tail).slice(1)}\n`;
}

function count(counts: Counts | undefined, mask: MaskRle, at: number): void {
  if (counts === undefined) return;
  const area = rleArea(mask);
  const isSeen = area > 0;
  if (at > 0 && isSeen !== counts.last) counts.changes++;
  if (isSeen && counts.first < 0) counts.first = at;
  counts.last = isSeen;
  counts.area += area;
  if (isSeen) counts.frames++;
}

/** Reads SA-V as JSON. Its frames are every fourth of a clip, or whichever: the clip's length tells. */
export const readSavJson: ReadMasks = async (files, options, report) => {
  const jsons = files.filter(({ path }) => hasEnding(path, '.json'));
  const wanted = chooseClip(
    jsons.map(({ path }) => stemOf(path)),
    options.clip,
  );
  const file = jsons.find(({ path }) => stemOf(path) === wanted);
  if (file === undefined) throw new FormatError('There is no JSON file here.');
  const json = await readJson(file);
  const size = checkMaskSides(json.video_width, json.video_height);
  const rows = asList(json.masklet, `${file.path}: masklet`);
  const frameCount = isWhole(json.video_frame_count) ? json.video_frame_count : rows.length;
  const numbers = frameNumbers(json, rows.length, frameCount);
  const frames = numbers.map((number) => ({ number, name: frameName(number, frameCount) }));
  const ids = listOf(json.masklet_id);
  const keepsIds = ids.every((id) => isWhole(id) && id >= 1) && new Set(ids).size === ids.length;
  const idOf = (column: number) =>
    keepsIds ? ((ids[column] as number | undefined) ?? column + 1) : column + 1;
  const masks = new ListedMasks(size, report);
  for (const [at, row] of rows.entries()) {
    for (const [column, rle] of asList(row, `${file.path}: masklet[${at}]`).entries()) {
      masks.add(at, idOf(column), `${file.path}: masklet[${at}][${column}]`, {
        decode: () => fromCocoRle(rle),
      });
    }
  }
  const [names, categories] = [listOf(json.masklet_name), listOf(json.masklet_category)];
  const facts = names.flatMap((name, column) => {
    const category = categories[column];
    if (typeof name !== 'string') return [];
    return [[idOf(column), { name, category: typeof category === 'string' ? category : name }] as const];
  });
  return {
    name: typeof json.video_id === 'string' ? json.video_id : wanted,
    ...{ ...size, frames, frameCount: frameCountOf(frames, frameCount) },
    ...(typeof json.fps === 'number' && json.fps > 0 && { fps: json.fps }),
    objects: objectsOfIds(masks.objectIds, { objects: new Map(facts) }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function frameNumbers(json: Json, length: number, frameCount: number): number[] {
  const stated = listOf(json.masklet_frames);
  const isRising = stated.every((number, i) => isWhole(number) && number > ((stated[i - 1] ?? -1) as number));
  if (stated.length === length && isRising) return stated as number[];
  const step = Math.max(1, Math.round(frameCount / Math.max(1, length)));
  return Array.from({ length }, (_, at) => at * step);
}
