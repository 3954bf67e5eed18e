/** A value and the values before and after it, for undo and redo. Every change gives a new history. */
export interface History<T> {
  readonly past: readonly Step<T>[];
  readonly present: T;
  readonly future: readonly Step<T>[];
}

/** One thing that a person did. In the past, `value` is the state before it; in the future, the state after it. */
export interface Step<T> {
  readonly label: string;
  readonly value: T;
}

/** How many steps can be undone. */
export const HISTORY_LIMIT = 100;

/** A history with nothing to undo or redo. */
export function newHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** A step to `next`, which can be undone. A value that did not change is no step. */
export function commit<T>(history: History<T>, next: T, label: string): History<T> {
  if (next === history.present) return history;
  const past = [...history.past, { label, value: history.present }].slice(-HISTORY_LIMIT);
  return { past, present: next, future: [] };
}

/** One step back; unchanged if there is none. */
export function undo<T>(history: History<T>): History<T> {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: step.value,
    future: [{ label: step.label, value: history.present }, ...history.future],
  };
}

/** One step forward again; unchanged if nothing was undone. */
export function redo<T>(history: History<T>): History<T> {
  const step = history.future[0];
  if (step === undefined) return history;
  return {
    past: [...history.past, { label: step.label, value: history.present }],
    present: step.value,
    future: history.future.slice(1),
  };
}

/** The history after its first `steps` steps, whether they are behind the present or before it; as far as there are any. */
export function jump<T>(history: History<T>, steps: number): History<T> {
  let next = history;
  while (next.past.length > steps) next = undo(next);
  while (next.past.length < steps && next.future.length > 0) next = redo(next);
  return next;
}

/**
 * Applies `change` to every value, past and future ones too: for results that arrive late and belong to whichever
 * values they were computed from. `change` returns its argument where it does not apply.
 */
export function mapHistory<T>(history: History<T>, change: (value: T) => T): History<T> {
  let changed = false;
  const apply = (value: T) => {
    const next = change(value);
    changed ||= next !== value;
    return next;
  };
  const applyStep = (step: Step<T>) => {
    const value = apply(step.value);
    return value === step.value ? step : { label: step.label, value };
  };
  const next = {
    past: history.past.map(applyStep),
    present: apply(history.present),
    future: history.future.map(applyStep),
  };
  return changed ? next : history;
}
