import { toMaskletError } from '../../core/errors.ts';
import { modelStore } from './modelStore.ts';
import { mayUseModel, onModelTurn } from './modelTurn.ts';
import { isModelReady, modelWorkStore } from './modelWorkStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { noteReading } from '../work/pace.ts';
import { restarts } from '../workers/restarts.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

/** How long the playhead must rest before a frame is read for the model, in milliseconds. */
const SETTLE_TIME = 150;

/** Reads the frame at the playhead ahead of the first click, whenever the model has nothing better to do. */
export function watchForPreparing(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;

  const evaluate = () => {
    const { frame, playing } = playbackStore.getState();
    const { preparing, preparedFrame } = modelWorkStore.getState();
    if (!isModelReady()) {
      clearTimeout(timer);
      if (preparing !== undefined || preparedFrame !== undefined) {
        modelWorkStore.setState({ preparing: undefined, preparedFrame: undefined });
      }
      return;
    }
    if (isReading) return;
    if (playing || preparedFrame === frame || !mayUseModel('preparing')) {
      clearTimeout(timer);
      if (preparing !== undefined) modelWorkStore.setState({ preparing: undefined });
      return;
    }
    if (preparing?.frame === frame) return;
    clearTimeout(timer);
    modelWorkStore.setState({ preparing: { phase: 'waiting', frame } });
    timer = setTimeout(() => void read(frame), SETTLE_TIME);
  };

  const read = async (frame: number) => {
    const { clip } = videoStore.getState();
    const model = modelStore.getState();
    isReading = true;
    modelWorkStore.setState({ preparing: { phase: 'reading', frame } });
    const start = performance.now();
    try {
      await segmenter.prepare(frame);
      noteReading((performance.now() - start) / 1000);
      restarts.segmenter.succeeded();
    } catch (thrown) {
      // Another model took the place of the one that read.
      if (toMaskletError(thrown).code !== 'disposed') notifyError(thrown);
    }
    isReading = false;
    const isCurrent =
      isModelReady() && videoStore.getState().clip === clip && modelStore.getState() === model;
    modelWorkStore.setState({ preparing: undefined, preparedFrame: isCurrent ? frame : undefined });
  };

  const ends = [playbackStore.subscribe(evaluate), onModelTurn(evaluate)];
  return () => {
    clearTimeout(timer);
    ends.forEach((end) => end());
  };
}
