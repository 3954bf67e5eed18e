import { beforeEach, expect, it } from 'vitest';
import { encodeRle, type MaskRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withMaskObject } from '../../document/document.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { commitDocument, currentDocument, resetObjects } from './objectsStore.ts';
import { objectOf, pickAll } from './proposals.ts';
import { proposalsStore } from './proposalsStore.ts';

const SIZE = { width: 40, height: 1 };
const pixels = (from: number, to: number): MaskRle =>
  encodeRle(
    Uint8Array.from({ length: 40 }, (_, at) => Number(at >= from && at < to)),
    SIZE,
  );
const proposal = (id: number, mask: MaskRle) => ({ id, mask, area: 1, score: 0.9 });

/** The ball is an object; a man with the ball, the ball and a shoe are proposed. */
beforeEach(() => {
  resetObjects();
  noticesStore.setState({ notices: [] });
  commitDocument(withMaskObject(EMPTY_DOCUMENT, 0, pixels(10, 20)).document, 'ball');
  const proposals = [proposal(1, pixels(5, 35)), proposal(2, pixels(10, 21)), proposal(3, pixels(36, 40))];
  const state = { phase: 'found' as const, frame: 0, done: 1, proposals, pointedId: undefined };
  proposalsStore.setState(state, true);
});

it('keeps all but what is an object already, says so, and covers nothing', () => {
  pickAll();
  expect(currentDocument().objects.map(({ track }) => track.get(0)?.mask)).toEqual([
    pixels(5, 35),
    pixels(10, 20),
    pixels(36, 40),
  ]);
  expect(noticesStore.getState().notices.map(({ message }) => message)).toEqual([
    'One of these things was an object already, and stays as it is.',
  ]);
  pickAll();
  expect(currentDocument().objects).toHaveLength(3);
});

it('knows the object that a proposal is', () => {
  expect(objectOf(currentDocument(), 0, proposal(2, pixels(10, 21)))?.id).toBe(1);
  expect(objectOf(currentDocument(), 1, proposal(2, pixels(10, 21)))).toBeUndefined();
  expect(objectOf(currentDocument(), 0, proposal(1, pixels(5, 35)))).toBeUndefined();
});
