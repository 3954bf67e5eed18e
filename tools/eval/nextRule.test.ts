import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../src/core/rle.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { chosenFrame } from './nextRule.ts';

const mask = encodeRle(new Uint8Array(8).fill(1, 2, 6), { width: 4, height: 2 });
const prompts = new Map([[0, { points: [] }]]);

/** An object that is prompted on frame 0 and followed with these scores. */
const tracked = [1, 0.9, 0.6, 0.9, 0.4, 0.4, 0.4].map((score, frame): TrackedObject => ({
  ...{ objectId: 1, mask, score },
  status: frame === 0 ? 'prompted' : 'tracked',
}));
const choose = (rule: 'doubtful' | 'gain', frame = 0, ...looked: number[]) =>
  chosenFrame(rule, tracked, prompts, new Set(looked), frame);

describe('chosenFrame', () => {
  it('doubtful: goes to the next place, and round', () => {
    expect(choose('doubtful')).toBe(2);
    expect(choose('doubtful', 2)).toBe(4);
    expect(choose('doubtful', 4, 4)).toBe(5);
    expect(choose('doubtful', 6, 4, 5, 6)).toBe(2);
    expect(choose('doubtful', 0, 2, 4, 5, 6)).toBeUndefined();
  });

  it('gain: goes to where most that is doubtful follows', () => {
    expect(choose('gain')).toBe(4);
    expect(choose('gain', 0, 4)).toBe(5);
  });
});
