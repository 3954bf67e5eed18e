import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../src/core/rle.ts';
import { runTable } from './runTable.ts';

const SIZE = { width: 3, height: 2 };

describe('runTable', () => {
  it('has the runs of all masks, one after the other, by where they end', () => {
    const left = encodeRle(Uint8Array.of(1, 0, 0, 1, 0, 0), SIZE);
    const middle = encodeRle(Uint8Array.of(0, 1, 0, 0, 0, 0), SIZE);
    const { firsts, ends } = runTable([left, middle]);
    expect([...firsts]).toEqual([0, 3, 6]);
    expect([...ends]).toEqual([0, 2, 6, 2, 3, 6]);
  });

  it('is empty without masks', () => {
    const { firsts, ends } = runTable([]);
    expect([[...firsts], [...ends]]).toEqual([[0], []]);
  });
});
