import { describe, expect, it } from 'vitest';
import { commit, HISTORY_LIMIT, jump, mapHistory, newHistory, redo, undo } from './history.ts';

describe('History', () => {
  const three = commit(commit(newHistory('a'), 'b', 'to b'), 'c', 'to c');

  it('walks back and forth through the steps', () => {
    const back = undo(undo(three));
    expect(back.present).toBe('a');
    expect(back.future.map((step) => step.label)).toEqual(['to b', 'to c']);
    expect(redo(back).present).toBe('b');
    expect(redo(redo(back))).toEqual(three);
  });

  it('jumps to any state, and back', () => {
    expect(jump(three, 0)).toEqual(undo(undo(three)));
    expect(jump(jump(three, 0), 1).present).toBe('b');
    expect(jump(jump(three, 0), 2)).toEqual(three);
    expect(jump(three, 2)).toBe(three);
    expect(jump(three, 9)).toBe(three);
  });

  it('stays where it is when there is nothing to undo or redo', () => {
    expect(undo(newHistory('a'))).toEqual(newHistory('a'));
    expect(redo(three)).toBe(three);
  });

  it('forgets what was undone when something else is done', () => {
    const other = commit(undo(three), 'd', 'to d');
    expect(other.future).toEqual([]);
    expect(undo(other).present).toBe('b');
  });

  it('makes no step of a value that did not change', () => {
    expect(commit(three, 'c', 'again')).toBe(three);
  });

  it('keeps the newest steps only', () => {
    let history = newHistory(0);
    for (let i = 1; i <= HISTORY_LIMIT + 5; i++) history = commit(history, i, 'count');
    expect(history.past).toHaveLength(HISTORY_LIMIT);
    expect(history.past[0]?.value).toBe(5);
  });

  it('puts a late result into every value to which it belongs', () => {
    const amended = mapHistory(undo(three), (value) => (value === 'a' ? value : `${value}!`));
    expect(amended.past.map((step) => step.value)).toEqual(['a']);
    expect(amended.present).toBe('b!');
    expect(amended.future.map((step) => step.value)).toEqual(['c!']);
  });

  it('is the same history when a late result belongs to none', () => {
    expect(mapHistory(three, (value) => value)).toBe(three);
  });
});
