import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';

/** Something that went wrong, in a sentence, until the person dismisses it. */
export interface Notice {
  readonly id: number;
  readonly message: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface NoticesState {
  readonly notices: readonly Notice[];
}

const MAX_NOTICES = 2;

export const noticesStore = createStore<NoticesState>(() => ({ notices: [] }));

let lastId = 0;

/** Shows a notice; one with the same message takes the place of the former. */
export function notify(message: string, action?: Notice['action']): void {
  const notice: Notice = { id: ++lastId, message, ...(action && { action }) };
  noticesStore.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.message !== message), notice].slice(-MAX_NOTICES),
  }));
}

/**
 * Shows what was thrown, unless the person asked for it (cancelled), newer work took its place, or a worker died, which
 * `recovery.ts` tells of for all calls at once.
 */
export function notifyError(thrown: unknown): void {
  const { code, message } = toMaskletError(thrown);
  if (code === 'aborted' || code === 'superseded' || code === 'worker-crashed') return;
  notify(message);
}

/** Shows errors that nobody caught: better a strange sentence than silence. To be called once. */
export function watchForErrors(): void {
  addEventListener('unhandledrejection', ({ reason }) => notifyError(reason));
}

/** Takes a notice off the page. */
export function dismissNotice(id: number): void {
  noticesStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
