import { formatTable } from '../eval/table.ts';
import type { BenchRun } from './benchRun.ts';
import { STEPS } from './measure.ts';
import type { BenchPair } from './takeTurns.ts';

/** What a tracked frame takes. */
export function printRuns(runs: readonly BenchRun[]): void {
  const name = ({ device, model, precision, objects }: BenchRun) => [device, model, precision, objects];
  const head = ['device', 'model', 'precision', 'objects'];
  console.log('What a tracked frame takes; bytes to and from the GPU\n');
  console.log(
    formatTable(
      [
        ...head,
        'encoder runs',
        'ORT runs',
        'bytes up',
        'bytes down',
        'live bytes',
        'ms',
        'GPU wait',
        'overhead',
      ],
      runs.map((run) => [
        ...name(run),
        ...[run.encoderRunsPerFrame, run.ortRunsPerFrame],
        ...[run.bytesUpPerFrame, run.bytesDownPerFrame, run.liveBytes].map(Math.round),
        ...[run.msPerFrame, run.gpuWaitMsPerFrame].map((milliseconds) => milliseconds.toFixed(1)),
        percent(run.overheadShare),
      ]),
    ),
  );
  console.log('\nMilliseconds by step\n');
  console.log(
    formatTable(
      [...head, ...STEPS],
      runs.map((run) => [...name(run), ...STEPS.map((step) => run.stepMs[step].toFixed(1))]),
    ),
  );
}

/** Two ways to do the same. */
export function printPairs(pairs: readonly BenchPair[]): void {
  console.log('\nTwo ways to do the same, taking turns: medians, and the median of the ratios\n');
  console.log(
    formatTable(
      ['what', 'ours', 'ms', 'against', 'ms', 'turns', 'ratio'],
      pairs.map(({ task, ours, oursMs, baseline, baselineMs, rounds, ratio }) => [
        ...[task, ours, oursMs.toFixed(1), baseline, baselineMs.toFixed(1)],
        ...[rounds, ratio.toFixed(2)],
      ]),
    ),
  );
}

/** A share of 1 as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
