import { describe, expect, it } from 'vitest';
import { backwardChunks } from './backwardChunks.ts';

/** Chunks as `[start, end]`; `keys` are the frames at which decoding can start. */
function plan(first: number, last: number, maxFrames: number, keys: number[]) {
  const groupStart = Array.from({ length: first + 1 }, (_, i) => Math.max(...keys.filter((key) => key <= i)));
  return [...backwardChunks(first, last, maxFrames, groupStart)].map(({ start, end }) => [start, end]);
}

describe('backwardChunks', () => {
  it('takes a short way in one chunk', () => {
    expect(plan(5, 2, 10, [0])).toEqual([[2, 5]]);
    expect(plan(3, 3, 10, [0])).toEqual([[3, 3]]);
  });

  it('splits what one key frame serves by the bound', () => {
    expect(plan(9, 0, 4, [0])).toEqual([
      [6, 9],
      [2, 5],
      [0, 1],
    ]);
  });

  it('begins at key frames where it can, so that nothing is decoded twice', () => {
    expect(plan(11, 0, 6, [0, 4, 8])).toEqual([
      [8, 11],
      [4, 7],
      [0, 3],
    ]);
    expect(plan(11, 0, 8, [0, 4, 8])).toEqual([
      [4, 11],
      [0, 3],
    ]);
  });

  it('never makes a chunk of more than the bound, nor of none', () => {
    for (const maxFrames of [0, 1, 3, 7]) {
      const chunks = plan(40, 5, maxFrames, [0, 13, 14, 30]);
      expect(Math.max(...chunks.map(([start, end]) => end! - start! + 1))).toBeLessThanOrEqual(
        Math.max(1, maxFrames),
      );
      const frames = chunks.flatMap(([start, end]) =>
        Array.from({ length: end! - start! + 1 }, (_, i) => end! - i),
      );
      expect(frames).toEqual(Array.from({ length: 36 }, (_, i) => 40 - i));
    }
  });
});
