import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** A sentence for the person. */
export interface Notice {
  readonly id: number;
  readonly message: string;
  /** `notice`: news, which passes by itself. `error`: something went wrong; it stays until the person dismisses it. */
  readonly kind: 'notice' | 'error';
  /** What it is about: an open clip's goes with the clip. */
  readonly about: 'clip' | 'app';
  readonly action?: NoticeAction;
}

interface NoticesState {
  readonly notices: readonly Notice[];
}

const MAX_NOTICES = 2;

export const noticesStore = createStore<NoticesState>(() => ({ notices: [] }));

let lastId = 0;

/** One with the same message takes the place of the former; where there are too many, the oldest news gives way first. */
function show(notice: Omit<Notice, 'id'>): number {
  const id = ++lastId;
  noticesStore.setState(({ notices }) => {
    const others = notices.filter(({ message }) => message !== notice.message);
    const all = [...others, { ...notice, id }];
    if (all.length <= MAX_NOTICES) return { notices: all };
    const oldest = others.find(({ kind }) => kind === 'notice') ?? others[0];
    return { notices: all.filter((other) => other !== oldest) };
  });
  return id;
}

/** Tells the person something about the clip or the work on it that is no failure. It passes by itself. Gives the notice's id. */
export function notify(message: string, action?: NoticeAction): number {
  return show({ message, kind: 'notice', about: 'clip', ...(action && { action }) });
}

/** Says what went wrong, until the person dismisses it; what is about the clip only until another one is open. */
export function notifyProblem(
  message: string,
  { about, action }: { about: Notice['about']; action?: NoticeAction },
): void {
  show({ message, kind: 'error', about, ...(action && { action }) });
}

/**
 * Shows what was thrown, unless the person asked for it (cancelled), newer work took its place, or a worker died, which
 * `recovery.ts` tells of for all calls at once.
 */
export function notifyError(thrown: unknown, about: Notice['about'] = 'clip'): void {
  const { code, message } = toMaskletError(thrown);
  if (code === 'aborted' || code === 'superseded' || code === 'worker-crashed') return;
  notifyProblem(message, { about });
}

/** Shows errors that nobody caught: better a strange sentence than silence. To be called once. */
export function watchForErrors(): void {
  addEventListener('unhandledrejection', ({ reason }) => notifyError(reason));
}

/** Takes a notice off the page. */
export function dismissNotice(id: number): void {
  noticesStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** Takes off what was about the clip: another one is open. */
export function clearClipNotices(): void {
  noticesStore.setState(({ notices }) => ({ notices: notices.filter(({ about }) => about !== 'clip') }));
}

/** How long a person is given to read a notice, in milliseconds; nothing where it waits for them. */
export function readingTime({ kind, action, message }: Notice): number | undefined {
  if (kind === 'error' || action) return undefined;
  return 4000 + 60 * message.length;
}
