/**
 * `npm run bench`: milliseconds a frame by stage, on the sample clip, in Chromium and in Node, and peak memory.
 *
 *     npm run bench -- [--frames N] [--only chromium|node] [--precision fp32,int8] [--json FILE]
 *
 * Both follow the rabbit from a click on frame 40, with the same code and weights. Machines are noisy: compare within one
 * run, and quote ratios.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Precision } from '../workers/models/manifestParts.ts';
import { STAGES, type BenchRun } from './bench/benchRun.ts';
import { benchChromium } from './bench/chromium.ts';
import { benchNode } from './bench/nodeProcess.ts';
import { checkPrecision } from './node/models.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '10' },
    only: { type: 'string' },
    precision: { type: 'string', default: 'fp32' },
    json: { type: 'string' },
  },
});
const frames = Number(values.frames);
if (!Number.isInteger(frames) || frames < 1 || frames > 90) {
  console.error(`--frames is a whole number from 1 to 90, not “${values.frames}”.`);
  process.exit(2);
}
if (values.only !== undefined && values.only !== 'chromium' && values.only !== 'node') {
  console.error(`--only is chromium or node, not “${values.only}”.`);
  process.exit(2);
}

let precisions: Precision[];
try {
  precisions = values.precision.split(',').map(checkPrecision);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

const runs: BenchRun[] = [];
for (const precision of precisions) {
  if (values.only !== 'node') runs.push(await benchChromium(frames, precision));
  if (values.only !== 'chromium') runs.push(await benchNode(frames, precision));
}
printTable(runs);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ runs }, null, 2)}\n`);

/** One column for each place, one row for each stage. */
function printTable(columns: readonly BenchRun[]): void {
  const cell = (text: string) => text.padStart(18);
  const row = (name: string, value: (run: BenchRun) => string) =>
    console.log(name.padEnd(16) + columns.map((run) => cell(value(run))).join(''));
  console.log(`\nMilliseconds a frame, ${frames} tracked frames of the sample (1280×720), one object\n`);
  row('', label);
  row('device', ({ device }) => device);
  for (const stage of STAGES) row(stage, ({ stageMs }) => stageMs[stage].toFixed(1));
  row('all', ({ msPerFrame }) => msPerFrame.toFixed(1));
  row('peak memory', ({ peakBytes }) =>
    peakBytes === null ? 'unknown' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
  );
  const [first, ...others] = columns;
  for (const run of first ? others : []) {
    const ratio = run.stageMs.encoder / (first?.stageMs.encoder ?? NaN);
    console.log(
      `\nThe encoder’s time in ${label(run)} is ${ratio.toFixed(2)} of that in ${first ? label(first) : ''}.`,
    );
  }
}

function label({ place, precision }: BenchRun): string {
  return `${place}, ${precision}`;
}
