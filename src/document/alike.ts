import type { FrameMask } from '../core/frameMask.ts';
import { rleArea, type MaskRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { isReviewed } from './reviewed.ts';

/** How many of its masks show what an object looks like. */
const MOST_EXAMPLES = 3;

/** On how many frames of another clip a thing is looked for. */
const FRAMES_OF_A_CLIP = 4;

/** The mask that an object is seen by on a frame; nothing where it is not there. */
export function seenMask(entry: FrameMask | undefined): MaskRle | undefined {
  return entry && rleArea(entry.mask) > 0 ? entry.mask : undefined;
}

/**
 * The masks that show best what an object looks like: those that a person has made or found right, then the others that are true to the
 * prompts; of these, the nearest ones to a frame.
 */
export function examplesOf(object: MaskObject, frame: number): { frame: number; mask: MaskRle }[] {
  return [...object.track]
    .filter(([, { status }]) => status !== 'stale' && status !== 'absent')
    .map(([at, entry]) => ({
      ...{ frame: at, mask: seenMask(entry) },
      isSure: entry.status === 'prompted' || isReviewed(object, at),
    }))
    .sort((a, b) => Number(b.isSure) - Number(a.isSure) || distance(a, frame) - distance(b, frame))
    .flatMap(({ frame: at, mask }) => (mask ? [{ frame: at, mask }] : []))
    .slice(0, MOST_EXAMPLES);
}

const distance = (example: { readonly frame: number }, frame: number) => Math.abs(example.frame - frame);

/** Where to look for what is like an object: the frame where one is, and the middle one of each other shot. */
export function placesToLook(frame: number, frameCount: number, shots: readonly number[]): number[] {
  const starts = [0, ...shots.filter((start) => start > 0 && start < frameCount)];
  const middles = starts.flatMap((first, i) => {
    const end = starts[i + 1] ?? frameCount;
    return first <= frame && frame < end ? [] : [Math.floor((first + end - 1) / 2)];
  });
  return [frame, ...middles];
}

/** Where to look for a thing in a whole clip: the middle frames of equal parts of it. */
export function placesThrough(frameCount: number): number[] {
  const parts = Math.min(FRAMES_OF_A_CLIP, frameCount);
  return Array.from({ length: parts }, (_, part) => Math.floor(((part + 0.5) * frameCount) / parts));
}

/**
 * Of what was found on several frames of a clip, what is on one frame of each shot: the frame on which the most was found, weighted by
 * likeness. On other frames of the shot most of it would be the same things again.
 */
export function onOneFrameOfEachShot<Found extends { readonly frame: number; readonly score: number }>(
  found: readonly Found[],
  shots: readonly number[],
): Found[] {
  const shotOf = (frame: number) => shots.filter((start) => start > 0 && start <= frame).length;
  const likeness = (frame: number) =>
    found.reduce((sum, each) => sum + (each.frame === frame ? each.score : 0), 0);
  const best = new Map<number, number>();
  for (const { frame } of found) {
    const so = best.get(shotOf(frame));
    if (so === undefined || likeness(frame) > likeness(so)) best.set(shotOf(frame), frame);
  }
  return found.filter(({ frame }) => best.get(shotOf(frame)) === frame);
}
