import { videoStore } from '../clip/videoStore.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { promptsToDecode } from '../work/pendingPrompts.ts';
import { proposalsStore } from '../work/proposalsStore.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { modelStore } from './modelStore.ts';
import { isModelReady, modelWorkStore } from './modelWorkStore.ts';

/** What the one model is wanted for. */
export type ModelUse = 'tracking' | 'prompts' | 'proposals' | 'preparing' | 'preview' | 'elsewhere';

/** What others wait for. Nothing waits for a search in other clips, which goes on for minutes while a person works. */
type WaitedFor = Exclude<ModelUse, 'preview' | 'elsewhere'>;

/**
 * What each use waits for; the first are the most urgent. Prompts and proposals do not wait for each other, nor prompts for a run:
 * the worker does the one between two parts of the other.
 */
const WAITS_FOR: Readonly<Record<ModelUse, readonly WaitedFor[]>> = {
  tracking: [],
  prompts: [],
  proposals: ['tracking'],
  preparing: ['tracking', 'prompts', 'proposals'],
  preview: ['tracking', 'prompts', 'proposals', 'preparing'],
  elsewhere: ['tracking', 'prompts', 'proposals', 'preparing'],
};

/** Whether the model is wanted. */
const IS_WANTED: Readonly<Record<WaitedFor, () => boolean>> = {
  tracking: () => trackingStore.getState().phase === 'running',
  prompts: () => modelWorkStore.getState().decoding !== undefined || promptsToDecode().length > 0,
  proposals: () => proposalsStore.getState().phase === 'finding',
  preparing: () => modelWorkStore.getState().preparing?.phase === 'reading',
};

/** True if the model is ready, and not wanted for anything more urgent. */
export function mayUseModel(use: ModelUse): boolean {
  return isModelReady() && !WAITS_FOR[use].some((other) => IS_WANTED[other]());
}

/** Calls `listener` whenever it may be another's turn. Returns what ends that. */
export function onModelTurn(listener: () => void): () => void {
  const stores = [modelStore, videoStore, trackingStore, objectsStore, proposalsStore, modelWorkStore];
  const ends = stores.map((store) => store.subscribe(listener));
  return () => ends.forEach((end) => end());
}
