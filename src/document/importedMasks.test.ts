import { expect, it } from 'vitest';
import { doubtOn } from '../core/doubt.ts';
import { encodeRle } from '../core/rle.ts';
import { EMPTY_DOCUMENT } from './document.ts';
import { pendingDecodes, withMaskObject, withPrompts } from './promptedMasks.ts';
import { withImportedMasks } from './importedMasks.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const swan = {
  name: 'swan',
  masks: new Map([0, 1, 4].map((frame) => [frame, { mask, score: 0.5 }] as const)),
};

it('finished masks are tracked and locked on their frames, and nothing that is there changes', () => {
  const { document: before } = withMaskObject(EMPTY_DOCUMENT, 0, mask);
  const { objects } = withImportedMasks(before, [swan, { ...swan, name: '' }], 'finished');
  expect(objects.map(({ name }) => name)).toEqual(['Object 1', 'swan', 'Object 3']);
  expect(objects[0]).toBe(before.objects[0]);
  expect(objects[1]!.locked).toEqual([
    { first: 0, last: 1 },
    { first: 4, last: 4 },
  ]);
  expect(objects[1]!.track.get(4)).toMatchObject({ mask, status: 'tracked', score: 0.5 });
  expect(objects[1]!.color).not.toBe(objects[0]!.color);
});

it('finished masks are doubted at once where they are unsure or jump, as tracked ones are', () => {
  const whole = encodeRle(Uint8Array.of(1, 1, 1, 1), { width: 2, height: 2 });
  const masks = new Map([mask, mask, whole].map((each, frame) => [frame, { mask: each }] as const));
  const { objects } = withImportedMasks(EMPTY_DOCUMENT, [swan, { name: 'jumps', masks }], 'finished');
  expect([0, 1].map((frame) => doubtOn(objects[0]!, frame, []))).toEqual(['unsure', 'unsure']);
  expect([0, 1, 2].map((frame) => doubtOn(objects[1]!, frame, []))).toEqual([undefined, undefined, 'jump']);
});

it('finished masks stay where prompts are given beside them', () => {
  const document = withImportedMasks(EMPTY_DOCUMENT, [swan], 'finished');
  const clicked = withPrompts(document, 1, 2, { points: [{ x: 0, y: 0, label: 1 }] });
  expect(clicked.objects[0]!.track.get(4)?.status).toBe('tracked');
});

it('prompts need no decoding, and can be changed', () => {
  const document = withImportedMasks(EMPTY_DOCUMENT, [swan], 'prompts');
  expect(pendingDecodes(document)).toEqual([]);
  const [object] = document.objects;
  expect(object!.prompts.get(1)).toMatchObject({ points: [], mask });
  expect(object!.track.counts).toMatchObject({ prompted: 3 });
  expect(object!.locked).toEqual([]);
});

it('objects beyond the 255th are left out', () => {
  const many = Array.from({ length: 300 }, () => swan);
  expect(withImportedMasks(EMPTY_DOCUMENT, many, 'finished').objects).toHaveLength(255);
});
