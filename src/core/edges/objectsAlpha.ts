import type { RgbaImage } from '../frames.ts';
import type { Size } from '../geometry.ts';
import type { MaskRle } from '../rle.ts';
import { alphaOf, softReach } from './edges.ts';
import { isSoft, type EdgeSettings } from './edgeSettings.ts';
import { areaOf, joinAreas, type Area, type Patch } from './patch.ts';

/** How many pixels beyond the reach of soft edges are looked at, for the colours on both sides. */
const AROUND = 32;

/** An object's mask, in the shape that its edge asks for, and the edge. */
export interface ShapedMask {
  readonly mask: MaskRle;
  readonly edge?: EdgeSettings | undefined;
}

/**
 * How much of each pixel of a frame is of the objects together, 0 to 255, row by row. Its twin on the GPU: workers/stage/edges.
 * @param picture the frame; without one, edges cannot follow it
 */
export function objectsAlpha(
  masks: readonly ShapedMask[],
  size: Size,
  picture: RgbaImage | undefined,
): Uint8Array {
  const alpha = new Uint8Array(size.width * size.height);
  for (const { mask, edge } of masks) layAlpha(alpha, size, alphaOf(mask, edge, picture));
  return alpha;
}

/** The rectangle with all pixels that are partly of an object, and what is round them; nothing where no edge is soft. */
export function softArea(masks: readonly ShapedMask[]): Area | undefined {
  return joinSoftAreas(masks, ({ mask }, margin) => areaOf(mask, margin));
}

/**
 * The rectangle of {@link softArea}, by how the rectangle round a mask is found.
 *
 * @param areaAround the rectangle round a mask, and so many pixels more on each side; nothing where it is empty
 */
export function joinSoftAreas<Mask extends Pick<ShapedMask, 'edge'>>(
  masks: readonly Mask[],
  areaAround: (mask: Mask, margin: number) => Area | undefined,
): Area | undefined {
  return joinAreas(
    masks.flatMap((mask) => {
      const { edge } = mask;
      const area = edge && isSoft(edge) ? areaAround(mask, softReach(edge) + AROUND) : undefined;
      return area ? [area] : [];
    }),
  );
}

/**
 * Lays the alpha of several objects over each other on a whole frame, 0 to 255, row by row: where two meet, the larger counts.
 * @param into filled with 0 before
 */
export function layAlpha(into: Uint8Array, { width }: Size, patch: Patch<Uint8Array> | undefined): void {
  if (patch === undefined) return;
  for (let y = 0, from = 0; y < patch.height; y++) {
    let at = (patch.y + y) * width + patch.x;
    for (let x = 0; x < patch.width; x++, at++, from++) {
      const value = patch.values[from] ?? 0;
      if (value > (into[at] ?? 0)) into[at] = value;
    }
  }
}
