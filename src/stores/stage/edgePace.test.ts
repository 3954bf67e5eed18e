import { expect, it } from 'vitest';
import { EdgePace } from './edgePace.ts';

const FRAME = 40;

it('edges are made while a clip plays if they are known to take less time than a frame', () => {
  const pace = new EdgePace();
  expect(pace.keepsUp(FRAME)).toBe(false);
  pace.record(10);
  pace.begin();
  expect(pace.keepsUp(FRAME)).toBe(true);
  // Played four times as fast, a frame has a quarter of the time.
  expect(pace.keepsUp(FRAME / 4)).toBe(false);
});

it('edges that have fallen behind stay away until the clip is played anew; one slow frame is none', () => {
  const pace = new EdgePace();
  pace.record(10);
  pace.begin();
  pace.record(35);
  expect(pace.keepsUp(FRAME)).toBe(true);
  pace.record(35);
  expect(pace.keepsUp(FRAME)).toBe(false);
  for (let i = 0; i < 5; i++) pace.record(10);
  expect(pace.keepsUp(FRAME)).toBe(false);
  pace.begin();
  expect(pace.keepsUp(FRAME)).toBe(true);
});
