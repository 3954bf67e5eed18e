import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { prompted, runOf, point, tracked, withOneObject } from '../../document/testing/documents.ts';
import { withTrackedFrame } from '../../document/trackedFrame.ts';
import { beginRun } from '../work/trackingStore.ts';
import { hintStore, isBeforeTracking, watchForHints } from './hintStore.ts';

it('leads to Track between the first mask and the first tracked frame', () => {
  expect(isBeforeTracking(EMPTY_DOCUMENT)).toBe(false);
  expect(isBeforeTracking(withNewObject(EMPTY_DOCUMENT).document)).toBe(false);
  const masked = prompted(withOneObject(), 0, point(1));
  expect(isBeforeTracking(masked)).toBe(true);
  const { document, run } = runOf(masked);
  expect(isBeforeTracking(withTrackedFrame(document, run, tracked(1)))).toBe(false);
});

it('is over with the first run', () => {
  watchForHints();
  expect(hintStore.getState().isTrackHintSeen).toBe(false);
  beginRun('track');
  expect(hintStore.getState().isTrackHintSeen).toBe(true);
});
