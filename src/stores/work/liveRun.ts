import { toMaskletError } from '../../core/errors.ts';
import { RUN_BEGINS } from '../../core/workLog.ts';
import type { MaskDocument } from '../../document/document.ts';
import { pause } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { keepRun } from '../project/keptRuns.ts';
import { amendDocuments, commitDocument, currentDocument, objectsStore } from './objectsStore.ts';
import { beginRun, finishRun, trackingStore, type RunPurpose } from './trackingStore.ts';
import { logWork } from './workLog.ts';

/** A run that is going on: it puts what it makes into the document, as one step of the history. */
export interface LiveRun {
  /** The number by which the document knows it. */
  readonly id: number;
  readonly signal: AbortSignal;
  /** Whether it is a step of the history, as it is from the first thing on that is put in. */
  readonly isInHistory: boolean;
  /** Changes the document, and all its past and future states that contain the run. */
  put(change: (document: MaskDocument) => MaskDocument): void;
}

interface RunKind {
  readonly purpose: RunPurpose;
  /** What its step of the history is called. */
  readonly label: string;
  /** Whether it has nothing left to put anything into; it ends then. */
  readonly isGone: (document: MaskDocument, live: LiveRun) => boolean;
  /** Numbers of the objects whose masks it has made. They are kept beside the history when it ends. */
  readonly made: () => readonly number[];
}

let running: AbortController | undefined;
/** What is to be done once the run that is going on has ended. */
let afterRun: (() => void) | undefined;

/** Whether a run is going on. */
export function isRunning(): boolean {
  return running !== undefined;
}

/** Ends the run that is going on. The masks that it made stay. */
export function cancelTracking(): void {
  running?.abort();
}

/** Ends the run that is going on, if there is one, and does something else then. */
export function insteadOfRun(next: () => void): void {
  if (running === undefined) return next();
  afterRun = next;
  cancelTracking();
}

/**
 * Does a run, if none is going on: shows how far it is, and says what went wrong. What is done stays, however it ends.
 *
 * @param work gives how it ended
 */
export async function doRun(
  { purpose, label, isGone, made }: RunKind,
  work: (live: LiveRun) => Promise<'done' | 'paused' | 'cancelled'>,
): Promise<void> {
  if (running !== undefined) return;
  const { clip } = videoStore.getState();
  const controller = new AbortController();
  running = controller;
  const id = newRunId();
  let isInHistory = false;
  const live: LiveRun = {
    id,
    signal: controller.signal,
    get isInHistory() {
      return isInHistory;
    },
    put(change) {
      if (!isInHistory) commitDocument({ ...currentDocument(), trackRun: id }, label);
      isInHistory = true;
      amendDocuments((document) => (document.trackRun === id ? change(document) : document));
    },
  };
  pause();
  beginRun(purpose);
  logWork('run', label, { detail: RUN_BEGINS });
  const unwatch = objectsStore.subscribe(() => {
    if (isGone(currentDocument(), live)) controller.abort();
  });
  try {
    finishRun(await work(live));
  } catch (thrown) {
    finishRun(toMaskletError(thrown).code === 'aborted' ? 'cancelled' : 'failed');
    notifyError(thrown);
  } finally {
    unwatch();
    logWork('run', label, { detail: describeEnd() });
    if (isInHistory) void keepRun(label, made());
    running = undefined;
    if (videoStore.getState().clip !== clip) trackingStore.setState({ phase: 'idle' }, true);
  }
  const next = afterRun;
  afterRun = undefined;
  next?.();
}

/** How the run that has just ended did so. */
function describeEnd(): string {
  const state = trackingStore.getState();
  return state.phase === 'idle' ? state.phase : `${state.phase}; ${state.doneFrames} frames`;
}

/** A number that no run has which the document's past or future contains. */
function newRunId(): number {
  const { past, present, future } = objectsStore.getState().history;
  const values = [...past, ...future].map(({ value }) => value);
  return 1 + Math.max(...[present, ...values].map(({ trackRun }) => trackRun));
}
