import { beforeEach, describe, expect, it, vi } from 'vitest';
import { abortedError } from '../../core/errors.ts';
import type { DetailEvent, MaskToDetail } from '../../core/protocol/segmenter.ts';
import { changeObject } from '../../document/document.ts';
import {
  FULL,
  LEFT,
  point,
  prompted,
  SIZE,
  statuses,
  withOneObject,
} from '../../document/testing/documents.ts';
import { resetPlayback } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { segmenter } from '../workers/workers.ts';
import { DETAIL_PASS, startDetailPass } from './detailPass.ts';
import { cancelTracking } from './liveRun.ts';
import {
  commitDocument,
  currentDocument,
  objectsStore,
  resetObjects,
  selectObject,
  undoStep,
} from './objectsStore.ts';
import { trackingStore } from './trackingStore.ts';

vi.mock('../workers/workers.ts', () => ({ segmenter: { detail: vi.fn() } }));

const FRAMES = 6;

/** Answers for each mask of a batch. */
function answer(maskOf: (frame: number) => DetailEvent['mask']) {
  vi.mocked(segmenter.detail).mockImplementation(async function* (
    masks: readonly MaskToDetail[],
    signal?: AbortSignal,
  ) {
    for (const { frame } of masks) {
      await Promise.resolve();
      if (signal?.aborted) throw abortedError();
      yield { frame, mask: maskOf(frame) };
    }
  });
}

beforeEach(() => {
  resetObjects();
  noticesStore.setState({ notices: [] });
  const info = {
    ...{ kind: 'video' as const, codec: 'none', ...SIZE, frameCount: FRAMES, duration: 1 },
    timestamps: new Float64Array(FRAMES),
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info } });
  resetPlayback();
  const document = changeObject(prompted(withOneObject(), 0, point(1)), 1, (object) => ({
    ...object,
    track: object.track.with(
      [1, 2, 3, 4, 5].map((frame) => [frame, { mask: LEFT, status: 'tracked', score: 0.5, origin: 0 }]),
    ),
  }));
  commitDocument(document, 'track');
  selectObject(1);
});

const steps = () => objectsStore.getState().history.past.map(({ label }) => label);

describe('the detail pass', () => {
  it('puts in what is finer, as one step of the history', async () => {
    answer((frame) => (frame % 2 === 1 ? FULL : undefined));
    const before = currentDocument();
    await startDetailPass();
    expect(statuses(currentDocument())).toEqual({
      ...{ 0: 'prompted', 1: 'detailed', 2: 'tracked', 3: 'detailed', 4: 'tracked', 5: 'detailed' },
    });
    expect(trackingStore.getState()).toMatchObject({ phase: 'done', doneFrames: 5, differing: 3 });
    expect(steps()).toEqual(['track', DETAIL_PASS]);
    undoStep();
    expect(currentDocument().objects).toEqual(before.objects);
  });

  it('keeps what was done before it was stopped', async () => {
    answer((frame) => {
      if (frame === 3) cancelTracking();
      return FULL;
    });
    await startDetailPass();
    expect(statuses(currentDocument())).toMatchObject({ 1: 'detailed', 2: 'detailed', 4: 'tracked' });
    expect(trackingStore.getState()).toMatchObject({ phase: 'cancelled', purpose: 'detail' });
  });

  it('is no step of the history where nothing is finer, and says so', async () => {
    answer(() => undefined);
    await startDetailPass();
    expect(steps()).toEqual(['track']);
    expect(noticesStore.getState().notices.map(({ message }) => message)).toEqual([
      'No mask is surely finer in detail: all stay as they are.',
    ]);
  });

  it('ends where its object is deleted meanwhile', async () => {
    answer((frame) => {
      if (frame === 2) commitDocument({ ...currentDocument(), objects: [] }, 'delete');
      return FULL;
    });
    await startDetailPass();
    expect(trackingStore.getState()).toMatchObject({ phase: 'cancelled' });
    expect(currentDocument().objects).toEqual([]);
  });
});
