import { createStore } from 'zustand/vanilla';
import type { MaskDocument } from '../../document/document.ts';
import { trackingStore } from '../work/trackingStore.ts';

const SEEN_KEY = 'masklet-track-hint';

interface HintState {
  /** Whether the hint that leads to Track has done its work, on this visit or an earlier one. */
  readonly isTrackHintSeen: boolean;
}

export const hintStore = createStore<HintState>(() => ({ isTrackHintSeen: false }));

/** Takes what was seen on an earlier visit, and puts the hint away for good at the first run. To be called once. */
export function watchForHints(): void {
  if (readSeen()) hintStore.setState({ isTrackHintSeen: true });
  trackingStore.subscribe(({ phase }) => {
    if (phase === 'running' && !hintStore.getState().isTrackHintSeen) dismissTrackHint();
  });
}

/** Puts the hint away; it does not come back. */
export function dismissTrackHint(): void {
  hintStore.setState({ isTrackHintSeen: true });
  try {
    localStorage.setItem(SEEN_KEY, 'seen');
  } catch {
    // Storage may be forbidden; the hint then comes back with the next visit.
  }
}

/** Whether a person has a mask and nothing that was tracked: the moment to be led to Track. */
export function isBeforeTracking({ objects }: MaskDocument): boolean {
  const counts = objects.map(({ track }) => track.counts);
  const isTracked = counts.some(({ prompted: _, ...others }) =>
    Object.values(others).some((count) => count > 0),
  );
  return !isTracked && counts.some(({ prompted }) => prompted > 0);
}

function readSeen(): boolean {
  try {
    return localStorage.getItem(SEEN_KEY) !== null;
  } catch {
    return false;
  }
}
