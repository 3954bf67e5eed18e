import type { MaskletError } from '../../core/errors.ts';
import { failModel, forgetModel, loadModel, modelStore, takeModelEvent } from '../model/modelStore.ts';
import { notifyError, notifyProblem } from '../page/noticesStore.ts';
import { openInSegmenter, reopenInPlayer } from '../clip/openClip.ts';
import { restarts } from './restarts.ts';
import { videoStore } from '../clip/videoStore.ts';
import { onWorkerCrash, segmenter } from './workers.ts';

/**
 * Brings back a worker that died, with its model and clip; the work is in the stores and was never its own. An export that
 * dies tells of it in its dialog. A GPU that fails is the segmenter's own to bring back: only what comes of it is taken here. Returns
 * what ends the watch.
 */
export function watchWorkers(): () => void {
  void watchModel();
  const end = onWorkerCrash((worker, error) => {
    if (worker === 'segmenter') recoverSegmenter(error);
    else if (worker === 'player') recoverPlayer(error);
  });
  return () => {
    end();
    watching?.abort();
  };
}

function recoverSegmenter(error: MaskletError): void {
  forgetModel();
  videoStore.setState({ modelClip: 'none' });
  if (restarts.segmenter.mayRestart()) {
    notifyProblem(error.message, { about: 'app' });
    startSegmenter();
    return;
  }
  failModel(
    'The model stopped several times in a row, so it was not started again. Your work is kept. ' +
      'Close other tabs or programs to free memory, then start it again.',
    'Start again',
  );
}

let watching: AbortController | undefined;

/** Hears what becomes of the model in the segmenter that runs now, until that ends or another one is watched. */
async function watchModel(): Promise<void> {
  watching?.abort();
  watching = new AbortController();
  try {
    for await (const event of segmenter.watchModel(watching.signal)) takeModelEvent(event);
  } catch (thrown) {
    notifyError(thrown, 'app');
  }
}

function startSegmenter(): void {
  void watchModel();
  if (modelStore.getState().phase !== 'cancelled') void loadModel();
  openInSegmenter().catch(notifyError);
}

function recoverPlayer(error: MaskletError): void {
  if (restarts.player.mayRestart()) {
    notifyProblem(error.message, { about: 'app' });
    void reopenInPlayer();
    return;
  }
  notifyProblem(
    'The decoder stopped several times in a row, so it was not started again. Your work is kept.',
    {
      about: 'app',
      action: {
        label: 'Start again',
        run: () => {
          restarts.player.succeeded();
          void reopenInPlayer();
        },
      },
    },
  );
}

/** Loads the model again because a person asks for it, whatever happened before. */
export function retryModel(): void {
  const { modelClip } = videoStore.getState();
  restarts.segmenter.succeeded();
  void watchModel();
  void loadModel();
  if (modelClip === 'none') openInSegmenter().catch(notifyError);
}
