import { rleArea, rleIou } from '../../src/core/rle.ts';
import type { EvalClip } from './clips.ts';
import { followOne, openSession, type Evaluator } from './evalRun.ts';
import { CLICKS, clickOn } from './interactive.ts';
import { mean } from './measures.ts';
import { startPrompts, shownFrame, type Beginning } from './starts.ts';
import { formatTable, share } from './table.ts';

/** Frames from one that is corrected to the next. */
const EVERY = 10;
/** A mask that loses more IoU by a click has got worse. */
const WORSE = 0.02;

/** What clicks did to one tracked mask. */
export interface Correction {
  readonly clip: string;
  readonly frame: number;
  /** IoU of the tracked mask, and of the mask after each click. */
  readonly before: number;
  readonly after: readonly number[];
}

/** Follows a clip's object, and corrects every tenth of its masks by itself: nothing is tracked again. */
export async function evaluateCorrections(
  evaluator: Evaluator,
  clip: EvalClip,
  beginning: Beginning,
  onFrame: (done: number, total: number) => void,
): Promise<readonly Correction[]> {
  const session = openSession(evaluator, clip);
  const shown = shownFrame(clip, beginning);
  const prompts = await startPrompts(beginning.init, shown, session);
  const tracked = await followOne(session, new Map([[shown.frame, prompts]]), onFrame);
  const corrections: Correction[] = [];
  for (let frame = EVERY; frame < clip.truth.length; frame += EVERY) {
    const [prior, wanted] = [tracked[frame]?.mask, clip.truth[frame]];
    if (!prior || !wanted || rleArea(prior) === 0 || rleArea(wanted) === 0) continue;
    const { masks } = await clickOn(session, { frame, prompts: { points: [], prior }, mask: prior }, wanted);
    const before = rleIou(prior, wanted);
    const ious = masks.map((mask) => rleIou(mask, wanted));
    // Where no click is left to be made, the mask stays.
    const after = Array.from({ length: CLICKS }, (_, i) => ious[i] ?? ious.at(-1) ?? before);
    corrections.push({ clip: clip.name, frame, before, after });
  }
  return corrections;
}

/** Prints the mean IoU before and after each click, and how many masks the first one made worse, by clip and by how right they were. */
export function printCorrections(results: readonly Correction[]): void {
  const clips = [...new Set(results.map(({ clip }) => clip))];
  const groups: [string, (each: Correction) => boolean][] = [
    ...clips.map((name): (typeof groups)[number] => [name, ({ clip }) => clip === name]),
    ['IoU from .9', ({ before }) => before >= 0.9],
    ['IoU .75 to .9', ({ before }) => before >= 0.75 && before < 0.9],
    ['IoU below .75', ({ before }) => before < 0.75],
    ['all', () => true],
  ];
  const rows = groups.flatMap(([name, isIn]) => {
    const found = results.filter(isIn);
    if (found.length === 0) return [];
    const worse = found.filter(({ before, after }) => (after[0] ?? before) < before - WORSE);
    return [
      [
        ...[name, found.length, share(mean(found.map(({ before }) => before)))],
        ...Array.from({ length: CLICKS }, (_, i) => share(mean(found.map(({ after }) => after[i] ?? 0)))),
        worse.length,
      ],
    ];
  });
  console.log(formatTable(['masks', 'n', 'tracked', '1 click', '2 clicks', '3 clicks', 'worse'], rows));
}
