import { FormatError } from '../core/formatError.ts';
import { rleArea } from '../core/rle.ts';
import { includesFrame } from '../core/frameRanges.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { categoriesOf, categoryNumbers } from './categories.ts';
import {
  categoryNames,
  cocoBox,
  compressedRle,
  idsOfKeys,
  maskOfSegmentation,
  namesOfObjects,
  objectFacts,
} from './cocoParts.ts';
import { folderOf, groupBy, hasEnding, jsonItems, stemOf, textBytes } from './files.ts';
import type { ReadMasks, WriteMasks, WriteOptions } from './format.ts';
import { asList, asObject, asText, asWhole, isWhole, readJson, type Json } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import type { ClipFrame, ClipObject, MaskedClip } from '../core/maskedClip.ts';
import { provenanceOn, provenanceRuns, readProvenance, type Provenance } from '../core/provenance.ts';
import { frameStem, safeName } from './names.ts';
import { outlinesOf } from './polygons.ts';
import { chooseClip, frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';
import type { Report } from './report.ts';

/**
 * COCO: one JSON file, an image for each frame, an annotation for each mask that is not empty, with `track_id` and `video_id`. Masks are
 * compressed run lengths, or polygons where asked for. Source: cocodataset.org, *Data format*; pycocotools.
 */
export const writeCoco: WriteMasks = async function* (clip, options) {
  yield { path: `${safeName(clip.name, 'clip')}.json`, bytes: textBytes(cocoText(clip, options)) };
};

async function* cocoText(clip: MaskedClip, options: WriteOptions): AsyncGenerator<string, void, undefined> {
  const head = {
    info: {
      description: clip.name,
      ...(clip.fps !== undefined && { fps: clip.fps }),
      frame_count: clip.frameCount,
    },
    licenses: [],
    videos: [{ id: 1, name: clip.name, width: clip.width, height: clip.height }],
    categories: categoriesOf(clip).map(({ id, name }) => ({ id, name, supercategory: '' })),
    objects: objectFacts(clip, categoryNumbers(clip)),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"images":[`;
  yield* jsonItems(images(clip));
  yield '\n],\n"annotations":[';
  yield* jsonItems(annotations(clip, options));
  yield '\n]}\n';
}

/** Images and annotations count from 1: the COCO tools take 0 for none. */
async function* images(clip: MaskedClip): AsyncGenerator<Json, void, undefined> {
  for (const [at, { number, time }] of clip.frames.entries()) {
    yield {
      ...{ id: at + 1, video_id: 1, file_name: `${frameStem(clip, at)}.jpg` },
      ...{ width: clip.width, height: clip.height, frame_index: number },
      ...(time !== undefined && { time }),
    };
  }
}

async function* annotations(
  clip: MaskedClip,
  { polygons, signal }: WriteOptions,
): AsyncGenerator<Json, void, undefined> {
  const categories = categoryNumbers(clip);
  let id = 0;
  for await (const { at, masks } of clip.frameMasks(signal)) {
    for (const object of clip.objects) {
      const { mask, score } = masks.get(object.id) ?? {};
      const area = mask ? rleArea(mask) : 0;
      if (mask === undefined || area === 0) continue;
      const attributes = attributesOf(object, clip.frames[at]?.number ?? -1);
      yield {
        ...{ id: ++id, image_id: at + 1, video_id: 1, track_id: object.id },
        category_id: categories.get(object.id),
        segmentation: polygons ? outlinesOf(mask) : compressedRle(mask),
        ...{ area, bbox: cocoBox(mask), iscrowd: 0 },
        ...(score !== undefined && { score }),
        ...(Object.keys(attributes).length > 0 && { attributes }),
      };
    }
  }
}

/** Where the object's mask on a frame comes from, and whether it was reviewed. */
function attributesOf({ provenance, reviewed = [] }: ClipObject, frame: number): Json {
  const { origin, model } = provenanceOn(provenance, frame) ?? {};
  return {
    ...(origin !== undefined && { origin }),
    ...(model && { model: model.id }),
    ...(model?.version !== undefined && { model_version: model.version }),
    ...(includesFrame(reviewed, frame) && { reviewed: true }),
  };
}

interface Image {
  readonly id: number;
  readonly clip: string;
  readonly name: string;
  readonly number: number | undefined;
  readonly time: number | undefined;
  readonly width: unknown;
  readonly height: unknown;
}

/** Reads COCO: also without `track_id`, where the n-th annotation of a category on each frame is taken for the same object. */
export const readCoco: ReadMasks = async (files, options, report) => {
  const file = files.find(({ path }) => hasEnding(path, '.json'));
  if (file === undefined) throw new FormatError('There is no JSON file here.');
  const json = await readJson(file);
  const images = groupBy(readImages(json, file.path), ({ clip }) => clip);
  const name = chooseClip([...images.keys()], options.clip);
  const ofClip = images.get(name) ?? [];
  const size = checkMaskSides(ofClip[0]?.width, ofClip[0]?.height);
  const fitting = ofClip.filter(({ width, height, name: of }) => {
    const fits = width === size.width && height === size.height;
    if (!fits) report.add(`${of} is not ${size.width}×${size.height}, as the first image. It was left out.`);
    return fits;
  });
  const frames = framesOfImages(fitting);
  const places = new Map(frames.map((frame, at) => [frame.name, at]));
  const atOfImage = new Map(fitting.map((image) => [image.id, places.get(image.name) ?? -1]));

  const listed = readAnnotations(json, file.path, atOfImage, new Set(ofClip.map(({ id }) => id)), report);
  const ids = idsOfKeys(listed.map(({ key }) => key));
  const masks = new ListedMasks(size, report);
  for (const { at, key, place, segmentation, score } of listed) {
    const decode = () => maskOfSegmentation(segmentation, size);
    masks.add(at, ids.get(key) ?? 0, place, { decode, ...(score !== undefined && { score }) });
  }
  const categories = categoryNames(json, file.path);
  const categoryOf = new Map(
    listed.map(({ key, category }) => [ids.get(key) ?? 0, categories.get(category)]),
  );
  const names = namesOfObjects(json);
  const facts = [...new Set([...names.keys(), ...ids.values()])].map((id) => {
    const category = categoryOf.get(id) ?? names.get(id) ?? `Object ${id}`;
    return [id, { category, name: names.get(id) ?? (category === '' ? `Object ${id}` : category) }] as const;
  });
  const info = (json.info ?? {}) as Json;
  const ofObject = groupBy(listed, ({ key }) => ids.get(key) ?? 0);
  return {
    ...{ name: name || stemOf(file.path), ...size, frames },
    frameCount: frameCountOf(frames, isWhole(info.frame_count) ? info.frame_count : undefined),
    ...(typeof info.fps === 'number' && info.fps > 0 && { fps: info.fps }),
    objects: objectsOfIds(masks.objectIds, { objects: new Map(facts) }).map((object) =>
      withProvenance(object, ofObject.get(object.id) ?? [], frames),
    ),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

function withProvenance(
  object: ClipObject,
  annotations: readonly Annotation[],
  frames: readonly ClipFrame[],
): ClipObject {
  const found = annotations.map(({ at, provenance }) => [frames[at]?.number ?? -1, provenance] as const);
  const runs = provenanceRuns(found.sort(([a], [b]) => a - b));
  return runs.length > 0 ? { ...object, provenance: runs } : object;
}

/** Images of one file name stay apart by their folders: each folder, or each video, is a clip. */
function readImages(json: Json, file: string): Image[] {
  const videos = new Map(
    asList(json.videos ?? [], `${file}: videos`).map((video, i) => {
      const { id, name } = asObject(video, `${file}: videos[${i}]`);
      return [id, typeof name === 'string' ? name : `video ${String(id)}`];
    }),
  );
  return asList(json.images, `${file}: images`).map((image, i) => {
    const place = `${file}: images[${i}]`;
    const { id, video_id, file_name, width, height, frame_index, time } = asObject(image, place);
    const path = asText(file_name, `${place}.file_name`);
    return {
      id: asWhole(id, `${place}.id`),
      clip: videos.get(video_id) ?? folderOf(path),
      name: stemOf(path),
      number: frame_index === undefined ? undefined : asWhole(frame_index, `${place}.frame_index`),
      time: typeof time === 'number' && time >= 0 ? time : undefined,
      ...{ width, height },
    };
  });
}

function framesOfImages(images: readonly Image[]): ClipFrame[] {
  const known = images.flatMap(({ name, number, time }) =>
    number === undefined ? [] : [[name, { number, name, ...(time !== undefined && { time }) }] as const],
  );
  return framesOfNames([...new Set(images.map(({ name }) => name))], { frames: new Map(known) });
}

interface Annotation {
  readonly at: number;
  readonly key: unknown;
  readonly category: number;
  readonly place: string;
  readonly segmentation: unknown;
  readonly score: number | undefined;
  readonly provenance: Provenance | undefined;
}

function readAnnotations(
  json: Json,
  file: string,
  atOfImage: ReadonlyMap<number, number>,
  imagesOfClip: ReadonlySet<number>,
  report: Report,
): Annotation[] {
  const counted = new Map<string, number>();
  const hasImages = new Set(asList(json.images, `${file}: images`).map((image) => (image as Json).id));
  let isGuessed = false;
  const annotations = asList(json.annotations, `${file}: annotations`).flatMap((annotation, i) => {
    const place = `${file}: annotations[${i}]`;
    const entry = asObject(annotation, place);
    const image = asWhole(entry.image_id, `${place}.image_id`);
    const category = asWhole(entry.category_id, `${place}.category_id`);
    if (!hasImages.has(image)) report.add(`${place} is of image ${image}, which is not in the file.`);
    const at = atOfImage.get(image);
    if (at === undefined || !imagesOfClip.has(image)) return [];
    const track = trackOf(entry);
    const nth = `${image} ${category}`;
    counted.set(nth, (counted.get(nth) ?? 0) + 1);
    isGuessed ||= track === undefined;
    const score = typeof entry.score === 'number' ? entry.score : undefined;
    const key = track ?? `${category} ${counted.get(nth)}`;
    const provenance = provenanceIn(entry.attributes);
    return [{ at, key, category, place, segmentation: entry.segmentation, score, provenance }];
  });
  if (isGuessed) {
    report.add(
      'Some annotations have no track_id: the first of a category on each frame was taken for one object, the second for another, and so on.',
    );
  }
  return annotations;
}

function provenanceIn(attributes: unknown): Provenance | undefined {
  if (typeof attributes !== 'object' || attributes === null) return undefined;
  const { origin, model, model_version: version } = attributes as Json;
  return readProvenance(origin, model, version);
}

/** What names the object of an annotation through the clip, by whatever name data sets have for it. */
function trackOf({ track_id, instance_id, attributes }: Json): string | number | undefined {
  const inside =
    typeof attributes === 'object' && attributes !== null ? (attributes as Json).track_id : undefined;
  const isName = (id: unknown): id is string | number => typeof id === 'number' || typeof id === 'string';
  return [track_id, instance_id, inside].find(isName);
}
