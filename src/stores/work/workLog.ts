import { withLogEntry, type LogEntry, type LogKind } from '../../core/workLog.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';

/** Without any input for this long, a person does something else, in milliseconds. */
const IDLE = 30_000;

/** Entries that wait to be saved; more are not held. */
const MOST_WAITING = 10_000;

/** By what a person is known to be at work. */
const INPUTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

let waiting: readonly LogEntry[] = [];
/** When the last entry was made, and the last input came. */
let lastAt = 0;
let lastInput: number | undefined;
/** Milliseconds at work since the last entry. */
let active = 0;

/** Counts the time in which a person moves the pointer or presses keys. To be called once. */
export function watchActivity(): void {
  for (const type of INPUTS)
    addEventListener(type, () => noteInput(Date.now()), { capture: true, passive: true });
}

/** A person does something with the page. @param now in milliseconds since 1970 */
export function noteInput(now: number): void {
  const since = now - (lastInput ?? now);
  if (since > 0 && since < IDLE) active += since;
  lastInput = now;
}

/** Notes what was done, with when and where. Nothing is noted while no clip is open. */
export function logWork(
  kind: LogKind,
  what: string,
  { detail = null, object = null }: Partial<Pick<LogEntry, 'detail' | 'object'>> = {},
): void {
  if (videoStore.getState().clip === undefined) return;
  lastAt = Math.max(Date.now(), lastAt + 1);
  const { frame } = playbackStore.getState();
  const next = { at: lastAt, kind, what, detail, frame, object, count: 1, active };
  waiting = withLogEntry(waiting, next).slice(-MOST_WAITING);
  active = 0;
}

/** What was not saved yet, the oldest first. */
export function waitingLog(): readonly LogEntry[] {
  return waiting;
}

/** These entries are in the storage. */
export function logSaved(entries: readonly LogEntry[]): void {
  const saved = new Set(entries);
  // One that was counted up since is written again, in place of itself.
  waiting = waiting.filter((entry) => !saved.has(entry));
}

/** Another clip comes: what was done with the one before is no longer waited for. */
export function forgetLog(): void {
  waiting = [];
  active = 0;
}
