import { describe, expect, it } from 'vitest';
import { MemoryBank, selectMemories, type MemoryEntry } from './memoryBank.ts';

const entry = (frame: number): MemoryEntry<string> => ({ frame, memory: `memory of ${frame}` });
const framesOf = (entries: readonly MemoryEntry<string>[]) => entries.map(({ frame }) => frame);
const rules = { recentRanks: [1, 2] };

describe('selectMemories', () => {
  it('takes all prompted frames, past and future, nearest first', () => {
    const { conditioning } = selectMemories([entry(0), entry(50), entry(12)], [], 20, 'forward', rules);
    expect(framesOf(conditioning)).toEqual([12, 0, 50]);
  });

  it('takes the latest tracked frames before the frame, however far back they are', () => {
    const { recent } = selectMemories([], [3, 9, 4, 8].map(entry), 30, 'forward', rules);
    expect(framesOf(recent)).toEqual([9, 8]);
  });

  it('counts back along the direction of the run', () => {
    const { recent } = selectMemories([], [3, 9, 4, 8].map(entry), 5, 'backward', rules);
    expect(framesOf(recent)).toEqual([8, 9]);
  });

  it('leaves out ranks that do not exist', () => {
    const { recent } = selectMemories([], [entry(4)], 5, 'forward', { recentRanks: [1, 4] });
    expect(framesOf(recent)).toEqual([4]);
  });
});

describe('MemoryBank', () => {
  it('holds a bounded number of memories however long the run', () => {
    const bank = new MemoryBank<string>({ recentRanks: [1, 4] });
    bank.addConditioning(entry(0));
    for (let frame = 1; frame <= 500; frame++) bank.addTracked(entry(frame));
    expect(bank.size).toBe(5);
    expect(framesOf(bank.select(501, 'forward').recent)).toEqual([500, 497]);
  });

  it('forgets tracked frames but not prompted ones when cleared', () => {
    const bank = new MemoryBank<string>(rules);
    bank.addConditioning(entry(7));
    bank.addTracked(entry(8));
    bank.clearTracked();
    const { conditioning, recent } = bank.select(6, 'backward');
    expect(framesOf(conditioning)).toEqual([7]);
    expect(recent).toEqual([]);
  });
});
