import type { FrameRange } from './frameRanges.ts';
import type { FrameMap } from './frameMap.ts';
import type { FrameMask } from './frameMask.ts';
import type { MaskTrack } from './maskTrack.ts';
import { liesOn, rleArea, rleCentroid, sharedPart } from './rle.ts';

/**
 * Why a mask may be wrong. `unsure`: the model says so. `lost`: the object has just gone. `jump`: its area or place changes all at
 * once. `disagrees`: another run gave another mask. `overlaps`: it shares pixels with another object, and does not just lie on it.
 */
export type Doubt = 'unsure' | 'lost' | 'jump' | 'disagrees' | 'overlaps';

/** Scores below this are worth a look: docs/quality.md has precision and recall. */
export const UNSURE = 0.7;
/** An area that grows or shrinks by more than this from one frame to the next jumps. */
const AREA_JUMP = 1.4;
/** So does a centroid that moves by more than this, in square roots of the area. */
const CENTROID_JUMP = 0.6;
/** Two runs agree where the IoU of their masks is above this. */
const AGREEMENT = 0.75;
/** Objects overlap where they share more than this of the smaller one. */
const OVERLAP = 0.05;

/** By what doubts are judged: those that were judged by something else are to be judged anew. */
export const DOUBT_RULES = [UNSURE, AREA_JUMP, CENTROID_JUMP, AGREEMENT, OVERLAP].join(' ');

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
  const source = sourceOf(track, frame);
  if (isEmpty && !isPrompted && source && rleArea(source.mask) > 0) return 'lost';
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
 * Where the doubts of all objects begin, in the order of the frames.
 * @param isSettled whether a person has dispelled the doubt of an object on a frame
 */
export function doubtfulFrames(
  doubts: ReadonlyMap<number, Doubts>,
  isSettled: (objectId: number, frame: number) => boolean = () => false,
): DoubtfulFrame[] {
  const beginnings: DoubtfulFrame[] = [];
  for (const [objectId, frames] of doubts)
    for (const part of frames.parts)
      for (const [frame, doubt] of part)
        if (
          !isSettled(objectId, frame) &&
          (frames.get(frame - 1) !== doubt || isSettled(objectId, frame - 1))
        )
          beginnings.push({ frame, objectId, doubt });
  return beginnings.sort((a, b) => a.frame - b.frame);
}

/**
 * The nearest of the doubtful frames after `frame`, or before it, round the clip's end if need be; nothing if there is none. `frame`
 * itself is the farthest.
 */
export function nearestDoubtful(
  doubtful: readonly DoubtfulFrame[],
  frame: number,
  frameCount: number,
  direction: 'next' | 'previous',
): DoubtfulFrame | undefined {
  const sign = direction === 'next' ? 1 : -1;
  let nearest: DoubtfulFrame | undefined;
  let least = Infinity;
  for (const each of doubtful) {
    const steps = (sign * (each.frame - frame) - 1 + frameCount) % frameCount;
    if (steps >= least) continue;
    least = steps;
    nearest = each;
  }
  return nearest;
}

/**
 * The object that hides another one on a frame on which that has just gone: its mask is where the other's was. The one that covers most of it;
 * nothing where none covers more than half.
 */
export function hiddenBehind(
  { id, track }: Doubted,
  frame: number,
  others: readonly Doubted[],
): number | undefined {
  const source = sourceOf(track, frame);
  if (!source) return undefined;
  const area = rleArea(source.mask);
  let covered = area / 2;
  let front: number | undefined;
  for (const other of others) {
    const here = other.id === id ? undefined : other.track.get(frame);
    if (!here) continue;
    const shared = sharedPart(source.mask, here.mask) * Math.min(area, rleArea(here.mask));
    if (shared <= covered) continue;
    covered = shared;
    front = other.id;
  }
  return front;
}

/** The frames next to each other, with `frame`, on which an object is not to be seen. */
export function lostStretch(track: MaskTrack, frame: number): FrameRange {
  const isLost = (at: number) => {
    const entry = track.get(at);
    return entry !== undefined && entry.status !== 'prompted' && rleArea(entry.mask) === 0;
  };
  let [first, last] = [frame, frame];
  while (isLost(first - 1)) first--;
  while (isLost(last + 1)) last++;
  return { first, last };
}

/** The mask that tracking came from: on the other side, a lost object only comes back. */
function sourceOf(track: MaskTrack, frame: number): FrameMask | undefined {
  return track.get((track.get(frame)?.origin ?? 0) > frame ? frame + 1 : frame - 1);
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
