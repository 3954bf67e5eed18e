import { describe, expect, it } from 'vitest';
import { DoubtIndex } from '../core/doubtIndex.ts';
import type { FrameMask } from '../core/frameMask.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import { emptyRle, encodeRle, type MaskRle } from '../core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskObject } from './document.ts';
import { nextFrame } from './nextFrame.ts';

const SIZE = { width: 20, height: 10 };

/** A box from column `x` on, `width` columns wide. */
function box(x: number, width: number): MaskRle {
  return encodeRle(
    Uint8Array.from({ length: 200 }, (_, at) => Number(at % 20 >= x && at % 20 < x + width)),
    SIZE,
  );
}

const [EMPTY_OBJECT] = withNewObject(EMPTY_DOCUMENT).document.objects;

/** An object that is prompted on frame 0 and followed from there with these scores, or masks. */
function followed(
  frames: readonly (number | Partial<FrameMask>)[],
  change: Partial<MaskObject> = {},
): MaskObject {
  const entries = frames.map((frame, at): [number, FrameMask] => {
    const given = typeof frame === 'number' ? { score: frame } : frame;
    const status = at === 0 ? 'prompted' : 'tracked';
    return [at, { mask: box(5, 5), status, score: 0.95, origin: 0, ...given }];
  });
  return { ...EMPTY_OBJECT!, track: MaskTrack.EMPTY.with(entries), ...change };
}

const next = (...objects: MaskObject[]) => nextFrame(objects, new DoubtIndex().of(objects));

describe('nextFrame', () => {
  it('is where doubt begins that goes on for long, rather than a short one that is deeper', () => {
    const scores = [1, 0.95, 0.3, 0.95, 0.95, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    expect(next(followed(scores))).toMatchObject({ objectId: 1, frame: 5, doubt: 'unsure', followers: 6 });
  });

  it('takes the object for which most depends on it', () => {
    const short = followed([1, 0.9, 0.5, 0.5]);
    const long = followed([1, 0.9, 0.5, 0.5, 0.5, 0.5], { id: 2 });
    expect(next(short, long)).toMatchObject({ objectId: 2, frame: 2 });
  });

  it('counts what follows only as far as the next prompt, in the way that tracking went', () => {
    const prompted = { status: 'prompted' as const };
    expect(next(followed([1, 0.6, 0.6, prompted, 0.6, 0.6, 0.6]))).toMatchObject({ frame: 4, followers: 2 });
    const back = [0.5, 0.5, 0.5, 0.5].map((score) => ({ score, origin: 4, status: 'tracked' as const }));
    expect(next(followed([...back, prompted]))).toMatchObject({ frame: 3, followers: 3 });
  });

  it('prefers where two runs disagree', () => {
    expect(
      next(
        followed([1, 0.6, { status: 'prompted' }, { score: 0.6, agreement: 0.8 }, { status: 'prompted' }]),
      ),
    ).toMatchObject({ frame: 3 });
  });

  it('asks for nothing where all is prompted, reviewed or locked', () => {
    expect(next(followed([1, 0.3], { reviewed: [{ first: 1, last: 1 }] }))).toBeUndefined();
    expect(next(followed([1, 0.3], { locked: [{ first: 0, last: 9 }] }))).toBeUndefined();
    expect(next(followed([1, 1]))).toBeUndefined();
  });

  it('proposes a click on what has gone, or come, or on the mask', () => {
    const point = (mask: MaskRle) => next(followed([1, { mask, score: 0.4 }]))?.point;
    expect(point(box(5, 2))).toMatchObject({ label: 1 });
    expect(point(box(5, 2))!.x).toBeGreaterThan(7);
    expect(point(box(5, 12))).toMatchObject({ label: 0 });
    expect(point(box(5, 12))!.x).toBeGreaterThan(10);
    expect(point(box(5, 5))).toEqual({ x: 5.5, y: 5.5, label: 1 });
    expect(point(emptyRle(SIZE))).toEqual({ x: 5.5, y: 5.5, label: 1 });
  });
});
