import type { FrameMap } from './frameMap.ts';
import type { FrameMask, MaskTrack } from './maskTrack.ts';
import { liesOn, rleArea, rleCentroid, sharedPart } from './rle.ts';

/**
 * Why a mask may be wrong. `unsure`: the model says so. `lost`: the object has just gone. `jump`: its area or place changes all at
 * once. `disagrees`: another run gave another mask. `overlaps`: it shares pixels with another object, and does not just lie on it.
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

/** An object's doubtful frames. */
export type Doubts = FrameMap<Doubt>;

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
  const isEmpty = rleArea(here.mask) === 0;
  if (isEmpty && !isPrompted && before && rleArea(before.mask) > 0) return 'lost';
  if (!isEmpty && !isPrompted && here.score < UNSURE) return 'unsure';
  if (!isEmpty && !isPrompted && before && jumps(before, here)) return 'jump';
  if (disagrees(here)) return 'disagrees';
  const isShared = others.some((other) => other.id !== id && overlap(here, other.track.get(frame)));
  return isShared ? 'overlaps' : undefined;
}

/** Whether a mask and that of another run from the same prompts are of different things. */
export function disagrees({ agreement }: FrameMask): boolean {
  return agreement !== undefined && agreement < AGREEMENT;
}

/** Whether the masks of two objects on a frame share more than a border's width, and none is of a thing that lies on the other. */
export function overlap(a: FrameMask, b: FrameMask | undefined): boolean {
  if (b === undefined || sharedPart(a.mask, b.mask) <= OVERLAP) return false;
  return !liesOn(a.mask, b.mask) && !liesOn(b.mask, a.mask);
}

/** Whether nothing has changed of a frame that the object's own doubts come from. */
export function isSameEvidence(a: FrameMask | undefined, b: FrameMask | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.mask === b.mask &&
    a.score === b.score &&
    a.agreement === b.agreement &&
    (a.status === 'prompted') === (b.status === 'prompted')
  );
}

/** Where a doubt begins: the frame, the object and why. */
export interface DoubtfulFrame {
  readonly frame: number;
  readonly objectId: number;
  readonly doubt: Doubt;
}

/**
 * The nearest frame after `frame`, or before it, on which a doubt begins, round the clip's end if need be; nothing if there is
 * none. `frame` itself is the farthest.
 */
export function nearestDoubtful(
  doubts: ReadonlyMap<number, Doubts>,
  frame: number,
  frameCount: number,
  direction: 'next' | 'previous',
): DoubtfulFrame | undefined {
  const sign = direction === 'next' ? 1 : -1;
  let nearest: DoubtfulFrame | undefined;
  let least = Infinity;
  for (const [objectId, frames] of doubts) {
    for (const part of frames.parts) {
      for (const [at, doubt] of part) {
        const steps = (sign * (at - frame) - 1 + frameCount) % frameCount;
        if (steps >= least || frames.get(at - 1) === doubt) continue;
        least = steps;
        nearest = { frame: at, objectId, doubt };
      }
    }
  }
  return nearest;
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
