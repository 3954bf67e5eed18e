import { describe, expect, it } from 'vitest';
import { encodeRle, rleArea } from '../../../src/core/rle.ts';
import { gridPoints, ProposalPool, stability } from './everything.ts';

describe('gridPoints', () => {
  const points = gridPoints({ width: 160, height: 80 }, 8);

  it('are the middles of equal parts, each once', () => {
    expect(new Set(points.map(({ x, y }) => `${x},${y}`)).size).toBe(64);
    expect(points).toContainEqual({ x: 10, y: 5 });
    expect(points).toContainEqual({ x: 150, y: 75 });
  });

  it('lie apart at first', () => {
    const distances = (count: number) =>
      points
        .slice(0, count)
        .flatMap((a, i) => points.slice(0, i).map((b) => Math.hypot((a.x - b.x) / 20, (a.y - b.y) / 10)));
    expect(Math.min(...distances(4))).toBeGreaterThanOrEqual(4);
    expect(Math.min(...distances(16))).toBeGreaterThanOrEqual(2);
  });
});

describe('stability', () => {
  it('is the IoU between a higher and a lower threshold', () => {
    expect(stability(Float32Array.of(5, 5, 5, 0.5, -0.5, -5))).toBeCloseTo(3 / 5);
  });

  it('is 0 where nothing is sure', () => {
    expect(stability(Float32Array.of(0.5, -3))).toBe(0);
  });
});

describe('ProposalPool', () => {
  /** Of a frame of 10×1: the first `length` pixels from `start` on. */
  const proposal = (start: number, length: number, score: number) => {
    const pixels = new Uint8Array(10).fill(1, start, start + length);
    const mask = encodeRle(pixels, { width: 10, height: 1 });
    return { mask, area: rleArea(mask), score };
  };

  it('keeps the better of two masks of one thing, whichever comes first', () => {
    const pool = new ProposalPool(0.7);
    const [first] = pool.offer(proposal(0, 5, 0.8)).added;
    expect(pool.offer(proposal(0, 4, 0.7))).toEqual({ added: [], removed: [] });
    const better = pool.offer(proposal(0, 6, 0.9));
    expect(better.removed).toEqual([first?.id]);
    expect(better.added[0]?.area).toBe(6);
    expect(pool.has(first?.id ?? 0)).toBe(false);
  });

  it('keeps parts beside the whole, and other things', () => {
    const pool = new ProposalPool(0.7);
    const ids = [proposal(0, 6, 0.9), proposal(0, 3, 0.8), proposal(7, 3, 0.7)].flatMap((each) =>
      pool.offer(each).added.map(({ id }) => id),
    );
    expect(ids).toHaveLength(3);
    expect(ids.every((id) => pool.has(id))).toBe(true);
  });
});
