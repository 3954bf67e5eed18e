import type { Step } from '../../src/core/census.ts';
import type { CostResult } from './cost.ts';
import { reportDoubt, spearman, type Flagging, type Judged } from './doubt.ts';
import type { ClipResult } from './evalRun.ts';
import { PAUSE_BELOW, type InteractiveResult } from './interactive.ts';
import type { MarkedResult } from './marked.ts';
import { jAndF, mean } from './measures.ts';
import { formatTable, milliseconds, share } from './table.ts';
import type { TrialCounts } from './trial.ts';

const STEPS: readonly Step[] = ['decode', 'preprocess', 'encoder', 'memory', 'decoder', 'mask'];

/** Below these IoUs a frame counts as bad. */
const BAD = [0.5, 0.75] as const;

/** The frames whose mask the tracker had to judge itself: those without prompts on which it found the object. */
function judgedFrames(results: readonly ClipResult[]): Judged[] {
  return results.flatMap(({ frames }) =>
    frames
      .filter(({ status }) => status === 'tracked' || status === 'detailed')
      .map(({ score, j }) => ({ score, iou: j })),
  );
}

/** Prints quality and time of each clip, and how well the scores tell bad frames. */
export function printQuality(results: readonly ClipResult[], doubt: number): void {
  const average = (of: (result: ClipResult) => number) => mean(results.map(of));
  console.log(
    formatTable(
      ['clip', 'frames', 'J', 'F', 'J&F', 'ms/frame', ...STEPS],
      [
        ...results.map((result) => [
          result.clip,
          result.frames.length,
          share(result.j),
          share(result.f),
          share(jAndF(result)),
          milliseconds(result.msPerFrame),
          ...STEPS.map((step) => milliseconds(result.stepMs[step])),
        ]),
        [
          'mean',
          results.reduce((sum, { frames }) => sum + frames.length, 0),
          share(average(({ j }) => j)),
          share(average(({ f }) => f)),
          share(average(jAndF)),
          milliseconds(average(({ msPerFrame }) => msPerFrame)),
          ...STEPS.map((step) => milliseconds(average(({ stepMs }) => stepMs[step] ?? 0))),
        ],
      ],
    ),
  );
  printFilledIn(results);
  printDoubt(judgedFrames(results), doubt);
}

/** How many frames of a fast run the model did. */
function printFilledIn(results: readonly ClipResult[]): void {
  const modelled = ({ frames }: ClipResult) =>
    frames.filter(({ status }) => status !== 'interpolated').length;
  const shares = results.map((result) => modelled(result) / result.frames.length);
  if (shares.every((each) => each === 1)) return;
  const each = results.map(({ clip }, i) => `${clip} ${share(shares[i] ?? 1)}`).join(', ');
  console.log(`\nThe model did ${share(mean(shares))} of the frames: ${each}.`);
}

function printDoubt(frames: readonly Judged[], doubt: number): void {
  const correlation = spearman(frames.map(({ score, iou }) => [score, iou] as const));
  console.log(`\n${frames.length} tracked frames; Spearman of score and IoU ${share(correlation)}`);
  const row = (name: string, { threshold, precision, recall, flagged }: Flagging) => [
    name,
    share(threshold),
    flagged,
    share(precision),
    share(recall),
  ];
  const rows = BAD.flatMap((badBelow) => {
    const { bad, best, fixed } = reportDoubt(frames, badBelow, doubt);
    const name = `IoU < ${badBelow} (${bad})`;
    return [row(`${name}, --doubt`, fixed), ...(best ? [row(`${name}, best`, best)] : [])];
  });
  console.log(formatTable(['flagging', 'score <', 'flagged', 'precision', 'recall'], rows));
}

/** Prints how planted trials were stood, where there are any. */
export function printTrials(results: readonly ClipResult[]): void {
  const trials = results.flatMap(({ clip, trial }) => (trial ? [{ clip, ...trial }] : []));
  if (trials.length === 0) return;
  const of = (count: number, all: number) => `${count} of ${all}`;
  const row = (clip: string, counts: readonly TrialCounts[]) => {
    const sum = (name: keyof TrialCounts) => counts.reduce((total, trial) => total + trial[name], 0);
    return [
      clip,
      of(sum('leftEmpty'), sum('hidden')),
      of(sum('falseEmpty'), sum('clear')),
      of(sum('foundAgain'), sum('returns')),
      of(sum('switched'), sum('clear')),
    ];
  };
  const rows = [...trials.map((trial) => row(trial.clip, [trial])), row('all', trials)];
  console.log(
    `\n${formatTable(['trial', 'hidden left empty', 'false empty', 'found again', 'on the twin'], rows)}`,
  );
}

/** Prints how well objects that look alike were told apart where all of them are marked. */
export function printMarked(results: readonly MarkedResult[]): void {
  const of = (count: number, all: number) => `${count} of ${all}`;
  const row = (clip: string, quality: number, trials: readonly TrialCounts[]) => {
    const sum = (name: keyof TrialCounts) => trials.reduce((total, trial) => total + trial[name], 0);
    return [
      ...[clip, share(quality), of(sum('switched'), sum('clear')), of(sum('falseEmpty'), sum('clear'))],
      ...[of(sum('leftEmpty'), sum('hidden')), of(sum('foundAgain'), sum('returns'))],
    ];
  };
  const rows = results.map((result) => row(result.clip, jAndF(result), result.trials));
  const every = results.flatMap(({ trials }) => trials);
  rows.push(row('all', mean(results.map(jAndF)), every));
  const columns = ['clip', 'J&F', 'on another object', 'false empty', 'hidden left empty', 'found again'];
  console.log(formatTable(columns, rows));
}

/** Prints J&F against the number of rounds of clicks. A clip that needs no more keeps its last value. */
export function printInteractive(results: readonly InteractiveResult[]): void {
  const rounds = Math.max(...results.map(({ steps }) => steps.length));
  const rows = Array.from({ length: rounds }, (_, round) => {
    const steps = results.flatMap(({ steps: all }) => all[round] ?? all.at(-1) ?? []);
    return [
      round + 1,
      mean(steps.map(({ annotatedFrames }) => annotatedFrames)).toFixed(1),
      mean(steps.map(({ clicks }) => clicks)).toFixed(1),
      ...steps.map((step) => share(jAndF(step))),
      share(mean(steps.map(jAndF))),
    ];
  });
  console.log('J&F, all frames of each clip');
  console.log(formatTable(['round', 'frames', 'clicks', ...results.map(({ clip }) => clip), 'mean'], rows));
  const corrections = results.flatMap(({ steps }) => steps.slice(1).map(({ holds }) => holds));
  if (corrections.length > 0)
    console.log(
      `${corrections.length} corrected frames; from each, ${mean(corrections).toFixed(1)} frames in the mean until an IoU below ${PAUSE_BELOW} or the end`,
    );
}

/** Prints what a tracked frame takes by number of objects, as a whole and by part, in milliseconds. */
export function printCost(results: readonly CostResult[]): void {
  console.log(`Milliseconds a frame, ${results[0]?.frames ?? 0} tracked frames`);
  console.log(
    formatTable(
      ['objects', 'ms/frame', ...STEPS, 'tracker', 'tracker/encoder'],
      results.map(({ objects, msPerFrame, stepMs, trackerMs, ratio }) => [
        objects,
        milliseconds(msPerFrame),
        ...STEPS.map((step) => milliseconds(stepMs[step])),
        milliseconds(trackerMs),
        share(ratio),
      ]),
    ),
  );
}
