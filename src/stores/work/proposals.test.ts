import { beforeEach, expect, it } from 'vitest';
import { encodeRle, type MaskRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withLock, withName } from '../../document/document.ts';
import { withMaskObject } from '../../document/promptedMasks.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { commitDocument, currentDocument, resetObjects } from './objectsStore.ts';
import { objectOf, offerFound, pickAll } from './proposals.ts';
import { proposalsStore } from './proposalsStore.ts';

const SIZE = { width: 40, height: 1 };
const pixels = (from: number, to: number): MaskRle =>
  encodeRle(
    Uint8Array.from({ length: 40 }, (_, at) => Number(at >= from && at < to)),
    SIZE,
  );
const proposal = (id: number, mask: MaskRle, frame = 0) => ({ id, mask, area: 1, score: 0.9, frame });

/** The ball is an object; a man with the ball, the ball and a shoe are proposed. */
beforeEach(() => {
  resetObjects();
  noticesStore.setState({ notices: [] });
  commitDocument(withMaskObject(EMPTY_DOCUMENT, 0, pixels(10, 20)).document, 'ball');
  const proposals = [proposal(1, pixels(5, 35)), proposal(2, pixels(10, 21)), proposal(3, pixels(36, 40))];
  const state = {
    phase: 'found' as const,
    frame: 0,
    like: undefined,
    done: 1,
    proposals,
    pointedId: undefined,
  };
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
  expect(objectOf(currentDocument(), proposal(2, pixels(10, 21), 0))?.id).toBe(1);
  expect(objectOf(currentDocument(), proposal(2, pixels(10, 21), 1))).toBeUndefined();
  expect(objectOf(currentDocument(), proposal(1, pixels(5, 35), 0))).toBeUndefined();
});

it('makes of what looks like an object that object where it has no mask, and another of its name where it has one', () => {
  const found = pixels(30, 38);
  commitDocument(withName(currentDocument(), 1, 'Ball'), 'rename');
  const proposals = [proposal(1, found), proposal(2, found, 7), proposal(3, pixels(0, 5), 7)];
  const like = { id: 1, name: 'Ball' };
  proposalsStore.setState({ phase: 'found', frame: 0, like, done: 1, proposals, pointedId: undefined }, true);
  pickAll();
  const names = currentDocument().objects.map(({ name, prompts }) => [name, [...prompts.keys()]]);
  expect(names).toEqual([
    ['Ball', [0, 7]],
    ['Ball', [0]],
    ['Ball', [7]],
  ]);
});

it('leaves a locked frame of the object as it is', () => {
  commitDocument(withLock(currentDocument(), 1, { first: 7, last: 7 }, true), 'lock frames');
  const proposals = [proposal(1, pixels(30, 38), 7)];
  const like = { id: 1, name: 'Object 1' };
  proposalsStore.setState({ phase: 'found', frame: 0, like, done: 1, proposals, pointedId: undefined }, true);
  pickAll();
  expect(currentDocument().objects.map(({ prompts }) => [...prompts.keys()])).toEqual([[0], [7]]);
});

it('makes of what waited an object of the name that it has, one on a frame', () => {
  commitDocument(withName(currentDocument(), 1, 'Cup'), 'rename');
  const thing = (frame: number, name: string, mask: MaskRle) => ({ frame, name, score: 0.8, mask });
  offerFound([
    thing(0, 'Ball', pixels(25, 30)),
    thing(0, 'Ball', pixels(31, 35)),
    thing(7, 'Ball', pixels(25, 30)),
    thing(7, 'Cup', pixels(0, 5)),
  ]);
  expect(proposalsStore.getState()).toMatchObject({ phase: 'found', like: { name: 'Ball, Cup' } });
  pickAll();
  const names = currentDocument().objects.map(({ name, prompts }) => [name, [...prompts.keys()]]);
  expect(names).toHaveLength(3);
  expect(names).toEqual(
    expect.arrayContaining([
      ['Ball', [0]],
      ['Ball', [0, 7]],
      ['Cup', [0, 7]],
    ]),
  );
});
