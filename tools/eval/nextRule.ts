import { doubtfulFrames, nearestDoubtful } from '../../src/core/doubt.ts';
import { DoubtIndex } from '../../src/core/doubtIndex.ts';
import type { FrameMask } from '../../src/core/frameMask.ts';
import { MaskTrack } from '../../src/core/maskTrack.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskObject } from '../../src/document/document.ts';
import { nextFrame } from '../../src/document/nextFrame.ts';

/** How the frame that is clicked next is chosen. */
export const NEXT_RULES = ['worst', 'doubtful', 'gain'] as const;
export type NextRule = (typeof NEXT_RULES)[number];

/**
 * The frame that the app would go to next, from what it knows: the next doubtful frame, or the one where a click is expected to gain
 * most. `undefined` if it would go to none.
 *
 * @param tracked an object's mask on each frame
 * @param looked frames that were looked at and found right
 * @param frame the one that was clicked on last
 */
export function chosenFrame(
  rule: Exclude<NextRule, 'worst'>,
  tracked: readonly TrackedObject[],
  prompts: ReadonlyMap<number, FramePrompts>,
  looked: ReadonlySet<number>,
  frame: number,
): number | undefined {
  const object = objectOf(tracked, prompts, looked);
  const doubts = new DoubtIndex().of([object]);
  if (rule === 'gain') return nextFrame([object], doubts)?.frame;
  const open = doubtfulFrames(doubts, (_, at) => prompts.has(at) || looked.has(at));
  return nearestDoubtful(open, frame, tracked.length, 'next')?.frame;
}

function objectOf(
  tracked: readonly TrackedObject[],
  prompts: ReadonlyMap<number, FramePrompts>,
  looked: ReadonlySet<number>,
): MaskObject {
  const [empty] = withNewObject(EMPTY_DOCUMENT).document.objects;
  if (empty === undefined) throw new RangeError('A new document takes an object.');
  const origin = Math.min(...prompts.keys());
  const entries = tracked.map(({ mask, score, status }, at): [number, FrameMask] => [
    at,
    { mask, score, status, ...(status !== 'prompted' && { origin }) },
  ]);
  const reviewed = [...looked].map((at) => ({ first: at, last: at }));
  return { ...empty, prompts, reviewed, track: MaskTrack.EMPTY.with(entries) };
}
