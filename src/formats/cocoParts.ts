import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { toCocoString } from '../core/cocoString.ts';
import { fromCocoRle } from '../core/cocoRle.ts';
import { rleBounds, type MaskRle } from '../core/rle.ts';
import { asList, asText, asWhole, isWhole, type Json } from './json.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { maskOfPolygons, type Polygon } from './polygons.ts';

const ascii = new TextDecoder();

/** A mask as the COCO tools have it: compressed run lengths, height first. */
export interface CompressedRle {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

/** A mask as compressed run lengths. */
export function compressedRle(mask: MaskRle): CompressedRle {
  return { size: [mask.height, mask.width], counts: ascii.decode(toCocoString(mask)) };
}

/** The box round a mask as the COCO tools have it. */
export function cocoBox(mask: MaskRle): [x: number, y: number, width: number, height: number] {
  const box = rleBounds(mask);
  return box ? [box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0] : [0, 0, 0, 0];
}

/**
 * The mask of a `segmentation`: run lengths, compressed or not, or polygons.
 * @param size of the frame, for polygons
 * @throws FormatError if it is neither
 */
export function maskOfSegmentation(segmentation: unknown, size: Size): MaskRle {
  if (!Array.isArray(segmentation)) return fromCocoRle(segmentation);
  if (segmentation.length === 0) throw new FormatError('It has a box, but no mask.');
  const polygons = (Array.isArray(segmentation[0]) ? segmentation : [segmentation]) as readonly unknown[];
  return maskOfPolygons(
    polygons.map((polygon) => asList(polygon, 'A polygon') as Polygon),
    size,
  );
}

/** Object ids for the keys by which a file names them: the keys themselves where all are whole numbers from 1, else 1 to N. */
export function idsOfKeys(keys: Iterable<unknown>): ReadonlyMap<unknown, number> {
  const unique = [...new Set(keys)];
  if (unique.every((key): key is number => isWhole(key) && key >= 1))
    return new Map(unique.map((key) => [key, key]));
  return new Map(unique.map((key, at) => [key, at + 1]));
}

/** The name of each category by its number. @throws FormatError if the list is not one */
export function categoryNames(json: Json, file: string): ReadonlyMap<number, string> {
  return new Map(
    asList(json.categories ?? [], `${file}: categories`).map((category, i) => {
      const place = `${file}: categories[${i}]`;
      const { id, name } = (category ?? {}) as Json;
      return [asWhole(id, `${place}.id`), asText(name, `${place}.name`)];
    }),
  );
}

/** What our own writers say of each object beside what the format has room for. COCO's tools pass over it. */
export function objectFacts({ objects }: MaskedClip, categories: ReadonlyMap<number, number>): Json[] {
  return objects.map(({ id, name, color }) => ({ id, name, category_id: categories.get(id), color }));
}

/** The names of objects as our own writers say them, by id, in drawing order. */
export function namesOfObjects(json: Json): ReadonlyMap<number, string> {
  const listed: readonly unknown[] = Array.isArray(json.objects) ? json.objects : [];
  return new Map(
    listed.flatMap((object) => {
      const { id, name } = (object ?? {}) as Json;
      return isWhole(id) && typeof name === 'string' ? [[id, name] as const] : [];
    }),
  );
}
