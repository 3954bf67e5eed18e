import { NO_PROMPTS, READINGS, type FramePrompts } from '../../src/core/prompts.ts';
import { decodeRle, rleBounds, rleIou, type MaskRle } from '../../src/core/rle.ts';
import type { TrackingSession } from '../node/trackingSession.ts';
import { deepestCell } from './clicks.ts';

/** How an object is shown to the tracker on the first frame. */
export const STARTS = ['mask', 'click', 'choice', 'box'] as const;
export type Start = (typeof STARTS)[number];

/**
 * The prompts that stand for a person on the first frame: its true mask; one click at the point deepest inside it; that click
 * and then the best of the readings that the app offers; or the mask's box.
 */
export async function startPrompts(
  start: Start,
  truth: MaskRle,
  session: TrackingSession,
): Promise<FramePrompts> {
  if (start === 'mask') return { points: [], mask: truth };
  if (start === 'box') {
    const box = rleBounds(truth);
    return box ? { points: [], box } : NO_PROMPTS;
  }
  const click: FramePrompts = { points: [{ ...deepestCell(decodeRle(truth), truth), label: 1 }] };
  return start === 'click' ? click : bestReading(click, truth, session);
}

async function bestReading(
  click: FramePrompts,
  truth: MaskRle,
  session: TrackingSession,
): Promise<FramePrompts> {
  let best = click;
  let bestIou = -1;
  for (let reading = 0; reading < READINGS; reading++) {
    const prompts = { ...click, reading };
    const iou = rleIou((await session.segment(0, prompts)).mask, truth);
    if (iou <= bestIou) continue;
    bestIou = iou;
    best = prompts;
  }
  return best;
}
