import type { FramePrompts } from '../../src/core/prompts.ts';
import { emptyRle, rleArea, rleIou, type MaskRle } from '../../src/core/rle.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import type { TrackingSession } from '../node/trackingSession.ts';
import { nextClick } from './clicks.ts';
import type { EvalClip } from './clips.ts';
import { chosenFrame, type NextRule } from './nextRule.ts';
import { followOne, openSession, type Evaluator } from './evalRun.ts';
import { mean, measure, type Quality } from './measures.ts';

/**
 * Interactive evaluation as in the SAM 2 paper (section 6.1 and appendix F.1): a simulated person places clicks where masks
 * are wrong. It measures the correction flow together with the tracker.
 */
export const INTERACTIVE = ['offline', 'online'] as const;
export type Interactive = (typeof INTERACTIVE)[number];

/** Offline: rounds of clicks. Online: pauses, the first frame not counted. */
const ROUNDS = 8;
export const CLICKS = 3;
/** A frame below this IoU went wrong: online, it makes the person pause. */
export const PAUSE_BELOW = 0.75;

/** The state of a clip after some frames were annotated. The quality is the mean over all frames. */
export interface InteractiveStep extends Quality {
  readonly annotatedFrames: number;
  readonly clicks: number;
  /** The frame that was clicked on last. */
  readonly frame: number;
  /** Frames from that one on, itself included, until one goes wrong or the clip ends. */
  readonly holds: number;
}

export interface InteractiveResult {
  readonly clip: string;
  readonly steps: readonly InteractiveStep[];
}

/**
 * Plays a person who clicks where masks are wrong, round by round, and measures the clip after each.
 *
 * @param how `offline`: a rule says which frame is clicked next; `online`: the next one that goes wrong
 * @param next which rule: `worst` knows the truth, the others only what the app knows
 */
export async function evaluateInteractive(
  evaluator: Evaluator,
  clip: EvalClip,
  how: Interactive,
  next: NextRule,
  onFrame: (done: number, total: number) => void,
): Promise<InteractiveResult> {
  const session = openSession(evaluator, clip);
  const prompts = new Map<number, FramePrompts>();
  const steps: InteractiveStep[] = [];
  let masks: readonly MaskRle[] = [];
  let frame: number | undefined = 0;
  const rounds = how === 'offline' ? ROUNDS : ROUNDS + 1;
  while (frame !== undefined && steps.length < rounds) {
    await annotate(session, prompts, frame, masks[frame], clip);
    const tracked = await followOne(session, prompts, onFrame);
    const paused: number = frame;
    // Online, what lies before the pause has been passed.
    masks = tracked.map(({ mask }, i) => (how === 'online' && i < paused ? (masks[i] ?? mask) : mask));
    const wrong = nextPause(masks, clip, paused);
    const holds = (wrong ?? clip.truth.length) - paused;
    steps.push({ ...overall(masks, clip), frame, holds, ...effort(prompts) });
    frame = how === 'online' ? wrong : choose(next, tracked, prompts, paused, clip);
  }
  return { clip: clip.name, steps };
}

/** Adds three clicks on one frame. Clicks on a tracked frame correct its mask. */
async function annotate(
  session: TrackingSession,
  prompts: Map<number, FramePrompts>,
  frame: number,
  current: MaskRle | undefined,
  { truth, source: { info } }: EvalClip,
): Promise<void> {
  const mask = current ?? emptyRle(info);
  const said = prompts.get(frame) ?? { points: [], ...(rleArea(mask) > 0 && { prior: mask }) };
  const { prompts: all } = await clickOn(
    session,
    { frame, prompts: said, mask },
    truth[frame] ?? emptyRle(info),
  );
  prompts.set(frame, all);
}

/** A frame's mask, and the prompts that gave it. */
interface Clicked {
  readonly frame: number;
  readonly prompts: FramePrompts;
  readonly mask: MaskRle;
}

/**
 * Clicks three times on a frame, each time where the mask that the clicks before gave is most wrong; less often if nothing is. Gives all
 * prompts, and the mask after each click.
 */
export async function clickOn(
  session: TrackingSession,
  { frame, prompts, mask }: Clicked,
  wanted: MaskRle,
): Promise<{ readonly prompts: FramePrompts; readonly masks: readonly MaskRle[] }> {
  let said = prompts;
  const masks = [mask];
  for (let click = 0; click < CLICKS; click++) {
    const point = nextClick(masks.at(-1) ?? mask, wanted);
    if (!point) break;
    said = { ...said, points: [...said.points, point] };
    masks.push((await session.segment(frame, said)).mask);
  }
  return { prompts: said, masks: masks.slice(1) };
}

/** The next frame to click on by a rule. Where the mask is right, the person clicks nothing, and goes on to the rule's next choice. */
function choose(
  rule: NextRule,
  tracked: readonly TrackedObject[],
  prompts: ReadonlyMap<number, FramePrompts>,
  frame: number,
  clip: EvalClip,
): number | undefined {
  const masks = tracked.map(({ mask }) => mask);
  if (rule === 'worst') return worstFrame(masks, clip);
  const ious = frameIous(masks, clip.truth);
  const looked = new Set<number>();
  let found: number | undefined = frame;
  do {
    found = chosenFrame(rule, tracked, prompts, looked, found);
    if (found === undefined || looked.has(found)) return undefined;
    looked.add(found);
  } while (ious[found] === 1);
  return found;
}

/** The frame with the lowest IoU; `undefined` if all are perfect. */
function worstFrame(masks: readonly MaskRle[], { truth }: EvalClip): number | undefined {
  const ious = frameIous(masks, truth);
  const worst = Math.min(...ious);
  return worst < 1 ? ious.indexOf(worst) : undefined;
}

/** The first frame after `paused` at which a person would stop; `undefined` if there is none. */
function nextPause(masks: readonly MaskRle[], { truth }: EvalClip, paused: number): number | undefined {
  const next = frameIous(masks, truth).findIndex((iou, i) => i > paused && iou < PAUSE_BELOW);
  return next < 0 ? undefined : next;
}

function frameIous(masks: readonly MaskRle[], truth: readonly MaskRle[]): number[] {
  return truth.map((wanted, i) => rleIou(masks[i] ?? emptyRle(wanted), wanted));
}

function overall(masks: readonly MaskRle[], { truth }: EvalClip): Quality {
  const frames = truth.map((wanted, i) => measure(masks[i] ?? emptyRle(wanted), wanted));
  return { j: mean(frames.map(({ j }) => j)), f: mean(frames.map(({ f }) => f)) };
}

function effort(prompts: ReadonlyMap<number, FramePrompts>): { annotatedFrames: number; clicks: number } {
  const clicks = [...prompts.values()].reduce((sum, { points }) => sum + points.length, 0);
  return { annotatedFrames: prompts.size, clicks };
}
