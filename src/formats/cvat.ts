import { includesFrame } from '../core/frameRanges.ts';
import { decodeRle, rleArea, rleBounds, type MaskRle } from '../core/rle.ts';
import { categoriesOf } from './categories.ts';
import { textBytes } from './files.ts';
import type { WriteMasks, WriteOptions } from './format.ts';
import type { ClipObject, MaskedClip } from '../core/maskedClip.ts';
import { outlinesOf } from './polygons.ts';

/**
 * CVAT for video 1.1: `annotations.xml`. A mask does not go on from frame to frame there: each is a track of its own, which ends on the next
 * frame, and `group_id` is the object. With polygons, an object's largest part is one track through the whole clip, and its other parts are tracks of
 * one frame; holes are lost. Source: docs.cvat.ai, *XML annotation format*.
 */
export const writeCvat: WriteMasks = async function* (clip, options) {
  yield { path: 'annotations.xml', bytes: textBytes(cvatText(clip, options)) };
};

async function* cvatText(clip: MaskedClip, options: WriteOptions): AsyncGenerator<string, void, undefined> {
  yield head(clip);
  yield* options.polygons ? polygonTracks(clip, options.signal) : maskTracks(clip, options.signal);
  yield '</annotations>\n';
}

/** How often the clip is walked through with polygons: once for the track of each object, once for what is not in it. */
export function cvatPasses({ objects }: Pick<MaskedClip, 'objects'>, { polygons }: WriteOptions): number {
  return polygons ? objects.length + 1 : 1;
}

function head(clip: MaskedClip): string {
  const labels = categoriesOf(clip).map(
    ({ name }) => `        <label>
          <name>${escaped(name)}</name>
          <type>any</type>
          <attributes>
            <attribute>
              <name>object</name>
              <mutable>False</mutable>
              <input_type>text</input_type>
              <default_value></default_value>
              <values></values>
            </attribute>
            <attribute>
              <name>reviewed</name>
              <mutable>True</mutable>
              <input_type>checkbox</input_type>
              <default_value>false</default_value>
              <values></values>
            </attribute>
          </attributes>
        </label>\n`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <name>${escaped(clip.name)}</name>
      <size>${clip.frameCount}</size>
      <mode>interpolation</mode>
      <overlap>0</overlap>
      <start_frame>0</start_frame>
      <stop_frame>${clip.frameCount - 1}</stop_frame>
      <labels>
${labels.join('')}      </labels>
      <original_size>
        <width>${clip.width}</width>
        <height>${clip.height}</height>
      </original_size>
    </task>
  </meta>
`;
}

/** A shape on a frame, ready but for what its place in a track says. */
interface Shape {
  readonly tag: 'mask' | 'polygon';
  readonly attributes: string;
  readonly zOrder: number;
}

class Tracks {
  readonly #frameCount: number;
  #next = 0;

  constructor({ frameCount }: MaskedClip) {
    this.#frameCount = frameCount;
  }

  open({ id, category }: ClipObject): string {
    return `  <track id="${this.#next++}" label="${escaped(category)}" source="manual" group_id="${id}">\n`;
  }

  shape(object: ClipObject, shape: Shape, frame: number, isOutside = false): string {
    // Beyond the last frame there is nothing to end on.
    if (frame >= this.#frameCount) return '';
    const place = `frame="${frame}" keyframe="1" outside="${isOutside ? 1 : 0}" occluded="0"`;
    const name = `<attribute name="object">${escaped(object.name)}</attribute>`;
    const isReviewed = includesFrame(object.reviewed ?? [], frame);
    const reviewed = `<attribute name="reviewed">${isReviewed}</attribute>`;
    return `    <${shape.tag} ${place} ${shape.attributes} z_order="${shape.zOrder}">${name}${reviewed}</${shape.tag}>\n`;
  }

  close(): string {
    return '  </track>\n';
  }

  /** A track of one frame. */
  single(object: ClipObject, shape: Shape, frame: number): string {
    return [
      this.open(object),
      this.shape(object, shape, frame),
      this.shape(object, shape, frame + 1, true),
      this.close(),
    ].join('');
  }
}

async function* maskTracks(clip: MaskedClip, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  const tracks = new Tracks(clip);
  for await (const { at, masks } of clip.frameMasks(signal)) {
    const frame = clip.frames[at]?.number ?? at;
    for (const [zOrder, object] of clip.objects.entries()) {
      const mask = masks.get(object.id)?.mask;
      const attributes = mask && rowRuns(mask);
      if (attributes) yield tracks.single(object, { tag: 'mask', attributes, zOrder }, frame);
    }
  }
}

/** A mask as runs within its box: row by row, background first. Nothing for an empty one. */
function rowRuns(rle: MaskRle): string | undefined {
  const box = rleBounds(rle);
  if (!box) return undefined;
  const mask = decodeRle(rle);
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const runs: number[] = [];
  let value = 0;
  let run = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let at = y * rle.width + box.x0, end = at + width; at < end; at++) {
      if (mask[at] !== value) {
        runs.push(run);
        run = 0;
        value = 1 - value;
      }
      run++;
    }
  }
  runs.push(run);
  return `rle="${runs.join(', ')}" left="${box.x0}" top="${box.y0}" width="${width}" height="${height}"`;
}

async function* polygonTracks(
  clip: MaskedClip,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const tracks = new Tracks(clip);
  for (const [zOrder, object] of clip.objects.entries()) {
    let last: Shape | undefined;
    let isSeen = false;
    for await (const { at, masks } of clip.frameMasks(signal)) {
      const frame = clip.frames[at]?.number ?? at;
      const [outline] = sortedOutlines(masks.get(object.id)?.mask);
      if (outline === undefined) {
        if (last && isSeen) yield tracks.shape(object, last, frame, true);
        isSeen = false;
        continue;
      }
      if (last === undefined) yield tracks.open(object);
      last = polygon(outline, zOrder);
      isSeen = true;
      yield tracks.shape(object, last, frame);
    }
    if (last === undefined) continue;
    if (isSeen) yield tracks.shape(object, last, (clip.frames.at(-1)?.number ?? 0) + 1, true);
    yield tracks.close();
  }
  for await (const { at, masks } of clip.frameMasks(signal)) {
    for (const [zOrder, object] of clip.objects.entries()) {
      for (const outline of sortedOutlines(masks.get(object.id)?.mask).slice(1)) {
        yield tracks.single(object, polygon(outline, zOrder), clip.frames[at]?.number ?? at);
      }
    }
  }
}

/** The outlines of a mask's parts, the one round the largest first. */
function sortedOutlines(mask: MaskRle | undefined): number[][] {
  if (mask === undefined || rleArea(mask) === 0) return [];
  return outlinesOf(mask).toSorted((a, b) => enclosed(b) - enclosed(a));
}

function enclosed(outline: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < outline.length; i += 2) {
    const next = (i + 2) % outline.length;
    twice += (outline[i] ?? 0) * (outline[next + 1] ?? 0) - (outline[next] ?? 0) * (outline[i + 1] ?? 0);
  }
  return Math.abs(twice) / 2;
}

function polygon(outline: readonly number[], zOrder: number): Shape {
  const points = outline.flatMap((x, i) =>
    i % 2 === 0 ? [`${x.toFixed(2)},${(outline[i + 1] ?? 0).toFixed(2)}`] : [],
  );
  return { tag: 'polygon', attributes: `points="${points.join(';')}"`, zOrder };
}

/** A text within XML. Characters that XML 1.0 has no way to write are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"\t\n\r]/g, (char) => `&#${char.codePointAt(0)};`);
}
