import { expect, it } from 'vitest';
import {
  EMPTY_DOCUMENT,
  withLock,
  withName,
  withNewObject,
  withoutObject,
  type MaskDocument,
} from './document.ts';
import { withRestored } from './restoredObjects.ts';
import { FULL, LEFT, point, prompted, runOf, statuses, tracked, withOneObject } from './testing/documents.ts';
import { withTrackedFrame } from './trackedFrame.ts';

/** Object 1, clicked on frame 3 and followed on frames 4 to 6. */
function followed(): MaskDocument {
  const { document, run } = runOf(prompted(withOneObject(), 3, point(1)));
  return [4, 5, 6].reduce((each, frame) => withTrackedFrame(each, run, tracked(frame)), document);
}

it('an object has the prompts and masks of then again, and the name of now', () => {
  const then = followed();
  const now = withName(prompted(then, 5, point(0)), 1, 'Disc');
  expect(statuses(now)).toEqual({ 3: 'prompted', 4: 'stale', 5: 'prompted', 6: 'stale' });
  const restored = withRestored(now, then.objects);
  expect(statuses(restored)).toEqual(statuses(then));
  expect(restored.objects[0]).toMatchObject({ name: 'Disc' });
  expect([...restored.objects[0]!.prompts.keys()]).toEqual([3]);
});

it('locked frames keep what they have', () => {
  const then = followed();
  const now = withLock(prompted(then, 5, point(0)), 1, { first: 5, last: 6 }, true);
  const [object] = withRestored(now, then.objects).objects;
  expect(object!.track.get(5)).toMatchObject({ mask: FULL, status: 'prompted' });
  expect(object!.track.get(6)!.status).toBe('stale');
  expect(object!.track.get(4)!.mask).toBe(LEFT);
  expect(new Set(object!.prompts.keys())).toEqual(new Set([3, 5]));
  expect(object!.decoded.get(5)).toBe(object!.prompts.get(5));
});

it('an object that was deleted comes back', () => {
  const then = followed();
  const now = withNewObject(withoutObject(then, 1)).document;
  const restored = withRestored(now, then.objects);
  expect(restored.objects.map(({ id }) => id)).toEqual([2, 1]);
  expect(statuses(restored)).toEqual(statuses(then));
  expect(withRestored(EMPTY_DOCUMENT, then.objects).lastId).toBe(1);
});
