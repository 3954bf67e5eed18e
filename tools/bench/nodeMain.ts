/** The Node half of the benchmark: prints a `BenchRun` as JSON. */
import { availableParallelism } from 'node:os';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { StageTimer } from '../../workers/tracker/stageTimer.ts';
import { FfmpegSource } from '../node/ffmpegSource.ts';
import { loadEmbeddedModel } from '../node/embeddedModel.ts';
import { checkPrecision } from '../node/models.ts';
import { TrackingSession } from '../node/trackingSession.ts';
import { CLICK, perFrame, SAMPLE, type BenchRun } from './benchRun.ts';

const frames = Number(process.argv[2]);
const precision = checkPrecision(process.argv[3] ?? '');
const timer = new StageTimer();
const model = await loadEmbeddedModel(createNodeRuntime(), timer, precision);
const session = new TrackingSession({ model, source: await FfmpegSource.open(SAMPLE), timer });
const prompts = new Map([[CLICK.frame, { points: [{ x: CLICK.x, y: CLICK.y, label: 1 as const }] }]]);

let before = timer.totals();
let start = performance.now();
for await (const { doneFrames } of session.track([{ objectId: 1, prompts }])) {
  // The prompted frame is not tracked.
  if (doneFrames === 1) {
    before = timer.totals();
    start = performance.now();
  }
  if (doneFrames > frames) break;
}
const run: BenchRun = {
  place: 'Node',
  precision,
  device: `CPU, ${availableParallelism()} threads`,
  frames,
  stageMs: perFrame(before, timer.totals(), frames),
  msPerFrame: (performance.now() - start) / frames,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(run));
