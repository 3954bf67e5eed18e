import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { decodeRle } from '../../../src/core/rle.ts';
import { logitsToMask } from './videoMask.ts';
import { separateLogits } from './separate.ts';

const logits = (...values: number[]) => Float32Array.from(values);

describe('separateLogits', () => {
  it('gives each cell to the highest logit, and lowers the others to its negative', () => {
    const [a, b, c] = separateLogits([logits(3, 1, -2, 5), logits(1, 4, -1, 5), logits(-9, 2, -3, -1)]);
    expect(Array.from(a!)).toEqual([3, -4, -2, 5]);
    expect(Array.from(b!)).toEqual([-3, 4, -1, -5]);
    expect(Array.from(c!)).toEqual([-9, -4, -3, -5]);
  });

  it('leaves the arrays of objects that lose nothing as they are', () => {
    const apart = [logits(2, -5), logits(-4, 3)];
    expect(separateLogits(apart)).toEqual(apart);
    expect(separateLogits(apart)[0]).toBe(apart[0]);
    expect(separateLogits([])).toEqual([]);
  });

  it('leaves a prompted object all its cells, however sure another is of them', () => {
    const [claim] = separateLogits([logits(20, 20, 1)], [logits(0.5, -1, -30)]);
    expect(claim![0]).toBe(-0.5);
    expect(claim![1]).toBe(20);
  });

  it('leaves no pixel to two objects after enlarging, which lowering to −10 would', () => {
    const side = 16;
    const video = { width: 150, height: 100 };
    let state = 7;
    const random = () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
    const claims = [0, 1, 2].map(() => Float32Array.from({ length: side * side }, () => random() * 60 - 30));
    const box = letterbox(video, side * 4);
    const count = (sets: readonly Float32Array[]) => {
      const covered = new Uint8Array(video.width * video.height);
      for (const data of sets) {
        decodeRle(logitsToMask({ width: side, height: side, data }, box, video)).forEach((inside, i) => {
          covered[i] = (covered[i] ?? 0) + inside;
        });
      }
      return covered.filter((objects) => objects > 1).length;
    };
    expect(count(claims)).toBeGreaterThan(1000);
    expect(count(separateLogits(claims))).toBe(0);
  });
});
