import { createStore } from 'zustand/vanilla';
import type { PendingDecode } from '../../document/promptedMasks.ts';
import { modelStore } from './modelStore.ts';
import { videoStore } from '../clip/videoStore.ts';

/** What the model is doing on single frames. */
export interface ModelWork {
  /** The prompts whose mask is being decoded. */
  readonly decoding: PendingDecode | undefined;
  /** The frame whose features are computed ahead of the first click; `waiting` until the playhead has settled. */
  readonly preparing: { readonly phase: 'waiting' | 'reading'; readonly frame: number } | undefined;
  /** The last frame that was prepared. */
  readonly preparedFrame: number | undefined;
}

export const modelWorkStore = createStore<ModelWork>(() => ({
  decoding: undefined,
  preparing: undefined,
  preparedFrame: undefined,
}));

/** True if the model is loaded and its worker has the clip. */
export function isModelReady(): boolean {
  return modelStore.getState().phase === 'ready' && videoStore.getState().modelClip === 'ready';
}
