import { FormatError } from '../core/formatError.ts';
import { includesFrame } from '../core/frameRanges.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { toCocoRle } from '../core/cocoRle.ts';
import { rleArea } from '../core/rle.ts';
import { categoriesOf, categoryNumbers } from './categories.ts';
import {
  categoryNames,
  cocoBox,
  idsOfKeys,
  maskOfSegmentation,
  namesOfObjects,
  objectFacts,
} from './cocoParts.ts';
import { folderOf, hasEnding, stemOf, textBytes } from './files.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import { asList, asObject, asText, asWhole, readJson, type Json } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { frameStem, safeName } from './names.ts';
import { chooseClip, frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';

/**
 * YouTube-VIS: one JSON file, an annotation for each object, with a mask or `null` for each frame. Its run lengths are not compressed: TrackEval takes no
 * others. Walks through the clip once for each object,
 * so that no more than one frame's masks are held. Source: youtube-vos.org, *Video Instance Segmentation*.
 */
export const writeYoutubeVis: WriteMasks = async function* (clip, { signal }) {
  yield { path: `${safeName(clip.name, 'clip')}.json`, bytes: textBytes(visText(clip, signal)) };
};

async function* visText(clip: MaskedClip, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  const { width, height, frames, objects } = clip;
  const folder = safeName(clip.name, 'clip');
  const categories = categoryNumbers(clip);
  const head = {
    info: { description: clip.name, ...(clip.fps !== undefined && { fps: clip.fps }) },
    licenses: [],
    videos: [
      {
        ...{ id: 1, width, height, length: frames.length },
        file_names: frames.map((_, at) => `${folder}/${frameStem(clip, at)}.jpg`),
      },
    ],
    categories: categoriesOf(clip).map(({ id, name }) => ({ id, name, supercategory: 'object' })),
    objects: objectFacts(clip, categories),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"annotations":[`;
  for (const [i, object] of objects.entries()) {
    const about = {
      ...{ id: object.id, video_id: 1, category_id: categories.get(object.id), iscrowd: 0 },
      ...{ width, height, length: frames.length },
    };
    yield `${i > 0 ? ',' : ''}\n${JSON.stringify(about).slice(0, -1)},"segmentations":[`;
    const areas: (number | null)[] = [];
    const boxes: (number[] | null)[] = [];
    for await (const { at, masks } of clip.frameMasks(signal)) {
      const mask = masks.get(object.id)?.mask;
      const area = mask ? rleArea(mask) : 0;
      const shown = area > 0 ? mask : undefined;
      areas.push(shown ? area : null);
      boxes.push(shown ? cocoBox(shown) : null);
      yield `${at > 0 ? ',' : ''}${shown ? JSON.stringify(toCocoRle(shown)) : 'null'}`;
    }
    const reviewed =
      object.reviewed && frames.map(({ number }) => includesFrame(object.reviewed ?? [], number));
    const lists = { areas, bboxes: boxes, ...(reviewed && { reviewed }) };
    yield `],${JSON.stringify(lists).slice(1)}`;
  }
  yield '\n]}\n';
}

/** Reads YouTube-VIS, and OVIS, which is the same. */
export const readYoutubeVis: ReadMasks = async (files, options, report) => {
  const file = files.find(({ path }) => hasEnding(path, '.json'));
  if (file === undefined) throw new FormatError('There is no JSON file here.');
  const json = await readJson(file);
  const videos = asList(json.videos, `${file.path}: videos`).map((video, i) => {
    const place = `${file.path}: videos[${i}]`;
    const entry = asObject(video, place);
    const paths = asList(entry.file_names, `${place}.file_names`).map((path, at) =>
      asText(path, `${place}.file_names[${at}]`),
    );
    return { entry, place, paths, name: folderOf(paths[0] ?? '') || `video ${String(entry.id)}` };
  });
  const name = chooseClip(
    videos.map((video) => video.name),
    options.clip,
  );
  const video = videos.find((each) => each.name === name);
  if (video === undefined) throw new FormatError('There is no clip here.');
  const { entry, place, paths } = video;
  const size = checkMaskSides(entry.width, entry.height);
  const stems = paths.map(stemOf);
  if (new Set(stems).size < stems.length) throw new FormatError(`${place}.file_names has one name twice.`);
  const frames = framesOfNames(stems, { frames: new Map() });
  const places = new Map(frames.map((frame, at) => [frame.name, at]));

  const masks = new ListedMasks(size, report);
  const categories = categoryNames(json, file.path);
  const names = namesOfObjects(json);
  const annotations = asList(json.annotations, `${file.path}: annotations`).flatMap((annotation, i) => {
    const where = `${file.path}: annotations[${i}]`;
    const track: Json = asObject(annotation, where);
    return track.video_id === entry.id ? [{ track, where }] : [];
  });
  const ids = idsOfKeys(annotations.map(({ track }) => track.id));
  const facts = new Map<number, { name: string; category: string }>();
  for (const { track, where } of annotations) {
    const id = ids.get(track.id) ?? 0;
    const category = categories.get(asWhole(track.category_id, `${where}.category_id`)) ?? `Object ${id}`;
    facts.set(id, { category, name: names.get(id) ?? category });
    const segmentations = asList(track.segmentations, `${where}.segmentations`);
    if (segmentations.length !== stems.length) {
      report.add(`${where} has ${segmentations.length} masks for a clip of ${stems.length} frames.`);
    }
    for (const [frame, segmentation] of segmentations.slice(0, stems.length).entries()) {
      if (segmentation === null) continue;
      const at = places.get(stems[frame] ?? '') ?? -1;
      const decode = () => maskOfSegmentation(segmentation, size);
      masks.add(at, id, `${where}.segmentations[${frame}]`, { decode });
    }
  }
  const info = (json.info ?? {}) as Json;
  return {
    ...{ name, ...size, frames, frameCount: frameCountOf(frames, undefined) },
    ...(typeof info.fps === 'number' && info.fps > 0 && { fps: info.fps }),
    objects: objectsOfIds(masks.objectIds, { objects: facts }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};
