import { describe, expect, it } from 'vitest';
import { matchFrames, matchingsFor } from './matchFrames.ts';

const target = { frameCount: 4, timestamps: Float64Array.of(0, 0.04, 0.08, 0.12) };
const frames = (numbers: readonly number[], times?: readonly number[]) =>
  numbers.map((number, i) => ({ number, name: String(number), ...(times && { time: times[i]! }) }));

describe('frames of masks', () => {
  it('are matched by number where all numbers are the clip’s', () => {
    expect(matchingsFor(frames([0, 3]), target)).toEqual(['number', 'order']);
    expect(matchFrames(frames([0, 3]), target, 'number')).toEqual([0, 3]);
  });

  it('are matched one after the other where they count from 1', () => {
    const counted = frames([1, 2, 3, 4]);
    expect(matchingsFor(counted, target)[0]).toBe('order');
    expect(matchFrames(counted, target, 'order')).toEqual([0, 1, 2, 3]);
    expect(matchFrames(counted, target, 'number')).toEqual([1, 2, 3, undefined]);
  });

  it('are matched by the nearest time stamp, each frame once', () => {
    const timed = frames([10, 20, 30, 40], [0.001, 0.05, 0.075, 5]);
    expect(matchingsFor(timed, target)[0]).toBe('time');
    expect(matchFrames(timed, target, 'time')).toEqual([0, 1, 2, undefined]);
    expect(matchFrames(frames([0, 1], [0.04, 0.041]), target, 'time')).toEqual([1, undefined]);
  });
});
