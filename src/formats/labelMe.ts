import { decodePng } from '../core/decodePng.ts';
import { FormatError } from '../core/formatError.ts';
import { includesFrame } from '../core/frameRanges.ts';
import type { Size } from '../core/geometry.ts';
import { checkMaskSides } from '../core/maskRuns.ts';
import { encodeGrayPng } from '../core/png.ts';
import { decodeRle, encodeColumns, rleBounds, type MaskRle } from '../core/rle.ts';
import { idsOfKeys } from './cocoParts.ts';
import { baseName, folderOf, groupBy, hasEnding, jsonFile, stemOf, type InputFile } from './files.ts';
import type { ReadMasks, WriteMasks, WriteOptions } from './format.ts';
import { asList, asObject, asText, readJson, type Json } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import type { ClipObject, FrameMasks } from '../core/maskedClip.ts';
import { frameStem, safeName } from './names.ts';
import { maskOfPolygons, outlinesOf } from './polygons.ts';
import { chooseClip, frameCountOf, framesOfNames, objectsOfIds } from './readClip.ts';

/**
 * LabelMe: a JSON for each frame, to lie beside the frame's picture. A mask is the corners of its box, both within it, and a PNG in
 * base64; `group_id` is the object. Source: LabelMe 5 and later, `label_file.py`.
 */
export const writeLabelMe: WriteMasks = async function* (clip, options) {
  const folder = safeName(clip.name, 'clip');
  for await (const frame of clip.frameMasks(options.signal)) {
    const stem = frameStem(clip, frame.at);
    const number = clip.frames[frame.at]?.number ?? -1;
    const shapes = await Promise.all(
      clip.objects.map((object) => {
        const flags = includesFrame(object.reviewed ?? [], number) ? { reviewed: true } : {};
        return shapesOf(object, flags, frame, options);
      }),
    );
    yield jsonFile(`${folder}/${stem}.json`, {
      version: '5.4.1',
      flags: {},
      shapes: shapes.flat(),
      imagePath: `${stem}.jpg`,
      imageData: null,
      imageHeight: clip.height,
      imageWidth: clip.width,
    });
  }
};

async function shapesOf(
  object: ClipObject,
  flags: Json,
  { masks }: FrameMasks,
  { polygons }: WriteOptions,
): Promise<Json[]> {
  const mask = masks.get(object.id)?.mask;
  const box = mask && rleBounds(mask);
  if (!mask || !box) return [];
  const about = { label: object.category, group_id: object.id, description: object.name, flags };
  if (polygons) {
    return outlinesOf(mask).map((outline) => ({
      ...about,
      shape_type: 'polygon',
      points: pairs(outline),
      mask: null,
    }));
  }
  const size = { width: box.x1 - box.x0, height: box.y1 - box.y0 };
  const whole = decodeRle(mask);
  const part = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const row = (box.y0 + y) * mask.width;
    part.set(whole.subarray(row + box.x0, row + box.x1), y * size.width);
  }
  const png = await encodeGrayPng(
    part.map((value) => value * 255),
    size,
  );
  return [
    {
      ...about,
      shape_type: 'mask',
      points: [
        [box.x0, box.y0],
        [box.x1 - 1, box.y1 - 1],
      ],
      mask: toBase64(png),
    },
  ];
}

function pairs(outline: readonly number[]): number[][] {
  return outline.flatMap((x, i) => (i % 2 === 0 ? [[x, outline[i + 1] ?? 0]] : []));
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Reads LabelMe: masks and polygons. What has no `group_id` is taken for the same object as what is labelled so on other frames. */
export const readLabelMe: ReadMasks = async (files, options, report) => {
  const folders = groupBy(files.filter(isLabelFile), ({ path }) => folderOf(path));
  const folder = chooseClip([...folders.keys()], options.clip);
  const loaded: { name: string; path: string; json: Json }[] = [];
  for (const file of folders.get(folder) ?? []) {
    try {
      const json = await readJson(file);
      checkMaskSides(json.imageWidth, json.imageHeight);
      loaded.push({ name: stemOf(file.path), path: file.path, json });
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      report.add(`${file.path}: ${thrown.message}`);
    }
  }
  const [first] = loaded;
  if (first === undefined) throw new FormatError(report.sentences[0] ?? 'There are no masks here.');
  const size = checkMaskSides(first.json.imageWidth, first.json.imageHeight);
  const frames = framesOfNames(
    loaded.map(({ name }) => name),
    { frames: new Map() },
  );
  const places = new Map(frames.map(({ name }, at) => [name, at]));
  const shapes = loaded.flatMap(({ name, path, json }) => {
    const counted = new Map<string, number>();
    return asList(json.shapes, `${path}: shapes`).map((each, i) => {
      const place = `${path}: shapes[${i}]`;
      const shape = asObject(each, place);
      const label = asText(shape.label, `${place}.label`);
      counted.set(label, (counted.get(label) ?? 0) + 1);
      const key = typeof shape.group_id === 'number' ? shape.group_id : `${label} ${counted.get(label)}`;
      const isFit = json.imageWidth === size.width && json.imageHeight === size.height;
      return { at: places.get(name) ?? -1, place, shape, key, label, isFit };
    });
  });
  if (shapes.some(({ key }) => typeof key === 'string')) {
    report.add(
      'Some shapes have no group_id: the first of a label on each frame was taken for one object, the second for another, and so on.',
    );
  }
  const ids = idsOfKeys(shapes.map(({ key }) => key));
  const masks = new ListedMasks(size, report);
  const facts = new Map<number, { name: string; category: string }>();
  for (const { at, place, shape, key, label, isFit } of shapes) {
    const id = ids.get(key) ?? 0;
    const name =
      typeof shape.description === 'string' && shape.group_id !== undefined ? shape.description : label;
    if (!facts.has(id)) facts.set(id, { name: name === '' ? label : name, category: label });
    if (!isFit) report.add(`${place}: its picture is not ${size.width}×${size.height}. It was left out.`);
    else masks.add(at, id, place, await decoded(shape, size, place));
  }
  return {
    ...{ name: baseName(folder) || 'clip', ...size, frames, frameCount: frameCountOf(frames, undefined) },
    objects: objectsOfIds(masks.objectIds, { objects: facts }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

function isLabelFile({ path }: InputFile): boolean {
  return hasEnding(path, '.json');
}

/** The mask of a shape, worked out at once: as run lengths it takes less room than as base64. */
async function decoded(shape: Json, size: Size, place: string): Promise<{ decode: () => MaskRle }> {
  try {
    const mask = await maskOfShape(shape, size, place);
    return { decode: () => mask };
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    return {
      decode: () => {
        throw thrown;
      },
    };
  }
}

async function maskOfShape(shape: Json, size: Size, place: string): Promise<MaskRle> {
  const points = asList(shape.points, 'points').map((point) => asList(point, 'A point'));
  if (shape.shape_type === 'polygon') return maskOfPolygons([points.flat() as number[]], size);
  if (shape.shape_type !== 'mask') {
    throw new FormatError(
      `It is a ${typeof shape.shape_type === 'string' ? shape.shape_type : 'shape'}, not a mask.`,
    );
  }
  const [left, top] = (points[0] ?? []).map((value) => Math.trunc(Number(value)));
  const { samples, channels, ...part } = await decodePng(fromBase64(asText(shape.mask, 'mask')), place);
  if (left === undefined || top === undefined || !Number.isFinite(left) || !Number.isFinite(top)) {
    throw new FormatError('Its box has no corner.');
  }
  return encodeColumns(size, (x, column) => {
    column.fill(0);
    if (x < left || x >= left + part.width) return;
    for (let y = Math.max(0, top); y < Math.min(size.height, top + part.height); y++) {
      column[y] = samples[((y - top) * part.width + (x - left)) * channels] ?? 0;
    }
  });
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw new FormatError('Its mask is not base64.', { cause });
  }
}
