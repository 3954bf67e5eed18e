import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import { reopenInPlayer } from '../clip/openClip.ts';
import { stage } from '../workers/workers.ts';

export interface StageState {
  /** `canvas`: the UI thread draws frame and masks. `gpu`: a worker draws both. */
  readonly renderer: 'canvas' | 'gpu';
}

export const stageStore = createStore<StageState>(() => ({ renderer: 'canvas' }));

/**
 * Has the stage drawn with a GPU where there is one. For tests, `?stage=software` in the page's address lets an emulated one count,
 * and `?stage=canvas` lets none.
 */
export async function startStage(): Promise<void> {
  const wish = new URLSearchParams(location.search).get('stage');
  if (wish === 'canvas' || !('gpu' in navigator)) return;
  try {
    if (!(await stage.open(wish === 'software'))) return;
    stageStore.setState({ renderer: 'gpu' });
    leaveGpu(await stage.failure());
  } catch (thrown) {
    const { code, message } = toMaskletError(thrown);
    // Else it was left already.
    if (code !== 'disposed') leaveGpu(message);
  }
}

/**
 * Goes on without the GPU for as long as the page is open: what failed once may fail again and again. Pictures that the player keeps
 * may have been lost with it, and are decoded anew.
 */
export function leaveGpu(reason: string): void {
  const wasInUse = stageStore.getState().renderer === 'gpu';
  stageStore.setState({ renderer: 'canvas' });
  stage.stop();
  console.warn(`The stage is drawn without the GPU: ${reason}`);
  if (!wasInUse) return;
  notifyProblem('The graphics card stopped working, so the frame is drawn without it. Your work is kept.', {
    about: 'app',
  });
  void reopenInPlayer();
}
