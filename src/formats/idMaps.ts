import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { composeIdMap } from '../core/idMap.ts';
import { DAVIS_PALETTE } from '../core/palette.ts';
import { encodeIndexedPng } from '../core/png.ts';
import { encodeChanges, rleArea, type MaskRle } from '../core/rle.ts';
import type { ClipObject, FrameMasks, MaskedClip } from '../core/maskedClip.ts';
import type { Report } from './report.ts';

/** DAVIS keeps this value for pixels that nobody judges. No object has it. */
export const VOID = 255;

/** The pixel value of each object in ID maps: its id where all fit, else 1 to N in the order of the ids. */
export type PixelValues = ReadonlyMap<number, number>;

/** @throws FormatError if there are more objects than values. */
export function pixelValues(objects: readonly ClipObject[], most = VOID - 1): PixelValues {
  if (objects.length > most) {
    throw new FormatError(
      `There are ${objects.length} objects, but this format has room for ${most}. Export fewer objects, or choose a format without ID maps, such as COCO.`,
    );
  }
  const ids = objects.map(({ id }) => id);
  if (ids.every((id) => id <= most)) return new Map(ids.map((id) => [id, id]));
  return new Map(ids.toSorted((a, b) => a - b).map((id, at) => [id, at + 1]));
}

/** Makes one ID map after the other, and counts pixels that more than one object claims. */
export class IdMapMaker {
  readonly #clip: MaskedClip;
  readonly #values: PixelValues;
  #blank: Uint8Array | undefined;
  #shared = 0;
  #sharedFrames = 0;

  constructor(clip: MaskedClip, values: PixelValues) {
    this.#clip = clip;
    this.#values = values;
  }

  /** The frame as a PNG in the DAVIS palette. The object later in the list has a pixel that two objects share. */
  async png({ masks }: FrameMasks): Promise<Uint8Array> {
    const { objects } = this.#clip;
    const shown = objects.flatMap(({ id }) => {
      const mask = masks.get(id)?.mask;
      return mask ? [{ objectId: this.#values.get(id) ?? 0, mask }] : [];
    });
    if (shown.length === 0) return (this.#blank ??= await this.#encode(composeIdMap(this.#clip, [])));
    const map = composeIdMap(this.#clip, shown);
    const claimed = shown.reduce((sum, { mask }) => sum + rleArea(mask), 0);
    this.#count(claimed - map.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0));
    return this.#encode(map);
  }

  /** Says how many pixels were shared, if any. */
  tell(report: Report): void {
    tellShared(report, this.#shared, this.#sharedFrames);
  }

  #count(shared: number): void {
    this.#shared += shared;
    if (shared > 0) this.#sharedFrames++;
  }

  #encode(map: Uint8Array): Promise<Uint8Array> {
    return encodeIndexedPng(map, this.#clip, DAVIS_PALETTE);
  }
}

/** Says how many pixels objects shared, where a format has room for one object a pixel. */
export function tellShared(report: Report, pixels: number, frames: number): void {
  if (pixels === 0) return;
  report.add(
    `Objects shared ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'} on ${frames} ${frames === 1 ? 'frame' : 'frames'}. This format gives a pixel to one object: the lower in the list.`,
  );
}

/** The mask of each value but 0 that occurs in a row-major map. One walk for all of them. */
export function masksOfIdMap(map: ArrayLike<number>, size: Size): Map<number, MaskRle> {
  const { width, height } = size;
  const changes = new Map<number, number[]>();
  const change = (value: number, position: number) => {
    if (value === 0) return;
    const places = changes.get(value);
    if (places) places.push(position);
    else changes.set(value, [position]);
  };
  let current = 0;
  for (let x = 0, position = 0; x < width; x++) {
    for (let at = x, y = 0; y < height; y++, at += width, position++) {
      const value = map[at] ?? 0;
      if (value === current) continue;
      change(current, position);
      change(value, position);
      current = value;
    }
  }
  return new Map(Array.from(changes, ([value, places]) => [value, encodeChanges(size, places)]));
}
