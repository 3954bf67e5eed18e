import { describe, expect, it } from 'vitest';
import { encodeRle, type MaskRle } from '../core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, withPlace, type MaskDocument } from './document.ts';
import { pendingDecodes, withMaskObject, withPrompts, withSegmentation } from './promptedMasks.ts';
import { planTracking } from './trackPlan.ts';
import { runOf } from './testing/documents.ts';
import { withTrackedFrame } from './trackedFrame.ts';

const SIZE = { width: 8, height: 8 };

/** The pixels of some columns. */
const columns = (from: number, to: number): MaskRle =>
  encodeRle(
    Uint8Array.from({ length: 64 }, (_, at) => Number(at % 8 >= from && at % 8 < to)),
    SIZE,
  );
const BALL = columns(2, 3);
const MAN = columns(0, 5);
const HALF_A_MAN = columns(3, 5);

const POINT = { points: [{ x: 1, y: 1, label: 1 as const }] };

/** A click on a frame, answered with a mask. */
function clicked(document: MaskDocument, id: number, frame: number, mask: MaskRle): MaskDocument {
  const next = withPrompts(document, id, frame, { ...POINT });
  const pending = pendingDecodes(next).find((each) => each.objectId === id && each.frame === frame);
  return pending ? withSegmentation(next, pending, { mask, score: 0.9 }) : next;
}

/** A ball, and a man who was masked after it. */
function ballAndMan(frameOfMan = 0): MaskDocument {
  const ball = clicked(withNewObject(EMPTY_DOCUMENT).document, 1, 0, BALL);
  return clicked(withNewObject(ball).document, 2, frameOfMan, MAN);
}

const order = ({ objects }: MaskDocument) => objects.map(({ id }) => id);

describe('a first mask', () => {
  it('goes under what it covers, and takes nothing from it', () => {
    const document = ballAndMan();
    expect(order(document)).toEqual([2, 1]);
    expect(document.objects.map(({ track }) => track.get(0)?.mask)).toEqual([MAN, BALL]);
    const found = withMaskObject(withMaskObject(EMPTY_DOCUMENT, 0, BALL).document, 0, MAN).document;
    expect(order(found)).toEqual([2, 1]);
  });

  it('stays on top of what it does not cover, or is smaller than', () => {
    const man = clicked(withNewObject(EMPTY_DOCUMENT).document, 1, 0, MAN);
    expect(order(clicked(withNewObject(man).document, 2, 0, BALL))).toEqual([1, 2]);
    const beside = clicked(withNewObject(man).document, 2, 0, columns(4, 8));
    expect(order(beside)).toEqual([1, 2]);
  });

  it('stays where a person puts it, whatever they add to it there', () => {
    const moved = withPlace(ballAndMan(), 2, 1);
    expect(order(clicked(moved, 2, 0, columns(0, 6)))).toEqual([1, 2]);
    expect(order(clicked(clicked(moved, 2, 3, HALF_A_MAN), 2, 3, MAN))).toEqual([1, 2]);
  });
});

describe('a plan', () => {
  const planned = (document: MaskDocument) =>
    planTracking(document.objects, 'needed', {
      ...{ frameCount: 4, range: { first: 0, last: 3 }, playhead: 0, selectedId: undefined, shots: [] },
    }).objects.map(({ objectId, overlapping = [] }) => [objectId, overlapping]);

  it('says who lies on whom', () => {
    expect(planned(ballAndMan())).toEqual([
      [2, [1]],
      [1, [2]],
    ]);
    const man = clicked(withNewObject(EMPTY_DOCUMENT).document, 1, 0, MAN);
    expect(planned(clicked(withNewObject(man).document, 2, 0, columns(4, 8)))).toEqual([
      [1, []],
      [2, []],
    ]);
  });

  it('knows it from a tracked mask under a prompted one', () => {
    const ball = runOf(clicked(withNewObject(EMPTY_DOCUMENT).document, 1, 0, BALL));
    const objects = [{ objectId: 1, mask: BALL, score: 0.9, status: 'tracked' as const }];
    const tracked = withTrackedFrame(ball.document, ball.run, {
      ...{ frame: 2, doneFrames: 1, totalFrames: 1, objects },
    });
    expect(planned(clicked(withNewObject(tracked).document, 2, 2, MAN))).toEqual([
      [2, [1]],
      [1, [2]],
    ]);
  });
});
