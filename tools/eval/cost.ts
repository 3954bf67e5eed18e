import type { Step } from '../../src/core/census.ts';
import type { EvalClip } from './clips.ts';
import { openSession, stepDifference, type Evaluator } from './evalRun.ts';

/** Numbers of objects that are measured. */
export const COST_OBJECTS = [1, 2, 4, 8] as const;

export interface CostResult {
  readonly objects: number;
  readonly frames: number;
  readonly msPerFrame: number;
  readonly stepMs: Readonly<Partial<Record<Step, number>>>;
  /** All that is neither decoding nor encoding, also what no step counts. */
  readonly trackerMs: number;
  /** Tracker time by encoder time. */
  readonly ratio: number;
}

/**
 * The time of a tracked frame by the number of objects. The objects are the clip's one, several times: all equally large. The
 * prompted frame is not counted, nor is the frame after it, on which the graphs run for the first time.
 */
export async function measureCost(
  evaluator: Evaluator,
  clip: EvalClip,
  objects: number,
  onFrame: (done: number, total: number) => void,
): Promise<CostResult> {
  const { timer } = evaluator;
  const session = openSession(evaluator, clip);
  const prompts = new Map([[0, { points: [], mask: clip.first }]]);
  const list = Array.from({ length: objects }, (_, i) => ({ objectId: i + 1, prompts }));
  let before = timer.totals();
  let begun = 0;
  let frames = 0;
  for await (const { doneFrames, totalFrames } of session.track(list)) {
    onFrame(doneFrames, totalFrames);
    if (doneFrames > 2) {
      frames++;
      continue;
    }
    before = timer.totals();
    begun = performance.now();
  }
  const msPerFrame = (performance.now() - begun) / frames;
  const stepMs = stepDifference(before, timer.totals(), frames);
  const { decode = 0, preprocess = 0, encoder = 0 } = stepMs;
  const trackerMs = msPerFrame - decode - preprocess - encoder;
  return { objects, frames, msPerFrame, stepMs, trackerMs, ratio: trackerMs / encoder };
}
