import { describe, expect, it } from 'vitest';
import { rleArea } from '../../src/core/rle.ts';
import { GATE_CLIPS } from './clips.ts';
import { losses, qualityOf } from './gate.ts';
import recorded from './recorded.json' with { type: 'json' };

describe('the quality gate', () => {
  it('lets a clip lose a hundredth, and names one that loses more', () => {
    const before = { ball: 0.95, pole: 0.8 };
    expect(losses(before, { ball: 0.941, pole: 0.99 })).toEqual([]);
    expect(losses(before, { ball: 0.939, pole: 0.8 })).toEqual(['ball fell from an IoU of 0.950 to 0.939.']);
  });

  it('does not pass over a clip that was not recorded, or is gone', () => {
    expect(losses({ ball: 0.9 }, { pole: 0.9 })).toEqual([
      'ball is recorded, but there is no such clip.',
      'pole has no recorded IoU: run npm run quality -- --record.',
    ]);
  });

  it('counts the tracked frames only', () => {
    expect(qualityOf([1, 0.5, 0.7])).toBeCloseTo(0.6);
  });

  it('has a recorded IoU for each clip, in which the object shows on the first frame', () => {
    expect(Object.keys(recorded)).toEqual(GATE_CLIPS.map(({ name }) => name));
    for (const { name, truth } of GATE_CLIPS) expect(rleArea(truth(0)), name).toBeGreaterThan(500);
  });
});
