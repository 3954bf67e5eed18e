import { describe, expect, it } from 'vitest';
import { flag, reportDoubt, spearman } from './doubt.ts';

const frames = [
  { score: 0.9, iou: 0.9 },
  { score: 0.8, iou: 0.3 },
  { score: 0.6, iou: 0.8 },
  { score: 0.4, iou: 0.2 },
  { score: 0.2, iou: 0.1 },
];

describe('flag', () => {
  it('counts hits among the flagged and among the bad', () => {
    const { precision, recall, flagged } = flag(frames, 0.5, 0.7);
    expect(flagged).toBe(3);
    expect(precision).toBeCloseTo(2 / 3);
    expect(recall).toBeCloseTo(2 / 3);
  });

  it('has no precision where nothing is flagged, and no recall where nothing is bad', () => {
    expect(flag(frames, 0.5, 0).precision).toBeNaN();
    expect(flag(frames, 0, 0.5).recall).toBeNaN();
  });
});

describe('reportDoubt', () => {
  it('finds the threshold of the best F1', () => {
    // Below .5: 2 of 2, 2 of 3, F1 .8; below .85: 3 of 4, 3 of 3, F1 .857.
    const { best, bad } = reportDoubt(frames, 0.5, 0.7);
    expect(bad).toBe(3);
    expect(best!.threshold).toBeCloseTo(0.85);
    expect(best).toMatchObject({ precision: 0.75, recall: 1, flagged: 4 });
  });

  it('keeps equal scores together', () => {
    const tied = [
      { score: 0.5, iou: 0.1 },
      { score: 0.5, iou: 0.9 },
      { score: 0.9, iou: 0.9 },
    ];
    expect(reportDoubt(tied, 0.5, 0).best).toMatchObject({ flagged: 2, precision: 0.5, recall: 1 });
  });

  it('has no best threshold where no frame is bad', () => {
    expect(reportDoubt([{ score: 1, iou: 1 }], 0.5, 0.5).best).toBeNull();
  });
});

describe('spearman', () => {
  it('is 1 for the same order, −1 for the reverse', () => {
    const rising = [1, 2, 3, 4].map((value) => [value, value ** 3] as const);
    expect(spearman(rising)).toBeCloseTo(1);
    expect(spearman(rising.map(([a, b]) => [a, -b]))).toBeCloseTo(-1);
  });

  it('is as computed by hand, ties at their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
    const pairs = [
      [1, 10],
      [2, 30],
      [2, 20],
      [3, 40],
    ] as const;
    expect(spearman(pairs)).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5));
  });
});
