import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { ModelEvent } from '../../core/protocol/segmenter.ts';
import type { ModelInfo } from '../../core/protocol/model.ts';
import { withoutMasksOfModel } from '../../document/promptedMasks.ts';
import { notify, notifyProblem } from '../page/noticesStore.ts';
import { commitDocument, currentDocument } from '../work/objectsStore.ts';
import { segmenter } from '../workers/workers.ts';

export type ModelState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'loading';
      readonly id: string;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly phase: 'compiling'; readonly id: string }
  | { readonly phase: 'ready'; readonly model: ModelInfo }
  | { readonly phase: 'failed'; readonly message: string; readonly retry: 'Try again' | 'Start again' }
  | { readonly phase: 'cancelled' };

/** The model that comes with the app. */
export const DEFAULT_MODEL = 'embedded';
const CHOICE_KEY = 'masklet-model';

export const modelStore = createStore<ModelState>(() => ({ phase: 'idle' }));

function setModel(state: ModelState): void {
  modelStore.setState(state, true);
}

let loading: AbortController | undefined;
/** The model that a person wants. */
let chosenId: string | undefined;
/** The model that the worker has, which stays where another one fails to load. */
let live: ModelInfo | undefined;
/** The model that the masks in the document are of. */
let masksOf: string | undefined;

/** The model that the masks in the document are of, but for locked ones, which another may have made; nothing before one was loaded. */
export function modelOfMasks(): string | undefined {
  return masksOf;
}

/**
 * Loads a model in place of a load that is running. Its outcome is the store's phase.
 *
 * @param report told why it failed, where another model goes on
 */
export async function loadModel(
  id = chosenId ?? readChoice(),
  report: (message: string) => void = notifyOfModel,
): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  chosenId = id;
  setModel({ phase: 'loading', id, loadedBytes: 0, totalBytes: 0 });
  try {
    for await (const event of segmenter.load(id, controller.signal)) {
      if (loading !== controller) return;
      if (event.type === 'progress') {
        const { loadedBytes, totalBytes } = event;
        setModel({ phase: 'loading', id, loadedBytes, totalBytes });
      } else if (event.type === 'compiling') {
        setModel({ phase: 'compiling', id });
      } else {
        takeModel(event.model);
      }
    }
  } catch (thrown) {
    if (loading !== controller) return;
    const error = toMaskletError(thrown);
    if (error.code === 'worker-crashed') return;
    const isCancelled = error.code === 'aborted';
    if (live) {
      if (!isCancelled) report(error.message);
      chosenId = live.id;
      setModel({ phase: 'ready', model: live });
    } else if (isCancelled) {
      setModel({ phase: 'cancelled' });
    } else {
      goWithout(id, error.message, report);
    }
  } finally {
    if (loading === controller) loading = undefined;
  }
}

/** Where a model cannot run, the embedded one does; where that cannot, the page says so. */
function goWithout(id: string, message: string, report: (message: string) => void): void {
  if (id === DEFAULT_MODEL) {
    failModel(message);
    return;
  }
  report(`${message} The embedded model is used for now.`);
  void loadModel(DEFAULT_MODEL);
}

function notifyOfModel(message: string): void {
  notifyProblem(message, { about: 'app' });
}

/** Prompts are kept and decoded anew by the new model; what was tracked by another one is stale. Undo gives its masks back. */
function takeModel(model: ModelInfo): void {
  live = model;
  saveChoice(model.id);
  const { objects } = currentDocument();
  if (masksOf !== undefined && masksOf !== model.id && objects.some(({ track }) => track.size > 0)) {
    commitDocument(withoutMasksOfModel(currentDocument()), 'change model');
    notify(
      `${model.name} makes the masks of prompted frames anew; tracked masks are stale until they are tracked again. Undo brings back those of the model before.`,
    );
  }
  masksOf = model.id;
  setModel({ phase: 'ready', model });
}

/**
 * The GPU has failed, and the model is started again. The phase is left alone while another model is being loaded, which takes its
 * place.
 */
export function takeModelEvent(event: ModelEvent): void {
  const id = live?.id;
  if (id === undefined) return;
  if (event.type === 'restarting') {
    if (!loading) setModel({ phase: 'compiling', id });
    return;
  }
  live = event.type === 'restarted' ? event.model : undefined;
  if (live) notifyOfModel(event.message);
  if (loading) return;
  if (live) setModel({ phase: 'ready', model: live });
  else goWithout(id, event.message, notifyOfModel);
}

/**
 * The worker died, and the model with it. Where it died of a load, the model before it is the one to start again with: the
 * other one does not fit into this machine's memory.
 */
export function forgetModel(): void {
  const { phase } = modelStore.getState();
  const former = live?.id ?? DEFAULT_MODEL;
  if ((phase === 'loading' || phase === 'compiling') && chosenId !== former) {
    notifyOfModel(
      'The model could not be loaded: its worker stopped, perhaps for lack of memory. The previous model is used.',
    );
    chosenId = former;
  }
  live = undefined;
}

/** Stops loading: the model before goes on, or the page says that there is none, and offers to load it. */
export function cancelModelLoad(): void {
  loading?.abort();
}

/** Says that there is no model, and why. */
export function failModel(message: string, retry: 'Try again' | 'Start again' = 'Try again'): void {
  setModel({ phase: 'failed', message, retry });
}

function readChoice(): string {
  try {
    return localStorage.getItem(CHOICE_KEY) ?? DEFAULT_MODEL;
  } catch {
    return DEFAULT_MODEL;
  }
}

/** Kept once the model has loaded, so that one that does not is not tried at every visit. */
function saveChoice(id: string): void {
  try {
    localStorage.setItem(CHOICE_KEY, id);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
