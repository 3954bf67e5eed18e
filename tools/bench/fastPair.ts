import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { FfmpegSource } from '../node/ffmpegSource.ts';
import { loadModel } from '../node/models.ts';
import { CACHE_BYTES, clickedObjects, SAMPLE, SAMPLE_CLICKS } from './benchRun.ts';
import { takeTurns, type BenchPair, type Contender } from './takeTurns.ts';

/**
 * The sample's rabbit followed in Node: the model does anchor frames, and the others are filled in; or it does all of them.
 *
 * @param frames of a run; a fast one has then done the anchor frame behind them as well
 */
export async function fastPair(frames: number, rounds: number): Promise<BenchPair> {
  const [runtime, timer] = [createNodeRuntime(), new StepTimer()];
  const source = await FfmpegSource.open(SAMPLE);
  const model = await loadModel({ model: 'embedded', precision: 'fp32' }, runtime, timer);
  const follow = async (isFast: boolean): Promise<number> => {
    const features = new FeatureCache(source, model, timer, CACHE_BYTES.embedded);
    const run = propagate(
      source,
      model,
      (index, work, frame) => features.use(index, work, frame),
      clickedObjects(SAMPLE_CLICKS, 1),
      new AbortController().signal,
      { settings: { ...DEFAULT_SETTINGS, isFast } },
    );
    const start = performance.now();
    let done = 0;
    for await (const { doneFrames } of run) {
      done = doneFrames;
      if (done >= frames) break;
    }
    const milliseconds = performance.now() - start;
    await features.dispose();
    return milliseconds / done;
  };
  const contender = (name: string, isFast: boolean): Contender => ({ name, run: () => follow(isFast) });
  try {
    const [fast, full] = [contender('Node, tracked fast', true), contender('Node, tracked', false)];
    return await takeTurns('a frame of one object', fast, full, rounds);
  } finally {
    source.dispose();
    await model.dispose();
  }
}
