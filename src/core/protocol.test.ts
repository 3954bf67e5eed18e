import { expect, it } from 'vitest';
import { addCensus, EMPTY_CENSUS } from './protocol.ts';

it('adds what two workers hold and have spent, stage by stage', () => {
  const segmenter = { ...EMPTY_CENSUS, bytes: 100, frames: 1, runs: 4, stageMs: { decode: 5, encoder: 900 } };
  const player = { ...EMPTY_CENSUS, bytes: 20, frames: 2, stageMs: { decode: 7 } };
  expect(addCensus(segmenter, player)).toEqual({
    ...EMPTY_CENSUS,
    bytes: 120,
    frames: 3,
    runs: 4,
    stageMs: { decode: 12, encoder: 900 },
  });
});
