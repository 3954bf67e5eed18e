import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, withColor, withName, withNewObject, withoutObject } from './document.ts';
import { withPrompts } from './promptedMasks.ts';
import { commit, newHistory, undo } from './history.ts';
import { describeStep, listSteps } from './steps.ts';
import { point } from './testing/documents.ts';

const one = withNewObject(EMPTY_DOCUMENT).document;
const pointed = withPrompts(one, 1, 12, point(3));

it('says what was done, where, and to which object', () => {
  expect(describeStep('add point', EMPTY_DOCUMENT, pointed)).toBe('Add point on frame 12, Object 1');
  expect(describeStep('remove point', pointed, withPrompts(pointed, 1, 12, { points: [] }))).toBe(
    'Remove point on frame 12, Object 1',
  );
  expect(describeStep('add object', EMPTY_DOCUMENT, one)).toBe('Add object: Object 1');
  expect(describeStep('delete object', one, withoutObject(one, 1))).toBe('Delete object: Object 1');
  expect(describeStep('rename', one, withName(one, 1, 'Swan'))).toBe('Rename Object 1 to Swan');
  expect(describeStep('change colour', one, withColor(one, 1, '#ffffff'))).toBe('Change colour: Object 1');
  expect(describeStep('change tracking option', one, { ...one, pausesAtShots: false })).toBe(
    'Change tracking option',
  );
});

it('counts objects where there are many', () => {
  let many = EMPTY_DOCUMENT;
  for (let i = 0; i < 5; i++) many = withNewObject(many).document;
  expect(describeStep('keep all objects', EMPTY_DOCUMENT, many)).toBe('Keep all objects: 5 objects');
});

it('lists every state, marks the present one, and those that were undone', () => {
  const history = undo(commit(commit(newHistory(EMPTY_DOCUMENT), one, 'add object'), pointed, 'add point'));
  expect(listSteps(history, 'Open a.mp4')).toEqual([
    { text: 'Open a.mp4', state: 'done' },
    { text: 'Add object: Object 1', state: 'current' },
    { text: 'Add point on frame 12, Object 1', state: 'undone' },
  ]);
});
