import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { ModelCheck } from '../../core/protocol/modelCheck.ts';
import { segmenter } from '../workers/workers.ts';

export type ModelCheckState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly done: number; readonly total: number }
  | { readonly phase: 'comparing' }
  | { readonly phase: 'checked'; readonly check: ModelCheck }
  | { readonly phase: 'failed'; readonly message: string };

export const modelCheckStore = createStore<ModelCheckState>(() => ({ phase: 'idle' }));

function setState(state: ModelCheckState): void {
  modelCheckStore.setState(state, true);
}

let running: AbortController | undefined;

/** Checks the model that runs on a painted clip. Its outcome is the store's phase. */
export async function checkModel(): Promise<void> {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  setState({ phase: 'running', done: 0, total: 1 });
  try {
    for await (const event of segmenter.checkModel(controller.signal)) {
      if (running !== controller) return;
      if (event.type === 'frame') setState({ phase: 'running', done: event.done, total: event.total });
      else if (event.type === 'comparing') setState({ phase: 'comparing' });
      else setState({ phase: 'checked', check: event.check });
    }
  } catch (thrown) {
    if (running === controller) setState({ phase: 'failed', message: toMaskletError(thrown).message });
  }
}

/** Ends a check that is running, and forgets what was found. */
export function endModelCheck(): void {
  running?.abort();
  running = undefined;
  setState({ phase: 'idle' });
}
