import { emptyRle, rleIou } from '../../src/core/rle.ts';
import { EMPTY_DOCUMENT } from '../../src/document/document.ts';
import {
  followEverything,
  LOOK_EVERY,
  quietWorkplace,
} from '../../src/document/everything/followEverything.ts';
import { findShots } from '../node/shots.ts';
import { modelOf } from '../track/everythingRun.ts';
import type { EvalClip } from './clips.ts';
import { openSession, type Evaluator } from './evalRun.ts';
import { mean } from './measures.ts';
import { formatTable, share } from './table.ts';

/** Mean IoUs from which on the true object counts as found. */
const FOUND = [0.5, 0.75] as const;

export interface EverythingResult {
  readonly clip: string;
  readonly frames: number;
  /** Masklets that were found, 255 at most, and those that were worth keeping. */
  readonly found: number;
  readonly kept: number;
  /** Mean over all frames of the IoU of the true object and the kept masklet that shows it best. */
  readonly best: number;
  readonly seconds: number;
}

/** Finds all things in a clip and follows them, and measures how well one of them is the true object. */
export async function evaluateEverything(
  evaluator: Evaluator,
  clip: EvalClip,
  onFrame: (done: number, total: number) => void,
): Promise<EverythingResult> {
  const session = openSession(evaluator, clip);
  const { frameCount } = clip.source.info;
  const begun = performance.now();
  const scope = {
    frameCount,
    range: { first: 0, last: frameCount - 1 },
    shots: await findShots(clip.source),
    every: LOOK_EVERY,
  };
  const place = quietWorkplace({ ...EMPTY_DOCUMENT, settings: evaluator.settings });
  const { signal } = new AbortController();
  for await (const { doneStretches, totalStretches } of followEverything(
    place,
    scope,
    modelOf(session),
    signal,
  ))
    onFrame(Math.round((frameCount * doneStretches) / totalStretches), frameCount);
  const { objects, lastId } = place.document;
  const likeness = objects.map(({ track }) =>
    mean(clip.truth.map((truth, frame) => rleIou(track.get(frame)?.mask ?? emptyRle(truth), truth))),
  );
  return {
    clip: clip.name,
    frames: frameCount,
    found: lastId,
    kept: objects.length,
    best: Math.max(0, ...likeness),
    seconds: (performance.now() - begun) / 1000,
  };
}

/** Prints how well the true object was found in each clip, and in how many of them. */
export function printEverything(results: readonly EverythingResult[]): void {
  const rows = results.map(({ clip, frames, found, kept, best, seconds }) => [
    ...[clip, frames, found, kept, share(best)],
    seconds.toFixed(0),
  ]);
  const average = (of: (result: EverythingResult) => number) => mean(results.map(of));
  rows.push([
    ...['mean', results.reduce((sum, { frames }) => sum + frames, 0)],
    ...[average(({ found }) => found).toFixed(1), average(({ kept }) => kept).toFixed(1)],
    ...[share(average(({ best }) => best)), average(({ seconds }) => seconds).toFixed(0)],
  ]);
  console.log(formatTable(['clip', 'frames', 'found', 'kept', 'best IoU', 'seconds'], rows));
  for (const least of FOUND) {
    const recall = mean(results.map(({ best }) => Number(best >= least)));
    console.log(`recall at a mean IoU of ${least}: ${share(recall)}`);
  }
}
