import { modelStore } from '../model/modelStore.ts';

/** A run may take this long without a question, in seconds. */
const LONG_RUN = 300;
/** What is faster, in seconds, was at hand. */
const LEAST_READING = 0.05;

interface Pace {
  readonly modelId: string;
  readonly secondsPerFrame: number;
  /** Whether it is that of a run; else only of reading a frame for the model, which is the least that a frame takes. */
  readonly isOfRun: boolean;
}

let measured: Pace | undefined;

function modelId(): string | undefined {
  const model = modelStore.getState();
  return model.phase === 'ready' ? model.model.id : undefined;
}

/** Notes how long the model took for a frame of a run. */
export function notePace(secondsPerFrame: number): void {
  const id = modelId();
  if (id !== undefined) measured = { modelId: id, secondsPerFrame, isOfRun: true };
}

/**
 * Notes how long the model took to read a frame: all that is known of its pace before its first run. The shortest reading counts, for
 * the first one takes longer; but not that of a frame which was at hand.
 */
export function noteReading(seconds: number): void {
  const id = modelId();
  if (id === undefined || seconds < LEAST_READING) return;
  const former = measured?.modelId === id ? measured : undefined;
  if (former && (former.isOfRun || former.secondsPerFrame <= seconds)) return;
  measured = { modelId: id, secondsPerFrame: seconds, isOfRun: false };
}

/** A run that is going to take long. */
export interface LongRun {
  readonly frames: number;
  readonly seconds: number;
  /** How many frames take about five minutes. */
  readonly framesInTime: number;
}

/** What is known of a run of so many frames, if it would take over five minutes at the pace that was measured. */
export function longRunOf(frames: number): LongRun | undefined {
  if (measured === undefined || measured.modelId !== modelId()) return undefined;
  const seconds = frames * measured.secondsPerFrame;
  if (seconds <= LONG_RUN) return undefined;
  return { frames, seconds, framesInTime: Math.max(1, Math.floor(LONG_RUN / measured.secondsPerFrame)) };
}
