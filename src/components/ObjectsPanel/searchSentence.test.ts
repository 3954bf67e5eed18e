import { expect, it } from 'vitest';
import type { Outcome, Search } from '../../stores/project/elsewhereStore.ts';
import { searchSentence } from './searchSentence.ts';

const search = (outcomes: readonly Outcome[], phase: Search['phase'] = 'ended'): Search => ({
  ...{ phase, name: 'Ball' },
  clips: outcomes.map((outcome, at) => ({ id: String(at), name: `clip ${at}`, outcome })),
});
const done = (found: number): Outcome => ({ kind: 'done', found });
const asks: Outcome = { kind: 'asks', handle: {} as FileSystemFileHandle };
const leftOut: Outcome = { kind: 'left out', why: 'Its video is not at hand.' };

it.each<[readonly Outcome[], string]>([
  [[], 'There is no other project: each clip that you work on becomes one.'],
  [[done(0)], 'Nothing like it was found. 1 clip looked through.'],
  [[done(2), done(0)], 'It was found in 1 clip. 2 clips looked through.'],
  [[done(0), { kind: 'to do' }], 'Nothing like it was found. 1 of 2 clips looked through.'],
  [[leftOut], 'No clip was looked through.'],
  [[asks], 'No clip was looked through. 1 clip waits to be allowed.'],
  [[asks, asks, leftOut], 'No clip was looked through. 2 clips wait to be allowed.'],
  [[done(0), asks], 'Nothing like it was found. 1 of 2 clips looked through. 1 clip waits to be allowed.'],
  [[done(1), asks], 'It was found in 1 clip. 1 of 2 clips looked through. 1 clip waits to be allowed.'],
])('says of a search that has ended how far it came and what it found', (outcomes, sentence) => {
  expect(searchSentence(search(outcomes))).toBe(sentence);
});

it('says where a search is that goes on', () => {
  expect(searchSentence(search([done(0), { kind: 'looking' }], 'looking'))).toBe('Looking in clip 1…');
  expect(searchSentence(search([{ kind: 'to do' }], 'waiting'))).toBe('It goes on when the model is free.');
});
