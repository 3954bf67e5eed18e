import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { checkMaskSides, maskOfRuns } from '../core/maskRuns.ts';
import { encodeColumns, type MaskRle } from '../core/rle.ts';
import { idsOfKeys } from './cocoParts.ts';
import { hasEnding, stemOf } from './files.ts';
import type { ReadMasks } from './format.ts';
import { readText } from './json.ts';
import { ListedMasks } from './listedMasks.ts';
import { frameName } from './names.ts';
import { maskOfPolygons } from './polygons.ts';
import { chooseClip, frameCountOf, objectsOfIds } from './readClip.ts';

/** A shape as the file has it, with what stands round it. */
interface Shape {
  readonly frame: number;
  readonly label: string;
  readonly group: number;
  /** The number of its track; none in CVAT for images. */
  readonly track: string | undefined;
  readonly place: string;
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the attribute `object` says, which our own writer sets. */
  name: string;
}

interface Document {
  readonly shapes: Shape[];
  name: string | undefined;
  frameCount: number;
  width: number | undefined;
  height: number | undefined;
}

/** Reads CVAT for video 1.1, and for images: masks and polygons. */
export const readCvat: ReadMasks = async (files, options, report) => {
  const xmls = files.filter(({ path }) => hasEnding(path, '.xml'));
  const stem = chooseClip(
    xmls.map(({ path }) => stemOf(path)),
    options.clip,
  );
  const file = xmls.find(({ path }) => stemOf(path) === stem);
  if (file === undefined) throw new FormatError('There is no XML file here.');
  const document = parseDocument(await readText(file), file.path);
  const size = checkMaskSides(document.width ?? options.size?.width, document.height ?? options.size?.height);
  const shown = document.shapes.filter(({ attributes }) => attributes.outside !== '1');
  const lengths = new Map<string | undefined, number>();
  for (const { track } of shown) lengths.set(track, (lengths.get(track) ?? 0) + 1);
  const keyed = keysOf(shown, lengths);
  if (keyed.some(({ isGuessed }) => isGuessed)) {
    report.add(
      'Some shapes belong to no group: the first of a label on each frame was taken for one object, the second for another, and so on.',
    );
  }
  const numbers = [...new Set(shown.map(({ frame }) => frame))].sort((a, b) => a - b);
  const frameCount = Math.max(document.frameCount, (numbers.at(-1) ?? -1) + 1);
  const frames = numbers.map((number) => ({ number, name: frameName(number, frameCount) }));
  const places = new Map(numbers.map((number, at) => [number, at]));
  const ids = idsOfKeys(keyed.map(({ key }) => key));
  const masks = new ListedMasks(size, report);
  const facts = new Map<number, { name: string; category: string }>();
  for (const { shape, key } of keyed) {
    const id = ids.get(key) ?? 0;
    if (!facts.has(id)) facts.set(id, { name: shape.name || shape.label, category: shape.label });
    masks.add(places.get(shape.frame) ?? -1, id, shape.place, {
      decode: () => maskOfShape(shape, size),
    });
  }
  return {
    ...{ name: document.name ?? stem, ...size, frames, frameCount: frameCountOf(frames, frameCount) },
    objects: objectsOfIds(masks.objectIds, { objects: facts }),
    frameMasks: (signal) => masks.frameMasks(frames.length, signal),
  };
};

/** What tells the object of each shape: its group, its track where that goes through several frames, else its label. */
function keysOf(shapes: readonly Shape[], lengths: ReadonlyMap<string | undefined, number>) {
  const counted = new Map<string, number>();
  return shapes.map((shape) => {
    if (shape.group > 0) return { shape, key: shape.group, isGuessed: false };
    const isTrack = shape.track !== undefined && (lengths.get(shape.track) ?? 0) > 1;
    if (isTrack) return { shape, key: `track ${shape.track}`, isGuessed: false };
    const nth = `${shape.frame} ${shape.label}`;
    counted.set(nth, (counted.get(nth) ?? 0) + 1);
    return { shape, key: `label ${shape.label} ${counted.get(nth)}`, isGuessed: true };
  });
}

const SHAPES = new Set(['mask', 'polygon', 'box', 'polyline', 'points', 'cuboid', 'ellipse', 'skeleton']);

/** Characters that the parser is given at once. */
const PIECE = 1 << 20;

function parseDocument(text: string, path: string): Document {
  const document: Document = {
    shapes: [],
    name: undefined,
    frameCount: 0,
    width: undefined,
    height: undefined,
  };
  const open: SaxesTagPlain[] = [];
  let content = '';
  let hasRoot = false;
  const parser = new SaxesParser();
  parser.on('error', (cause) => {
    throw new FormatError(`${path} is not XML that can be read: ${cause.message}.`, { cause });
  });
  parser.on('opentag', (tag) => {
    hasRoot ||= tag.name === 'annotations';
    if (open.length > 20) throw new FormatError(`${path} is not a file of CVAT: it is nested too deeply.`);
    const around = open.at(-1);
    if (SHAPES.has(tag.name) && around && (around.name === 'track' || around.name === 'image')) {
      document.shapes.push(shapeOf(tag, around, `${path}: line ${parser.line}`));
    }
    if (tag.name === 'image') takeImage(document, tag);
    open.push(tag);
    content = '';
  });
  parser.on('text', (more) => {
    content += more;
  });
  parser.on('closetag', (tag) => {
    open.pop();
    const parent = open.at(-1)?.name;
    const number = /^\d{1,9}$/.test(content) ? Number(content) : undefined;
    if (parent === 'task' || parent === 'job') {
      if (tag.name === 'size') document.frameCount = number ?? 0;
      if (tag.name === 'name') document.name = content;
    }
    if (parent === 'original_size' && tag.name === 'width') document.width = number;
    if (parent === 'original_size' && tag.name === 'height') document.height = number;
    const shape = document.shapes.at(-1);
    if (tag.name === 'attribute' && tag.attributes.name === 'object' && shape && SHAPES.has(parent ?? '')) {
      shape.name = content;
    }
    content = '';
  });
  for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE));
  parser.close();
  if (!hasRoot) throw new FormatError(`${path} is XML, but not a file of CVAT.`);
  return document;
}

function takeImage(document: Document, { attributes }: SaxesTagPlain): void {
  const side = (text: string | undefined) =>
    text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  document.width ??= side(attributes.width);
  document.height ??= side(attributes.height);
}

function shapeOf(tag: SaxesTagPlain, around: SaxesTagPlain, place: string): Shape {
  const isTrack = around.name === 'track';
  const frame = isTrack ? tag.attributes.frame : around.attributes.id;
  if (frame === undefined || !/^\d{1,9}$/.test(frame))
    throw new FormatError(`${place}: a shape has no frame.`);
  const label = (isTrack ? around : tag).attributes.label ?? '';
  const group = Number((isTrack ? around : tag).attributes.group_id ?? 0);
  return {
    ...{ frame: Number(frame), label, place, tag: tag.name, attributes: tag.attributes, name: '' },
    group: Number.isSafeInteger(group) ? group : 0,
    track: isTrack ? around.attributes.id : undefined,
  };
}

/** @throws FormatError if it is neither a mask nor a polygon */
function maskOfShape({ tag, attributes }: Shape, size: Size): MaskRle {
  if (tag === 'polygon') {
    const points = (attributes.points ?? '')
      .split(/[;,]/)
      .map((text) => (text.trim() === '' ? NaN : Number(text)));
    return maskOfPolygons([points], size);
  }
  if (tag !== 'mask') throw new FormatError(`It is a ${tag}, not a mask.`);
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((name) => {
    const text = attributes[name] ?? '';
    return /^-?\d{1,5}$/.test(text) ? Number(text) : NaN;
  });
  if (left === undefined || top === undefined || Number.isNaN(left + top))
    throw new FormatError('It has no place.');
  const part = checkMaskSides(width, height);
  if (left < 0 || top < 0 || left + part.width > size.width || top + part.height > size.height) {
    throw new FormatError('It reaches beyond the frame.');
  }
  const texts = (attributes.rle ?? '').split(',');
  // The same runs of the part on its side: down its columns, which are the rows of the mask.
  const turned = maskOfRuns(
    texts.map((text) => (/^\s*\d{1,9}\s*$/.test(text) ? Number(text) : NaN)),
    { width: part.height, height: part.width },
  );
  const rows = new Uint8Array(part.width * part.height);
  let at = 0;
  for (const [i, run] of turned.counts.entries()) {
    if (i % 2 === 1) rows.fill(1, at, at + run);
    at += run;
  }
  return encodeColumns(size, (x, column) => {
    column.fill(0);
    if (x < left || x >= left + part.width) return;
    for (let y = 0; y < part.height; y++) column[top + y] = rows[y * part.width + (x - left)] ?? 0;
  });
}
