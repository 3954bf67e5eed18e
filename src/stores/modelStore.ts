import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../core/errors.ts';
import type { ModelInfo } from '../core/protocol.ts';
import { segmenter } from './workers.ts';

export type ModelState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'loading'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly phase: 'compiling' }
  | { readonly phase: 'ready'; readonly model: ModelInfo }
  | { readonly phase: 'failed'; readonly message: string; readonly retry: 'Try again' | 'Start again' }
  | { readonly phase: 'cancelled' };

const MODEL_ID = 'embedded';

export const modelStore = createStore<ModelState>(() => ({ phase: 'idle' }));

function setModel(state: ModelState): void {
  modelStore.setState(state, true);
}

let loading: AbortController | undefined;

/** Loads the model in place of a load that is running. Its outcome is the store's phase. */
export async function loadModel(): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  setModel({ phase: 'loading', loadedBytes: 0, totalBytes: 0 });
  try {
    for await (const event of segmenter.load(MODEL_ID, controller.signal)) {
      if (loading !== controller) return;
      if (event.type === 'progress') {
        setModel({ phase: 'loading', loadedBytes: event.loadedBytes, totalBytes: event.totalBytes });
      } else if (event.type === 'compiling') {
        setModel({ phase: 'compiling' });
      } else {
        setModel({ phase: 'ready', model: event.model });
      }
    }
  } catch (thrown) {
    if (loading !== controller) return;
    const error = toMaskletError(thrown);
    if (error.code === 'aborted') setModel({ phase: 'cancelled' });
    else if (error.code !== 'worker-crashed') failModel(error.message);
  } finally {
    if (loading === controller) loading = undefined;
  }
}

/** Stops loading; the page says that there is no model, and offers to load it. */
export function cancelModelLoad(): void {
  loading?.abort();
}

/** Says that there is no model, and why. */
export function failModel(message: string, retry: 'Try again' | 'Start again' = 'Try again'): void {
  setModel({ phase: 'failed', message, retry });
}
