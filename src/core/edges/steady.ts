import { rleCentroid, rleIou, type MaskRle } from '../rle.ts';
import { squaredDistances } from './distance.ts';
import { areaOf, maskOf, patchOf, type Patch } from './patch.ts';

/** The object's masks on the frames before and after one, where there are any. */
export interface Neighbours {
  readonly before?: MaskRle | undefined;
  readonly after?: MaskRle | undefined;
}

/** Masks that overlap less, moved onto each other, show a thing that changes its shape: they say nothing of each other's edges. */
const ALIKE = 0.8;

/**
 * Takes the flicker out of an edge: near it, a pixel goes with most of three frames, after the neighbours were moved onto this one. What moves on
 * from frame to frame stays as it is: its state on the middle frame is that of most.
 * @param reach how far from the edge, in pixels
 * @returns the very mask where a neighbour is missing or too different
 */
export function steadyMask(mask: MaskRle, neighbours: Neighbours, reach: number): MaskRle {
  const beside = movedNeighbours(mask, neighbours);
  if (beside === undefined) return mask;
  const { before: former, after: next } = beside;
  const area = areaOf(mask, Math.ceil(reach));
  if (area === undefined) return mask;
  const patch = patchOf(mask, area);
  const { values } = patch;
  const [wasIn, willBeIn] = [cut(former, patch), cut(next, patch)];
  const [outwards, inwards] = [squaredDistances(values, 1, area), squaredDistances(values, 0, area)];
  const steady = values.map((value, at) => {
    const isNear = Math.max(outwards[at] ?? 0, inwards[at] ?? 0) <= reach * reach;
    return isNear ? Number(value + (wasIn[at] ?? 0) + (willBeIn[at] ?? 0) >= 2) : value;
  });
  return maskOf({ ...area, values: steady }, mask);
}

/** The neighbours moved onto a mask; nothing where one is missing or too different. */
export function movedNeighbours(
  mask: MaskRle,
  { before, after }: Neighbours,
): { readonly before: MaskRle; readonly after: MaskRle } | undefined {
  const [former, next] = [before && moved(before, mask), after && moved(after, mask)];
  if (!former || !next || rleIou(former, mask) < ALIKE || rleIou(next, mask) < ALIKE) return undefined;
  return { before: former, after: next };
}

/** A mask moved by whole pixels so that its middle is that of another; nothing where it is empty or of another size. */
function moved(mask: MaskRle, onto: MaskRle): MaskRle | undefined {
  const area = areaOf(mask, 0);
  if (area === undefined || mask.width !== onto.width || mask.height !== onto.height) return undefined;
  const [from, to] = [rleCentroid(mask), rleCentroid(onto)];
  const [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
  if (dx === 0 && dy === 0) return mask;
  return maskOf({ ...patchOf(mask, area), x: area.x + dx, y: area.y + dy }, mask);
}

/** The pixels of a mask in the rectangle of a patch. */
function cut(mask: MaskRle, { x, y, width, height }: Patch<Uint8Array>): Uint8Array {
  const area = areaOf(mask, 0);
  const values = new Uint8Array(width * height);
  if (area === undefined) return values;
  const whole = patchOf(mask, area);
  for (let row = Math.max(y, area.y); row < Math.min(y + height, area.y + area.height); row++)
    for (let column = Math.max(x, area.x); column < Math.min(x + width, area.x + area.width); column++)
      values[(row - y) * width + column - x] =
        whole.values[(row - area.y) * area.width + column - area.x] ?? 0;
  return values;
}
