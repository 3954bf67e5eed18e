import type { MaskDocument } from '../document.ts';
import type { History } from '../history.ts';

/** The states of a history in a line, the oldest first. */
export interface States {
  /** The position of the oldest. It grows as old states are given up. */
  readonly oldest: number;
  readonly documents: readonly MaskDocument[];
  /** What led to each state; empty for the oldest. */
  readonly labels: readonly string[];
  /** Index of the present one in `documents`. */
  readonly present: number;
}

/** A history in a line. @param oldest the position of its oldest state */
export function statesOf({ past, present, future }: History<MaskDocument>, oldest: number): States {
  return {
    oldest,
    documents: [...past.map(({ value }) => value), present, ...future.map(({ value }) => value)],
    labels: ['', ...past.map(({ label }) => label), ...future.map(({ label }) => label)],
    present: past.length,
  };
}

/** The history that a line of states stands for. */
export function historyOf({ documents, labels, present }: States): History<MaskDocument> {
  const step = (at: number, label: number) => {
    const value = documents[at];
    if (value === undefined) throw new RangeError(`There is no state ${at} of ${documents.length}.`);
    return { label: labels[label] ?? '', value };
  };
  const indices = Array.from(documents.keys());
  return {
    past: indices.slice(0, present).map((at) => step(at, at + 1)),
    present: step(present, present).value,
    future: indices.slice(present + 1).map((at) => step(at, at)),
  };
}

/**
 * Gives the states of a history their positions, so that states that were there before keep theirs. Nothing if the history has
 * nothing to do with the former one.
 */
export function follow(former: States, history: History<MaskDocument>): States | undefined {
  const next = statesOf(history, former.oldest);
  const positions = new Map(former.documents.map((document, at) => [document, former.oldest + at]));
  for (const [at, document] of next.documents.entries()) {
    const position = positions.get(document);
    if (position === undefined) continue;
    const oldest = position - at;
    return oldest < former.oldest ? undefined : { ...next, oldest };
  }
  return next;
}
