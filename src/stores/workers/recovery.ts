import type { MaskletError } from '../../core/errors.ts';
import {
  cancelModelLoad,
  failModel,
  forgetModel,
  loadModel,
  modelStore,
  takeModelEvent,
} from '../model/modelStore.ts';
import { dismissNotice, notify, notifyError, notifyProblem } from '../page/noticesStore.ts';
import { openInSegmenter, reopenInPlayer } from '../clip/openClip.ts';
import { restarts } from './restarts.ts';
import { videoStore } from '../clip/videoStore.ts';
import { startTracking } from '../work/tracking.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { onModelSilence, onWorkerCrash, segmenter } from './workers.ts';

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
  const endSilence = onModelSilence(tellSilence);
  return () => {
    end();
    endSilence();
    watching?.abort();
  };
}

let silence: number | undefined;

/** Whether the model's worker is stuck or busy, only a person can say. */
function tellSilence(isSilent: boolean): void {
  if (silence !== undefined) dismissNotice(silence);
  silence = isSilent
    ? notify('The model has not answered for a minute. If it is stuck, restart it: your work is kept.', {
        label: 'Restart the model',
        run: restartModel,
      })
    : undefined;
}

let isAsked = false;

/** Ends the model's worker, whatever it is doing, and starts it again. */
export function restartModel(): void {
  isAsked = true;
  restarts.segmenter.succeeded();
  segmenter.restart();
  isAsked = false;
}

/** How long a load that was cancelled may take to end, in milliseconds. */
const CANCELLING = 15_000;

/** Stops loading a model. A worker that does not even hear of it is started again. */
export async function cancelLoad(): Promise<void> {
  const { phase } = modelStore.getState();
  cancelModelLoad();
  if (phase !== 'loading' && phase !== 'compiling') return;
  if (!(await segmenter.answersWithin(CANCELLING))) restartModel();
}

function recoverSegmenter(error: MaskletError): void {
  const wasTracking = trackingStore.getState().phase === 'running';
  forgetModel();
  videoStore.setState({ modelClip: 'none' });
  if (restarts.segmenter.mayRestart()) {
    const goOn = { label: 'Go on tracking', run: () => void startTracking('needed') };
    const action = wasTracking ? goOn : undefined;
    if (isAsked) notify('The model is being started again. Your work is kept.', action);
    else notifyProblem(error.message, { about: 'app', ...(action && { action }) });
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
