import { describe, expect, it } from 'vitest';
import type { FrameMask } from '../core/frameMask.ts';
import { encodeRle } from '../core/rle.ts';
import { planDetail, withDetail } from './detailPass.ts';
import { changeObject, findObject, type MaskDocument } from './document.ts';
import { withMaskObject } from './promptedMasks.ts';
import {
  FULL,
  LEFT,
  point,
  prompted,
  runOf,
  SIZE,
  statuses,
  tracked,
  withOneObject,
} from './testing/documents.ts';
import { withTrackedFrame } from './trackedFrame.ts';

const ALL = { first: 0, last: 9 };
const TOP_LEFT = encodeRle(Uint8Array.of(1, 0, 0, 0), SIZE);
const RIGHT = encodeRle(Uint8Array.of(0, 1, 0, 1), SIZE);

/** Object 1, prompted on frame 0, with entries put in. */
function withEntries(entries: Record<number, Partial<FrameMask>>): MaskDocument {
  const document = prompted(withOneObject(), 0, point(1));
  return changeObject(document, 1, (object) => ({
    ...object,
    track: object.track.with(
      Object.entries(entries).map(([frame, entry]) => [
        Number(frame),
        { mask: LEFT, status: 'tracked', score: 0.5, origin: 0, ...entry },
      ]),
    ),
  }));
}

const framesOf = (document: MaskDocument, range = ALL) =>
  planDetail(document, 1, range).map(({ frame }) => frame);

describe('what the detail pass looks at', () => {
  it('is what was tracked or filled in between the marks, and nothing else', () => {
    const document = withEntries({
      1: {},
      2: { status: 'interpolated' },
      3: { status: 'stale' },
      4: { status: 'detailed' },
      5: { status: 'absent', mask: encodeRle(new Uint8Array(4), SIZE) },
      6: {},
    });
    expect(framesOf(document)).toEqual([1, 2, 6]);
    expect(framesOf(document, { first: 2, last: 5 })).toEqual([2]);
  });

  it('is nothing that a person locked, found right or imported', () => {
    const document = changeObject(
      withEntries({ 1: {}, 2: {}, 3: { origin: undefined as never }, 4: {} }),
      1,
      (object) => ({
        ...object,
        locked: [{ first: 1, last: 1 }],
        reviewed: [{ first: 2, last: 2 }],
      }),
    );
    expect(framesOf(document)).toEqual([4]);
  });

  it('knows the masks beside it that share no pixel with it, unless masks may overlap', () => {
    const beside = (mask: typeof FULL, allowOverlap = false) => {
      const document = withMaskObject(withEntries({ 1: {} }), 1, mask).document;
      const decoded = changeObject(document, 2, (object) => ({
        ...object,
        track: object.track.with([[1, { mask, status: 'prompted', score: 1 }]]),
      }));
      const settings = { ...decoded.settings, allowOverlap };
      return planDetail({ ...decoded, settings }, 1, ALL)[0]?.beside;
    };
    expect(beside(RIGHT)).toEqual([RIGHT]);
    expect(beside(FULL)).toEqual([]);
    expect(beside(RIGHT, true)).toEqual([]);
  });
});

const MODEL = { id: 'embedded', version: '0.2.0' };

describe('a mask in detail', () => {
  const document = withEntries({ 1: { agreement: 0.9 } });
  const planned = planDetail(document, 1, ALL)[0]!;

  it('takes the place of the tracked one, with all else that is known of it', () => {
    const next = withDetail(document, 1, planned, { mask: TOP_LEFT, model: MODEL });
    const entry = findObject(next, 1)?.track.get(1);
    expect(entry).toEqual({
      ...{ mask: TOP_LEFT, status: 'detailed', score: 0.5, origin: 0, agreement: 0.9 },
      provenance: { origin: 'detail', model: MODEL },
    });
  });

  it('changes nothing where the mask is another one by now, stale, or kept', () => {
    const others: MaskDocument[] = [
      withEntries({ 1: { mask: RIGHT } }),
      withEntries({ 1: { status: 'stale' } }),
      changeObject(document, 1, (object) => ({ ...object, locked: [ALL] })),
    ];
    for (const other of others) expect(withDetail(other, 1, planned, { mask: TOP_LEFT })).toBe(other);
  });

  it('is stale after a correction, and goes with the next run', () => {
    const detailed = withDetail(document, 1, planned, { mask: TOP_LEFT });
    expect(statuses(prompted(detailed, 0, point(0)))[1]).toBe('stale');
    const { document: running, run } = runOf(detailed);
    const again = withTrackedFrame(running, run, tracked(1));
    expect(findObject(again, 1)?.track.get(1)).toMatchObject({ mask: LEFT, status: 'tracked' });
  });
});
