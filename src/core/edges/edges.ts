import type { RgbaImage } from '../frames.ts';
import type { MaskRle } from '../rle.ts';
import { blurReach, blurred } from './boxMean.ts';
import { alphaByColor } from './colorAlpha.ts';
import { squaredDistances } from './distance.ts';
import { hasShape, type EdgeSettings } from './edgeSettings.ts';
import { guidedFilter, type Planes } from './guidedFilter.ts';
import { mendedMask } from './parts.ts';
import { steadyMask, type Neighbours } from './steady.ts';
import { areaOf, maskOf, patchOf, type Area, type Patch } from './patch.ts';

/**
 * How much colours must vary within a filter's square to be an edge, squared, of channels from 0 to 1. Chosen on painted fur
 * (`npm run edges`).
 */
export const REGULARIZATION = 1e-4;

/** How many pixels beyond the reach of an edge are looked at, for the colours of what is behind the object. */
const AROUND = 16;

type Softness = Pick<EdgeSettings, 'detail' | 'feather'>;

/** How far from a mask's edge, in pixels, alpha can be other than what the mask has. */
export function softReach({ detail, feather }: Softness): number {
  return Math.ceil(detail + blurMargin(feather));
}

/** How far round a mask the rectangle reaches, in pixels, in which its alpha is made, and outside of which it is 0. */
export function alphaMargin(soft: Softness): number {
  return softReach(soft) + (soft.detail > 0 ? AROUND : 0);
}

/** How far round a mask, in pixels, its shape can have other pixels. One at least: what lies round the object counts. */
export function shapeMargin({ grow, smooth }: Pick<EdgeSettings, 'grow' | 'smooth'>): number {
  return Math.ceil(Math.max(1, grow) + blurMargin(smooth));
}

/** Room for a blur of twice a deviation: with less, the end of the room would show in it. */
function blurMargin(width: number): number {
  return width > 0 ? Math.max(2 * width, blurReach(width / 2)) : 0;
}

/**
 * A mask as its edge is to be, without soft pixels: what formats of masks hold, and what looks in colour show. Its twin on the GPU:
 * workers/stage/edges/maskShapes.ts.
 * @param neighbours the object's masks on the frames beside; without them, nothing is steadied
 */
export function shapedMask(
  given: MaskRle,
  edge: EdgeSettings | undefined,
  neighbours: Neighbours = {},
): MaskRle {
  if (edge === undefined || !hasShape(edge)) return given;
  const mended = mend(given, edge);
  const mask = edge.steady > 0 ? steadyMask(mended, mendAll(neighbours, edge), edge.steady) : mended;
  if (edge.grow === 0 && edge.smooth === 0) return mask;
  const area = areaOf(mask, shapeMargin(edge));
  if (area === undefined) return mask;
  const patch = patchOf(mask, area);
  shape(patch, edge);
  return maskOf(patch, mask);
}

/** A mask without holes and specks, as far as its edge asks for that. */
export function mend(mask: MaskRle, { holes, specks }: EdgeSettings): MaskRle {
  return mendedMask(mask, holes * holes, specks * specks);
}

/** An object's masks on the frames beside, mended as its own. */
export function mendAll({ before, after }: Neighbours, edge: EdgeSettings): Neighbours {
  return { before: before && mend(before, edge), after: after && mend(after, edge) };
}

/** Grows and smooths a patch in place. */
function shape({ values, ...size }: Patch<Uint8Array>, { grow, smooth }: EdgeSettings): void {
  if (grow !== 0) {
    // To the nearest pixel of the object, or of what is not.
    const distances = squaredDistances(values, grow > 0 ? 1 : 0, size);
    const reach = grow * grow;
    distances.forEach((distance, at) => {
      values[at] = grow > 0 ? Number(distance <= reach) : Number(distance > reach);
    });
  }
  if (smooth > 0) {
    const level = blurred(Float32Array.from(values), size, smooth / 2);
    level.forEach((value, at) => (values[at] = Number(value > 0.5)));
  }
}

/**
 * How much of each pixel is of the object, 0 to 255, in a rectangle outside of which none is; nothing where the mask is empty.
 * @param mask as `shapedMask` gives it
 * @param picture the frame, of the mask's size; without one, an edge cannot follow it
 */
export function alphaOf(
  mask: MaskRle,
  edge: EdgeSettings | undefined,
  picture?: RgbaImage,
): Patch<Uint8Array> | undefined {
  const detail = picture ? (edge?.detail ?? 0) : 0;
  const feather = edge?.feather ?? 0;
  const area = areaOf(mask, alphaMargin({ detail, feather }));
  if (area === undefined) return undefined;
  const hard = patchOf(mask, area);
  const covered = Float32Array.from(hard.values);
  let soft: Float32Array = covered;
  if (picture && detail > 0) {
    const share = (edge?.strength ?? 0) / 100;
    soft = detailed(hard, covered, picture, detail).map((value, at) => {
      const own = covered[at] ?? 0;
      return own + share * (value - own);
    });
  }
  if (feather > 0) soft = blurred(soft, area, feather / 2);
  const values = new Uint8Array(soft.length);
  for (let at = 0; at < soft.length; at++) values[at] = Math.round(255 * (soft[at] ?? 0));
  return { ...area, values };
}

/**
 * Follows the colours near the edge: up to `reach` pixels from it a pixel may be partly of the object.
 * @param covered what is filtered, 0 to 1 for each pixel of the patch: what the mask has of it
 */
export function detailed(
  hard: Patch<Uint8Array>,
  covered: Float32Array,
  picture: RgbaImage,
  reach: number,
): Float32Array {
  const { values } = hard;
  const trust = trustNear(hard, reach);
  const guide = planesOf(picture, hard);
  const soft = guidedFilter(covered, guide, hard, guideRadius(reach), REGULARIZATION);
  for (let at = 0; at < soft.length; at++) {
    const near = Math.min(1, Math.max(0, soft[at] ?? 0));
    soft[at] = (values[at] ?? 0) + (trust[at] ?? 0) * (near - (values[at] ?? 0));
  }
  alphaByColor({ ...hard, values: soft }, trust, picture);
  return soft;
}

/** The radius of the guided filter's squares. @param reach how far from the edge, in pixels, it may change alpha */
export function guideRadius(reach: number): number {
  return Math.max(1, Math.round(reach));
}

/** How much of a pixel may change: all of it near the edge, nothing from `reach` pixels on, and there is no step between the two. */
function trustNear({ values, ...size }: Patch<Uint8Array>, reach: number): Float32Array {
  const outwards = squaredDistances(values, 1, size);
  const inwards = squaredDistances(values, 0, size);
  const trust = new Float32Array(values.length);
  for (let at = 0; at < trust.length; at++) {
    const distance = Math.sqrt(Math.max(outwards[at] ?? 0, inwards[at] ?? 0));
    trust[at] = Math.min(1, Math.max(0, 2 - (2 * distance) / reach));
  }
  return trust;
}

/** The colours of a rectangle of a picture. */
function planesOf({ data, width }: RgbaImage, area: Area): Planes {
  const plane = (channel: number) => {
    const values = new Float32Array(area.width * area.height);
    for (let y = 0, at = 0; y < area.height; y++) {
      let from = ((area.y + y) * width + area.x) * 4 + channel;
      for (let x = 0; x < area.width; x++, at++, from += 4) values[at] = (data[from] ?? 0) / 255;
    }
    return values;
  };
  return [plane(0), plane(1), plane(2)];
}
