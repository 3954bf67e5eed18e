import type { FrameMask, MaskTrack } from './maskTrack.ts';
import { rleArea, rleCentroid, rleIou, type MaskRle } from './rle.ts';

/**
 * Why a mask may be wrong. `unsure`: the model says so. `lost`: the object has just gone. `jump`: its area or place changes all at
 * once. `disagrees`: another run gave another mask. `overlaps`: it shares pixels with another object.
 */
export type Doubt = 'unsure' | 'lost' | 'jump' | 'disagrees' | 'overlaps';

/** Scores below this are worth a look: docs/quality.md has precision and recall. */
const UNSURE = 0.7;
/** An area that grows or shrinks by more than this from one frame to the next jumps. */
const AREA_JUMP = 1.4;
/** So does a centroid that moves by more than this, in square roots of the area. */
const CENTROID_JUMP = 0.6;
/** Two runs agree where the IoU of their masks is above this. */
const AGREEMENT = 0.75;
/** Objects overlap where they share more than this of the smaller one. */
const OVERLAP = 0.05;

/** The parts of an object that its doubts come from. */
export interface Doubted {
  readonly id: number;
  readonly track: MaskTrack;
}

/** Why the mask of an object on a frame may be wrong; nothing where nothing speaks against it. */
export function doubtOn(
  { id, track }: Doubted,
  frame: number,
  others: readonly Doubted[],
): Doubt | undefined {
  const here = track.get(frame);
  if (here === undefined) return undefined;
  const isPrompted = here.status === 'prompted';
  const before = track.get(frame - 1);
  if (rleArea(here.mask) === 0) return !isPrompted && before && rleArea(before.mask) > 0 ? 'lost' : undefined;
  if (!isPrompted && here.score < UNSURE) return 'unsure';
  if (!isPrompted && before && jumps(before, here)) return 'jump';
  if (here.agreement !== undefined && here.agreement < AGREEMENT) return 'disagrees';
  const overlaps = others.some((other) => {
    const mask = other.id === id ? undefined : other.track.get(frame)?.mask;
    return mask !== undefined && sharedPart(here.mask, mask) > OVERLAP;
  });
  return overlaps ? 'overlaps' : undefined;
}

/** Where a doubt begins: the frame, the object and why. */
export interface DoubtfulFrame {
  readonly frame: number;
  readonly objectId: number;
  readonly doubt: Doubt;
}

/** The next frame after `frame` on which a doubt begins, round the clip's end if need be; nothing if there is none. */
export function nextDoubtful(
  objects: readonly Doubted[],
  frame: number,
  frameCount: number,
): DoubtfulFrame | undefined {
  for (let step = 1; step <= frameCount; step++) {
    const at = (frame + step) % frameCount;
    for (const object of objects) {
      const doubt = doubtOn(object, at, objects);
      if (doubt !== undefined && (at === 0 || doubtOn(object, at - 1, objects) !== doubt))
        return { frame: at, objectId: object.id, doubt };
    }
  }
  return undefined;
}

function jumps(before: FrameMask, here: FrameMask): boolean {
  const area = rleArea(before.mask);
  if (area === 0) return false;
  const ratio = rleArea(here.mask) / area;
  if (ratio > AREA_JUMP || ratio < 1 / AREA_JUMP) return true;
  const from = rleCentroid(before.mask);
  const to = rleCentroid(here.mask);
  return Math.hypot(to.x - from.x, to.y - from.y) > CENTROID_JUMP * Math.sqrt(area);
}

/** What two masks share, as a part of the smaller one. */
function sharedPart(a: MaskRle, b: MaskRle): number {
  const [areaA, areaB] = [rleArea(a), rleArea(b)];
  const iou = rleIou(a, b);
  return (iou / (1 + iou)) * ((areaA + areaB) / Math.max(1, Math.min(areaA, areaB)));
}
