import { describe, expect, it } from 'vitest';
import { problemsOf } from './modelReport.ts';
import type { ModelCheck } from './protocol/modelCheck.ts';

const found = (given: Partial<ModelCheck>): ModelCheck => ({
  model: { id: 'a', name: 'A model', family: 'sam2', precision: 'fp32', device: 'CPU' },
  ious: [0.9, 0.9],
  milliseconds: 1000,
  graphs: [],
  gpuBesideCpu: { iou: 0.99, largestDifference: 0.1 },
  ...given,
});

describe('a model has a problem', () => {
  it('where its masks are not the disc: on average, or on one frame', () => {
    expect(problemsOf(found({}))).toEqual([]);
    expect(problemsOf(found({ ious: [0.84, 0.84] }))).toEqual([
      'The masks are not the painted disc: their mean IoU is 0.840, at least 0.85 is expected, and 0.7 on each frame.',
    ]);
    expect(problemsOf(found({ ious: [1, 1, 1, 0.69] }))).toHaveLength(1);
    expect(problemsOf(found({ ious: [] }))).toHaveLength(1);
  });

  it('where the graphics card and the processor differ', () => {
    expect(problemsOf(found({ gpuBesideCpu: { iou: 0.97, largestDifference: 9 } }))).toEqual([
      'The graphics card and the processor give different masks: their IoU is 0.970, at least 0.98 is expected.',
    ]);
    expect(problemsOf(found({ gpuBesideCpu: { not: 'There is none.' } }))).toEqual([]);
  });
});
