import { createStore } from 'zustand/vanilla';
import type { FrameRange } from '../../core/frameRanges.ts';
import { openDialog } from '../page/uiStore.ts';
import type { LongRun } from './pace.ts';

/** A run that would take over five minutes, and what a person can make of it. */
export interface LongRunQuestion extends LongRun {
  /** The part of it that takes about five minutes. */
  readonly part: FrameRange;
  readonly runAll: () => void;
  /** Sets the marks to the part, and tracks that. */
  readonly runPart: () => void;
}

export const longRunStore = createStore<{ readonly question: LongRunQuestion | undefined }>(() => ({
  question: undefined,
}));

/** Says how long a run would take, and asks whether it is to begin. */
export function askAboutRun(question: LongRunQuestion): void {
  longRunStore.setState({ question });
  openDialog('longRun');
}

/** The person begins the run, or a part of it, or neither. */
export function answerLongRun(answer: 'all' | 'part' | 'none'): void {
  const { question } = longRunStore.getState();
  longRunStore.setState({ question: undefined });
  openDialog(undefined);
  if (answer === 'all') question?.runAll();
  if (answer === 'part') question?.runPart();
}
