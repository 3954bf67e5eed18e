import { describe, expect, it } from 'vitest';
import {
  doubtfulFrames,
  doubtOn,
  hiddenBehind,
  lostStretch,
  nearestDoubtful,
  type Doubted,
} from './doubt.ts';
import { DoubtIndex } from './doubtIndex.ts';
import type { FrameMask } from './frameMask.ts';
import { MaskTrack } from './maskTrack.ts';
import { encodeRle, type MaskRle } from './rle.ts';

const SIDE = 20;

/** A square of `side` pixels whose upper left corner is at (x, 0). */
function square(x: number, side = 4): MaskRle {
  const raster = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < side; row++) raster.fill(1, row * SIDE + x, row * SIDE + x + side);
  return encodeRle(raster, { width: SIDE, height: SIDE });
}

const tracked = (mask: MaskRle, more: Partial<FrameMask> = {}): FrameMask => ({
  mask,
  status: 'tracked',
  score: 0.9,
  ...more,
});

const object = (masks: FrameMask[], id = 1): Doubted => ({
  id,
  track: MaskTrack.EMPTY.with(masks.map((mask, frame) => [frame, mask] as const)),
});

/** The doubt on the second frame, after one that is sure. */
const after = (mask: FrameMask, others: Doubted[] = []) =>
  doubtOn(object([tracked(square(2)), mask]), 1, others);

describe('doubt on a frame', () => {
  it('is for masks that the model is unsure of, and for objects that have just gone', () => {
    expect(after(tracked(square(3)))).toBeUndefined();
    expect(after(tracked(square(3), { score: 0.4 }))).toBe('unsure');
    const absent = tracked(square(2, 0), { status: 'absent', score: 0 });
    expect(after(absent)).toBe('lost');
    expect(doubtOn(object([absent, absent]), 1, [])).toBeUndefined();
  });

  it('is where an object that was tracked backward is lost, not where it comes back', () => {
    const [there, lost] = [square(2), square(2, 0)].map((mask) => tracked(mask, { origin: 9 }));
    const backward = object([there!, { ...lost!, status: 'absent' }, { ...lost!, status: 'absent' }, there!]);
    expect([0, 1, 2, 3].map((frame) => doubtOn(backward, frame, []))).toEqual([
      undefined,
      undefined,
      'lost',
      undefined,
    ]);
    expect(lostStretch(backward.track, 2)).toEqual({ first: 1, last: 2 });
    const index = new DoubtIndex();
    index.of([{ ...backward, track: backward.track.without(3) }]);
    expect(index.of([backward]).get(1)?.get(2)).toBe('lost');
  });

  it('says what hides an object that has just gone: what is where it was, forward and backward', () => {
    const gone = (origin: number) => tracked(square(2, 0), { status: 'absent', score: 0, origin });
    const [seen, lost] = [tracked(square(2)), gone(0)];
    const object1 = object([seen, lost]);
    const behind = (...others: Doubted[]) => hiddenBehind(object1, 1, [object1, ...others]);
    const at = (mask: MaskRle, id: number) => object([tracked(mask), tracked(mask)], id);
    expect(behind(at(square(3), 2), at(square(2), 3))).toBe(3);
    expect(behind(at(square(5), 2))).toBeUndefined();
    expect(behind(object([seen], 2))).toBeUndefined();
    expect(hiddenBehind(object([gone(9), seen]), 0, [at(square(2), 2)])).toBe(2);
    expect(hiddenBehind(object([gone(9), gone(9)]), 0, [at(square(2), 2)])).toBeUndefined();
  });

  it('is for an area or a place that jumps', () => {
    expect(after(tracked(square(2, 6)))).toBe('jump');
    expect(after(tracked(square(2, 3)))).toBe('jump');
    expect(after(tracked(square(6)))).toBe('jump');
    expect(after(tracked(square(4)))).toBeUndefined();
  });

  it('is for runs that disagree and objects that overlap', () => {
    expect(after(tracked(square(3), { agreement: 0.5 }))).toBe('disagrees');
    expect(after(tracked(square(3), { agreement: 0.9 }))).toBeUndefined();
    const empty = tracked(square(2, 0), { status: 'absent', agreement: 0 });
    expect(doubtOn(object([empty, empty]), 1, [])).toBe('disagrees');
    const other = object([tracked(square(12)), tracked(square(6))], 2);
    expect(after(tracked(square(4)), [other])).toBe('overlaps');
    expect(after(tracked(square(1)), [other])).toBeUndefined();
    const large = object([tracked(square(2, 8)), tracked(square(2, 8))], 2);
    expect(after(tracked(square(3)), [large]), 'it lies on another').toBeUndefined();
  });

  it('is not for what a person made', () => {
    expect(after(tracked(square(9, 9), { status: 'prompted', score: 0.1 }))).toBeUndefined();
  });
});

describe('the nearest doubtful frame', () => {
  const sure = tracked(square(2));
  const unsure = tracked(square(2), { score: 0.3 });
  const first = object([sure, sure, unsure, unsure, sure]);
  const second = object([sure, sure, sure, sure, unsure], 2);
  const nearest = (objects: Doubted[], frame: number, direction: 'next' | 'previous' = 'next') =>
    nearestDoubtful(doubtfulFrames(new DoubtIndex().of(objects)), frame, 5, direction);

  it('is where a doubt begins, of any object, round the end', () => {
    expect(nearest([first], 0)).toEqual({ frame: 2, objectId: 1, doubt: 'unsure' });
    expect(nearest([first], 2)?.frame).toBe(2);
    expect(nearest([first], 3)?.frame).toBe(2);
    expect(nearest([second], 0)).toEqual({ frame: 4, objectId: 2, doubt: 'unsure' });
    expect(nearest([object([sure, sure])], 0)).toBeUndefined();
  });

  it('is also the one before, round the start', () => {
    const both = object([unsure, sure, sure, unsure, unsure]);
    expect(nearest([both], 4, 'previous')?.frame).toBe(3);
    expect(nearest([both], 3, 'previous')?.frame).toBe(0);
    expect(nearest([both], 0, 'previous')?.frame).toBe(3);
  });

  it('tells of overlaps too', () => {
    expect(nearest([first, second], 4)).toEqual({ frame: 0, objectId: 1, doubt: 'overlaps' });
  });
});
