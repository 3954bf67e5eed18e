import { describe, expect, it } from 'vitest';
import type { Sam2Rules } from '../../models/sam2Manifest.ts';
import { selectMemories, type Direction, type MemoryEntry } from '../run/memoryBank.ts';
import {
  closestConditioning,
  pointerReach,
  selectPointers,
  selectSpatial,
  sinePosition,
} from './memorySelection.ts';

const RULES: Sam2Rules = {
  spatialMemories: 7,
  objectPointers: 16,
  conditioningFrames: -1,
  pointerPosition: true,
  multimaskPoints: { least: 0, most: 1 },
  binarize: 'batch',
  paddingBias: -1e4,
};

/** A memory here is where it comes from: `c12` of prompted frame 12, `t12` of tracked frame 12. */
const entries = (kind: 'c' | 't', frames: readonly number[]): MemoryEntry<string>[] =>
  frames.map((frame) => ({ frame, memory: `${kind}${frame}` }));

function at(
  frame: number,
  conditioning: readonly number[],
  tracked: readonly number[],
  { direction = 'forward', frameCount = 100 }: { direction?: Direction; frameCount?: number } = {},
) {
  const memories = { conditioning: entries('c', conditioning), longTerm: [], recent: entries('t', tracked) };
  return selectMemories(memories, { frame, direction, frameCount });
}

const spatial = (...args: Parameters<typeof at>) =>
  selectSpatial(at(...args), RULES).map(({ memory, row }) => `${memory}:${row}`);
const pointers = (...args: Parameters<typeof at>) =>
  selectPointers(at(...args), RULES).map(({ memory, distance }) => `${memory}:${distance}`);

describe('selectSpatial', () => {
  it('gives prompted frames, past and future, the last row, and tracked ones the row of their distance', () => {
    expect(spatial(10, [0, 20], [4, 5, 7, 9])).toEqual(['c0:6', 'c20:6', 't4:5', 't5:4', 't7:2', 't9:0']);
  });

  it('goes by distance, not by rank: what lies further back than six frames is left out', () => {
    expect(spatial(10, [0], [1, 2, 3])).toEqual(['c0:6']);
  });

  it('looks the other way in reverse', () => {
    const reverse = { direction: 'backward' as const };
    expect(spatial(10, [20], [4, 9, 11, 16, 17], reverse)).toEqual(['c20:6', 't16:5', 't11:0']);
  });

  it('takes a prompted frame beyond the cap as if it had been tracked', () => {
    const rules = { ...RULES, conditioningFrames: 2 };
    const selected = selectSpatial(at(10, [8, 9, 11, 30], []), rules);
    expect(selected.map(({ memory, row }) => `${memory}:${row}`)).toEqual(['c9:6', 'c11:6', 'c8:1']);
  });
});

describe('closestConditioning', () => {
  const closest = (frame: number, frames: readonly number[], most: number) =>
    closestConditioning(at(frame, frames, []).conditioning, frame, most).map((entry) => entry.frame);

  it('takes all without a cap', () => {
    expect(closest(5, [0, 9, 40], -1)).toEqual([9, 0, 40].sort((a, b) => Math.abs(a - 5) - Math.abs(b - 5)));
  });

  it('takes the closest before and the closest at or after, then by distance', () => {
    expect(closest(10, [1, 2, 3, 30], 2)).toEqual([3, 30]);
    expect(closest(10, [1, 2, 3, 30], 3)).toEqual([3, 30, 2]);
    expect(closest(10, [10, 9, 8], 2)).toEqual([9, 10]);
  });
});

describe('selectPointers', () => {
  it('takes those of prompted frames that the run has passed, and no future one', () => {
    expect(pointers(10, [0, 20], [])).toEqual(['c0:10']);
    expect(pointers(10, [0, 20], [], { direction: 'backward' })).toEqual(['c20:10']);
  });

  it('takes those of tracked frames less than sixteen frames behind', () => {
    expect(pointers(20, [0], [4, 5, 19])).toEqual(['c0:20', 't19:1', 't5:15']);
  });

  it('reaches no further than the clip is long', () => {
    expect(pointerReach(12, RULES)).toBe(12);
    expect(pointerReach(500, RULES)).toBe(16);
  });
});

describe('sinePosition', () => {
  it('is sines, then cosines, of slower and slower waves, two of each', () => {
    const position = sinePosition(0.5, 8);
    const phases = [0.5, 0.5, 0.5 / 100, 0.5 / 100];
    expect([...position]).toEqual([...phases.map(Math.sin), ...phases.map(Math.cos)].map(Math.fround));
  });
});
