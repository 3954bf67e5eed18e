import { beforeEach, expect, it, vi } from 'vitest';
import { encodeRle } from '../../core/rle.ts';
import type { SegmentRequest } from '../../core/protocol/segmenter.ts';
import { EMPTY_DOCUMENT, findObject, withNewObject } from '../../document/document.ts';
import { pendingDecodes, withPrompts, withSegmentation } from '../../document/promptedMasks.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { segmenter } from '../workers/workers.ts';
import {
  commitDocument,
  currentDocument,
  objectsStore,
  resetObjects,
  selectObject,
  undoStep,
} from './objectsStore.ts';
import { readingsOn, readingsStore, showNextReading } from './readings.ts';

const SIZE = { width: 40, height: 1 };
/** The first so many pixels. */
const mask = (pixels: number) =>
  encodeRle(
    Uint8Array.from({ length: 40 }, (_, at) => Number(at < pixels)),
    SIZE,
  );

vi.mock('../workers/workers.ts', () => ({ segmenter: { segment: vi.fn() } }));

/** A single click that is answered, and what the model says to each of its readings. */
function click(areas: readonly number[]): void {
  vi.mocked(segmenter.segment).mockImplementation(({ prompts }: SegmentRequest) =>
    Promise.resolve({ mask: mask(areas[prompts.reading ?? 0] ?? 0), score: 0.9 }),
  );
  resetObjects();
  readingsStore.setState({ found: undefined });
  noticesStore.setState({ notices: [] });
  const document = withPrompts(withNewObject(EMPTY_DOCUMENT).document, 1, 0, {
    points: [{ x: 1, y: 0, label: 1 }],
  });
  const [pending] = pendingDecodes(document);
  commitDocument(withSegmentation(document, pending!, { mask: mask(areas[0]!), score: 0.9 }), 'point');
  selectObject(1);
}

const shown = () => findObject(currentDocument(), 1)?.track.get(0)?.mask;
const place = () => {
  const on = readingsOn(readingsStore.getState().found, objectsStore.getState(), 0);
  return on && `${on.chosen + 1} of ${on.readings.length}`;
};

beforeEach(() => vi.clearAllMocks());

it('offers each mask once, round and round, and looks for them once', async () => {
  click([10, 20, 20, 30, 30]);
  await showNextReading();
  expect([shown(), place()]).toEqual([mask(20), '2 of 3']);
  await showNextReading();
  expect([shown(), place()]).toEqual([mask(30), '3 of 3']);
  await showNextReading();
  expect([shown(), place()]).toEqual([mask(10), '1 of 3']);
  expect(segmenter.segment).toHaveBeenCalledTimes(4);
  expect(pendingDecodes(currentDocument())).toEqual([]);
  undoStep();
  expect([shown(), place()]).toEqual([mask(30), '3 of 3']);
});

it('says so where there is one mask only', async () => {
  click([20, 20, 20, 20, 20]);
  await showNextReading();
  expect([shown(), place()]).toEqual([mask(20), '1 of 1']);
  expect(noticesStore.getState().notices[0]?.message).toContain('one thing only');
});

it('is of that click: another one has readings of its own', async () => {
  click([10, 20, 30, 35, 40]);
  await showNextReading();
  commitDocument(withPrompts(currentDocument(), 1, 0, { points: [{ x: 2, y: 0, label: 1 }] }), 'point');
  expect(place()).toBeUndefined();
});
