import type { Doubt, Doubts } from '../core/doubt.ts';
import type { FrameMask } from '../core/frameMask.ts';
import type { PointPrompt } from '../core/prompts.ts';
import { forEachColumnRun, rleArea, subtractRle, type MaskRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { isKept } from './reviewed.ts';

/** Where a click is expected to gain most over the clip. */
export interface NextFrame {
  readonly objectId: number;
  readonly frame: number;
  /** What speaks against the mask there; nothing beside its score where that is the lowest that there is. */
  readonly doubt: Doubt | undefined;
  /** Frames that were tracked by way of this one: a correction changes them too. */
  readonly followers: number;
  /** A click that may put the mask right. */
  readonly point: PointPrompt | undefined;
}

/** How wrong a mask may be because of what else speaks against it, beside the model's own score. */
const DOUBT_WEIGHT: Readonly<Record<Doubt, number>> = {
  unsure: 0,
  lost: 0.5,
  jump: 0.3,
  disagrees: 0.3,
  overlaps: 0.1,
};

/** The next object and frame to click on: there, the mask is in doubt, and so are many that follow from it. */
export function nextFrame(
  objects: readonly MaskObject[],
  doubts: ReadonlyMap<number, Doubts>,
): NextFrame | undefined {
  let best: { object: MaskObject; frame: number; gain: number; followers: number } | undefined;
  for (const object of objects) {
    const wrong = (frame: number) => wrongness(object, frame, doubts.get(object.id)?.get(frame));
    for (const followed of followedFrames(object)) {
      // From the end of what was followed back: what a correction on a frame gains is known of all frames beyond it. Where a
      // frame is surer than the one before, so much of what is wrong beyond it has another cause.
      let [beyond, after] = [0, 0];
      for (const [at, frame] of followed.reverse().entries()) {
        const here = wrong(frame);
        beyond = here === 0 ? 0 : here + Math.min(1, after / here) * beyond;
        after = here;
        const disagreement = 1 - (object.track.get(frame)?.agreement ?? 1);
        const gain = here * beyond * (1 + disagreement);
        if (gain > (best?.gain ?? 0)) best = { object, frame, gain, followers: at };
      }
    }
  }
  if (best === undefined) return undefined;
  const { object, frame, followers } = best;
  return {
    objectId: object.id,
    ...{ frame, followers },
    doubt: doubts.get(object.id)?.get(frame),
    point: proposedPoint(object, frame),
  };
}

/** An estimate, 0 to 1, of how likely the mask on a frame is wrong; 0 where a person has said what is right. */
function wrongness(object: MaskObject, frame: number, doubt: Doubt | undefined): number {
  const entry = object.track.get(frame);
  if (entry === undefined || entry.status === 'prompted' || isKept(object, frame)) return 0;
  const weight = doubt === undefined ? 0 : DOUBT_WEIGHT[doubt];
  // An empty mask's score says nothing of how sure the model is that the object is gone.
  if (rleArea(entry.mask) === 0) return weight;
  return Math.min(1, 1 - Math.min(1, Math.max(0, entry.score)) + weight);
}

/** The frames that tracking came to one after the other, in its order, from one prompted or kept frame to the next. */
function followedFrames(object: MaskObject): number[][] {
  const entries = [...object.track].sort(([a], [b]) => a - b);
  const isForward = ([frame, { origin }]: [number, FrameMask]) => frame >= (origin ?? 0);
  return [
    ...runsOf(object, entries.filter(isForward), 1),
    ...runsOf(object, entries.filter((entry) => !isForward(entry)).reverse(), -1),
  ];
}

function runsOf(object: MaskObject, entries: readonly [number, FrameMask][], step: 1 | -1): number[][] {
  const runs: number[][] = [];
  let before: number | undefined;
  for (const [frame, { status }] of entries) {
    if (status === 'prompted' || isKept(object, frame)) {
      before = undefined;
      continue;
    }
    if (before === frame - step) runs.at(-1)?.push(frame);
    else runs.push([frame]);
    before = frame;
  }
  return runs;
}

/**
 * A click on what has changed since the frame that tracking came from: on the part that is new, to take it away, or on the part that has
 * gone, to add it; on the mask itself, to confirm it, where neither is large.
 */
function proposedPoint({ track }: MaskObject, frame: number): PointPrompt | undefined {
  const here = track.get(frame);
  if (here === undefined) return undefined;
  const step = frame >= (here.origin ?? 0) ? 1 : -1;
  const before = track.get(frame - step)?.mask;
  const area = rleArea(here.mask);
  const gone = before && subtractRle(before, [here.mask]);
  const come = before && subtractRle(here.mask, [before]);
  const [lost, gained] = [gone ? rleArea(gone) : 0, come ? rleArea(come) : 0];
  const isLarge = Math.max(lost, gained) > CHANGED * area;
  if (gone && isLarge && lost >= gained) return clickOn(gone, 1);
  if (come && isLarge) return clickOn(come, 0);
  return clickOn(here.mask, 1);
}

/** A part is worth a click of its own where it is larger than this share of the mask. */
const CHANGED = 0.3;

/** A click on the middle of the longest column of a mask; none where it is empty. */
function clickOn(mask: MaskRle, label: 0 | 1): PointPrompt | undefined {
  let longest = 0;
  let point: PointPrompt | undefined;
  forEachColumnRun(mask, (x, y, length) => {
    if (length <= longest) return;
    longest = length;
    point = { x: x + 0.5, y: Math.floor(y + length / 2) + 0.5, label };
  });
  return point;
}
