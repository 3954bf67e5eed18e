import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import type { MemoryEntry } from '../run/memoryBank.ts';
import type { EmbeddedMemory } from './memory.ts';
import { expectedOn, unexpected } from './expected.ts';
import type { Target } from './targetState.ts';

/** A memory that is told from others by its look. */
function entry(frame: number): MemoryEntry<EmbeddedMemory> {
  const nothing = tensor(new Float32Array(1), [1]);
  const memory = {
    grid: { width: 64, height: 36 },
    ...{ descriptors: nothing, meanDescriptor: nothing, label: nothing },
    look: tensor(Float32Array.of(frame), [1]),
    ...{ bounds: null, area: 100, peakMean: undefined, likeness: new Map<number, number>() },
    ...{ predictedIou: 1, agreement: 1, reviewed: true, alike: undefined },
  };
  return { frame, memory };
}

function target(role: Target['role'], object: number, lost = false): Target {
  const recent = entry(8);
  const memories = {
    ...{ conditioning: [entry(0)], longTerm: [entry(5)], recent: [recent], distractor: undefined },
    ...{ frame: 9, direction: 'forward' as const, frameCount: 99 },
  };
  const seen = { bounds: null, area: 100, peakMean: undefined };
  return { role, object, memories, state: { ...seen, age: 1, lost, usualArea: 100, expected: null } };
}

/** @param lost whether each of them is */
const objects = (...lost: boolean[]) => lost.map((isLost, i) => target('object', i, isLost));

/** The first two are of one layer, and so are the last two. */
const inTwoLayers = (a: number, b: number) => a < 2 === b < 2;

const searchesOf = (...given: Parameters<typeof expectedOn>) =>
  expectedOn(...given).map((together) => together.map(({ search }) => search));

describe('what a frame is expected to show', () => {
  it('is each object that the frame before showed, beside those that it is kept apart from', () => {
    const four = objects(false, true, false, false);
    expect(searchesOf(four, () => true)).toEqual([[0, 2, 3]]);
    expect(searchesOf(four, inTwoLayers)).toEqual([[0], [2, 3]]);
    expect(searchesOf(four, () => false)).toEqual([[0], [2], [3]]);
  });

  it('is each distractor that the frame before showed, but none that nobody knows yet', () => {
    const targets = [
      ...objects(false, false, false),
      target('distractor', 0),
      target('distractor', 1, true),
      target('unknown', 2),
    ];
    expect(searchesOf(targets, () => true)).toEqual([[0, 1, 2], [3]]);
  });

  it('is compared with the first prompted frame and those that are kept for long', () => {
    const [[object] = []] = expectedOn(objects(false), () => true);
    expect(object?.earlierLooks.map((look) => 'data' in look && look.data[0])).toEqual([0, 5]);
  });

  it('does not come true for any that is kept apart from one that is gone, or there again', () => {
    const four = objects(false, true, false, false);
    expect(unexpected(four, [true, false, true, true], inTwoLayers)).toEqual([]);
    expect(unexpected(four, [true, true, true, true], inTwoLayers)).toEqual([0, 1]);
    expect(unexpected(four, [true, false, false, true], inTwoLayers)).toEqual([2, 3]);
    expect(unexpected(four, [true, false, false, true], () => false)).toEqual([2]);
  });
});
