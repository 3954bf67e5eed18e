import type { ModelCheck } from './protocol/modelCheck.ts';

/** A model that works masks the painted disc better than this, on average and on each frame. */
const LEAST_MEAN = 0.85;
const LEAST_FRAME = 0.7;
/** Masks of one frame on two devices are at least this alike. */
const LEAST_ALIKE = 0.98;

/** What is wrong with a model, as sentences; none where nothing is. */
export function problemsOf({ ious, gpuBesideCpu }: ModelCheck): string[] {
  const mean = meanOf(ious);
  const worst = Math.min(...ious);
  const problems: string[] = [];
  if (!(mean >= LEAST_MEAN && worst >= LEAST_FRAME))
    problems.push(
      `The masks are not the painted disc: their mean IoU is ${share(mean)}, at least ${LEAST_MEAN} is expected, and ${LEAST_FRAME} on each frame.`,
    );
  if ('iou' in gpuBesideCpu && !(gpuBesideCpu.iou >= LEAST_ALIKE))
    problems.push(
      `The graphics card and the processor give different masks: their IoU is ${share(gpuBesideCpu.iou)}, at least ${LEAST_ALIKE} is expected.`,
    );
  return problems;
}

/** The text to send along with a report. @param place the program that the check ran in, and the machine as far as it says */
export function reportOf(check: ModelCheck, place: string): string {
  const { model, ious, milliseconds, graphs, gpuBesideCpu } = check;
  const problems = problemsOf(check);
  const width = Math.max(...graphs.map(({ name }) => name.length), 0);
  return [
    `Masklet, self-check of ${model.name} (${model.id})`,
    `Family ${model.family}, ${model.precision}, on ${model.device}`,
    place,
    '',
    problems.length === 0 ? 'Nothing is wrong.' : problems.join('\n'),
    '',
    `IoU with the painted disc, by frame: ${ious.map(share).join(' ')}`,
    `Mean ${share(meanOf(ious))}, worst ${share(Math.min(...ious))}`,
    'iou' in gpuBesideCpu
      ? `GPU beside CPU on the clicked frame: IoU ${share(gpuBesideCpu.iou)}, largest difference of logits ${gpuBesideCpu.largestDifference.toPrecision(2)}`
      : `GPU beside CPU: not compared. ${gpuBesideCpu.not}`,
    `${ious.length} frames in ${(milliseconds / 1000).toFixed(1)} s`,
    '',
    'Milliseconds a run, by graph (on a graphics card, until the work is handed over):',
    ...graphs.map(
      ({ name, runs, milliseconds: all }) =>
        `  ${name.padEnd(width)}  ${(all / Math.max(runs, 1)).toFixed(1).padStart(8)}  (${runs} runs)`,
    ),
  ].join('\n');
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(value: number): string {
  return value.toFixed(3);
}
