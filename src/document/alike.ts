import type { FrameMask } from '../core/maskTrack.ts';
import { rleArea, type MaskRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { isReviewed } from './reviewed.ts';

/** How many of its masks show what an object looks like. */
const MOST_EXAMPLES = 3;

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
