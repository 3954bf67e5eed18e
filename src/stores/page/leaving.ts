import { createStore } from 'zustand/vanilla';
import { hasWork } from '../../document/document.ts';
import { exportStore } from '../work/exportStore.ts';
import { isKept, projectStore } from '../project/projectStore.ts';
import { notify } from './noticesStore.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { openDialog } from './uiStore.ts';

interface LeavingState {
  /** What is to be opened if the person gives up the work that is there. */
  readonly next: { readonly name: string; readonly open: () => void } | undefined;
}

export const leavingStore = createStore<LeavingState>(() => ({ next: undefined }));

/** Whether there is anything to lose: work on the page, or work that was undone and can be done again. */
function hasAnyWork(): boolean {
  const { present, future } = objectsStore.getState().history;
  return hasWork(present) || future.some(({ value }) => hasWork(value));
}

/** Opens something at once where no work would be lost by it, as it is in a project; else asks first. */
export function openUnlessWorkIsLost(name: string, open: () => void): void {
  const isAsked = hasAnyWork() && !isKept();
  if (!isAsked && exportStore.getState().phase !== 'running') {
    open();
    return;
  }
  // Its dialog stays until all is written.
  if (exportStore.getState().phase === 'running') {
    notify(`“${name}” was not opened because an export is running. Open it again when the export is done.`);
    return;
  }
  leavingStore.setState({ next: { name, open } });
  openDialog('leave');
}

/** The person keeps the work, or gives it up for what is to be opened. */
export function decideOnWork(isKept: boolean): void {
  const { next } = leavingStore.getState();
  leavingStore.setState({ next: undefined });
  openDialog(undefined);
  if (!isKept) next?.open();
}

/** Once the export is over that the person wanted first, asks again. */
export function askAgainAfterExport(): void {
  if (leavingStore.getState().next !== undefined) openDialog('leave');
}

/** Whether closing the page now loses nothing. */
function isSafe(): boolean {
  const { saved, heldSince } = projectStore.getState();
  return saved === 'saved' || heldSince !== undefined;
}

/** Has the browser ask before the page is closed or reloaded with work in it. To be called once. */
export function watchForLeaving(): void {
  addEventListener('beforeunload', (event) => {
    if (hasAnyWork() && !isSafe()) event.preventDefault();
  });
}
