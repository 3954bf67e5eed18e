import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, type MaskDocument } from './document.ts';
import { commit, newHistory } from './history.ts';
import { withinBytes } from './historyBytes.ts';
import { FULL, withOneObject } from './testing/documents.ts';

/** A document whose object has 100 masks of its own. */
function tracked(document: MaskDocument): MaskDocument {
  const masks = Array.from(
    { length: 100 },
    (_, frame) =>
      [frame, { mask: { ...FULL, counts: FULL.counts.slice() }, status: 'tracked', score: 1 }] as const,
  );
  return {
    ...document,
    objects: document.objects.map((object) => ({ ...object, track: object.track.with(masks) })),
  };
}

it('the oldest steps go where the masks that they keep are too many; names cost nothing', () => {
  const bytes = 100 * FULL.counts.byteLength;
  let history = newHistory<MaskDocument>(EMPTY_DOCUMENT);
  history = commit(history, withOneObject(), 'add');
  for (let run = 0; run < 10; run++) {
    history = commit(history, tracked(history.present), `track ${run}`);
    history = commit(history, { ...history.present, pausesAtShots: run % 2 === 0 }, 'setting');
  }
  expect(withinBytes(history, 100 * bytes)).toBe(history);
  const kept = withinBytes(history, 3 * bytes);
  expect(kept.past.map(({ label }) => label)).toEqual([
    ...['setting', 'track 7', 'setting', 'track 8', 'setting', 'track 9', 'setting'],
  ]);
  expect(kept.present).toBe(history.present);
  expect(withinBytes(history, 0).past).toHaveLength(1);
});
