/** The Node part of the benchmark: takes a `BenchTask` as JSON, prints `BenchRun`s. */
import { availableParallelism } from 'node:os';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { FfmpegSource } from '../node/ffmpegSource.ts';
import { checkPrecision, loadModel } from '../node/models.ts';
import {
  CACHE_BYTES,
  clickedObjects,
  SAMPLE,
  SAMPLE_CLICKS,
  type BenchRun,
  type BenchTask,
} from './benchRun.ts';
import { measure } from './measure.ts';

const { objects, frames, warmUp, replay: _, ...task } = JSON.parse(process.argv[2] ?? '') as BenchTask;
const [runtime, timer] = [createNodeRuntime(), new StepTimer()];
const subject = {
  ...{ runtime, timer },
  model: await loadModel({ model: task.model, precision: checkPrecision(task.precision) }, runtime, timer),
  source: await FfmpegSource.open(SAMPLE),
  objects: (count: number) => clickedObjects(SAMPLE_CLICKS, count),
  cacheBytes: CACHE_BYTES.embedded,
};
const label = `CPU, ${availableParallelism()} threads`;
if (warmUp > 0) await measure(subject, 1, warmUp);
const runs: BenchRun[] = [];
for (const count of objects)
  runs.push({ ...task, label, replayed: [], ...(await measure(subject, count, frames)) });
console.log(JSON.stringify(runs));
