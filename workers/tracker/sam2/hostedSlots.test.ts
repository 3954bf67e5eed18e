import { describe, expect, it } from 'vitest';
import { tensor, type DeviceTensor } from '../../models/graph.ts';
import { HOSTED_RULES } from '../../models/sam2Manifest.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { Sam2Memory } from './contract.ts';
import { fillSlots } from './hostedSlots.ts';

/** A memory that can be told by its frame. */
const entry = (frame: number) => ({
  frame,
  memory: { tokens: tensor(Float32Array.of(frame), [1]), pointer: tensor(Float32Array.of(frame), [1]) },
});

const valueOf = (given: DeviceTensor) => ('data' in given ? given.data[0] : undefined);

function slots(selected: Partial<SelectedMemories<Sam2Memory>>) {
  const { memories, pointers, shares } = fillSlots(
    {
      frame: 8,
      direction: 'forward',
      frameCount: 12,
      conditioning: [],
      longTerm: [],
      recent: [],
      ...selected,
    },
    HOSTED_RULES,
  );
  return {
    memories: memories.map(({ memory, row }) => [valueOf(memory.tokens), row]),
    pointers: pointers.map(({ memory }) => valueOf(memory.pointer)),
    shares: Array.from(shares, (share) => Math.round(share * 11)),
  };
}

describe('the fixed slots', () => {
  it('hold conditioning frames, then tracked ones from the nearest on', () => {
    const filled = slots({ conditioning: [entry(0)], recent: [7, 6, 5, 4, 3, 2].map(entry) });
    expect(filled.memories).toEqual([
      [0, 6],
      [7, 0],
      [6, 1],
      [5, 2],
      [4, 3],
      [3, 4],
      [2, 5],
    ]);
    expect(filled.pointers.slice(0, 7)).toEqual([0, 7, 6, 5, 4, 3, 2]);
    expect(filled.shares.slice(0, 7)).toEqual([8, 1, 2, 3, 4, 5, 6]);
  });

  it('repeat the newest of what there is', () => {
    const filled = slots({ conditioning: [entry(6)], recent: [entry(7)] });
    expect(filled.memories).toEqual([[6, 6], ...Array.from({ length: 6 }, () => [7, 0])]);
    expect(filled.pointers).toEqual([6, ...new Array<number>(15).fill(7)]);
  });

  it('repeat a prompted frame that is nearer than any tracked one, of two the one that was passed', () => {
    const filled = slots({ conditioning: [entry(7), entry(9)], recent: [entry(5)] });
    expect(filled.memories).toEqual([[7, 6], [9, 6], [5, 2], ...Array.from({ length: 4 }, () => [7, 6])]);
    expect(filled.pointers.slice(0, 4)).toEqual([7, 5, 7, 7]);
  });

  it('take seven conditioning frames at most: the nearest on each side, then by distance', () => {
    const filled = slots({ conditioning: [0, 1, 2, 3, 4, 9, 10, 11].map(entry) });
    expect(filled.memories.map(([frame]) => frame)).toEqual([4, 9, 10, 11, 3, 2, 1]);
  });

  it('look ahead for pointers where nothing is behind', () => {
    const filled = slots({ direction: 'backward', conditioning: [entry(2), entry(5)] });
    expect(filled.pointers.slice(0, 4)).toEqual([2, 5, 5, 5]);
    expect(filled.shares.slice(0, 3)).toEqual([-6, -3, -3]);
  });
});
