import { NO_PROMPTS, READINGS, type FramePrompts } from '../../src/core/prompts.ts';
import { decodeRle, rleArea, rleBounds, rleIou, type MaskRle } from '../../src/core/rle.ts';
import { deepestCell } from '../../workers/tracker/masks/shape.ts';
import type { TrackingSession } from '../node/trackingSession.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';
import { maskOf } from './painting.ts';

/** How an object is shown to the tracker. */
export const STARTS = ['mask', 'click', 'choice', 'box'] as const;
export type Start = (typeof STARTS)[number];

export interface Beginning {
  readonly init: Start;
  /** The object is shown on the last frame and followed back to the first, instead of the other way. */
  readonly backward: boolean;
  /** The object is shown on this frame, followed to the last, and then from there back to the first. */
  readonly shown: number | 'middle' | undefined;
}

/** The frame that the object is shown on, and its true mask there. */
export interface ShownFrame {
  readonly frame: number;
  readonly truth: MaskRle;
}

/** @throws UsageError if there is no such frame, or the object is not on it. */
export function shownFrame(
  { name, truth }: Pick<EvalClip, 'name' | 'truth'>,
  { backward, shown }: Pick<Beginning, 'backward' | 'shown'>,
): ShownFrame {
  const last = truth.length - 1;
  const frame = shown === 'middle' ? Math.floor(last / 2) : (shown ?? (backward ? last : 0));
  if (frame > last) throw new UsageError(`${name} has no frame ${frame}: its last one is ${last}.`);
  const mask = maskOf(truth, frame);
  if (rleArea(mask) === 0) throw new UsageError(`The mask of frame ${frame} of ${name} is empty.`);
  return { frame, truth: mask };
}

/**
 * The prompts that stand for a person on the shown frame: its true mask; one click at the point deepest inside it; that click
 * and then the best of the readings that the app offers; or the mask's box.
 */
export async function startPrompts(
  start: Start,
  shown: ShownFrame,
  session: TrackingSession,
): Promise<FramePrompts> {
  const { truth } = shown;
  if (start === 'mask') return { points: [], mask: truth };
  if (start === 'box') {
    const box = rleBounds(truth);
    return box ? { points: [], box } : NO_PROMPTS;
  }
  const { width, height } = truth;
  const inside = deepestCell({ width, height, data: decodeRle(truth) });
  const click: FramePrompts = { points: [{ ...inside, label: 1 }] };
  return start === 'click' ? click : bestReading(click, shown, session);
}

async function bestReading(
  click: FramePrompts,
  { frame, truth }: ShownFrame,
  session: TrackingSession,
): Promise<FramePrompts> {
  let best = click;
  let bestIou = -1;
  for (let reading = 0; reading < READINGS; reading++) {
    const prompts = { ...click, reading };
    const iou = rleIou((await session.segment(frame, prompts)).mask, truth);
    if (iou <= bestIou) continue;
    bestIou = iou;
    best = prompts;
  }
  return best;
}
