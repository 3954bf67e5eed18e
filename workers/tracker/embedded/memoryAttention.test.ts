import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { tensor, type DeviceTensor } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { boundsAbove, type Grid } from '../masks/grid.ts';
import { DESCRIPTOR, meanDescriptor, type EmbeddedFeatures } from './features.ts';
import {
  EmbeddedMemoryAttention,
  planAttention,
  summariseGuess,
  type AttendableFrame,
} from './memoryAttention.ts';

const GRID = { width: 24, height: 6 };
const CELLS = GRID.width * GRID.height;

/** Features in which each kind of cell has its own random descriptor; `kinds` gives the kind of each cell. */
function featuresOf(kinds: readonly number[]): EmbeddedFeatures {
  const descriptors = new Float32Array(CELLS * DESCRIPTOR);
  kinds.forEach((kind, cell) => {
    let seed = kind * 7919 + 1;
    for (let channel = 0; channel < DESCRIPTOR; channel++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      descriptors[cell * DESCRIPTOR + channel] = seed / 2 ** 30 - 1;
    }
  });
  const video = { width: GRID.width * 16, height: GRID.height * 16 };
  return {
    video,
    letterbox: letterbox(video, 1024),
    imageEmbedding: tensor(new Float32Array(1), [1]),
    grid: GRID,
    descriptors: tensor(descriptors, [CELLS, DESCRIPTOR]),
    meanDescriptor: tensor(meanDescriptor(descriptors), [DESCRIPTOR]),
  };
}

/** A frame of background (kind 0) with an object (kind 1) on the columns given. */
function frameWithObjectAt(...columns: number[]) {
  const isObject = (cell: number) => columns.includes(cell % GRID.width);
  const features = featuresOf(Array.from({ length: CELLS }, (_, cell) => (isObject(cell) ? 1 : 0)));
  return { features, memory: labelled(features, isObject) };
}

/** The memory of a frame on which these cells are the object's. */
function labelled(
  { grid, descriptors, meanDescriptor }: EmbeddedFeatures,
  isObject: (cell: number) => boolean,
) {
  const data = Float32Array.from({ length: CELLS }, (_, cell) => (isObject(cell) ? 1 : 0));
  const bounds = boundsAbove({ ...GRID, data }, 0.5);
  return { grid, descriptors, meanDescriptor, label: tensor(data, [CELLS]), bounds };
}

const attention = await EmbeddedMemoryAttention.load(createNodeRuntime({ threads: 1 }));

/** The columns that a guess finds the object on. */
async function guessColumns(
  memory: AttendableFrame & { readonly meanDescriptor: DeviceTensor },
  to: EmbeddedFeatures,
  local: boolean,
  all = false,
) {
  const attended = { memory, local, whole: false, discount: 0 };
  const plan = planAttention(GRID, [attended], all ? null : memory.bounds);
  const { probability } = await attention.guess(to, plan, memory.meanDescriptor);
  return likelyColumns(probability);
}

function likelyColumns({ data }: Grid): number[] {
  return Array.from({ length: GRID.width }, (_, x) => x).filter((x) => (data[x] ?? 0) > 0.5);
}

describe('memory attention', () => {
  it('finds a moved object by its look', async () => {
    const { memory } = frameWithObjectAt(3, 4);
    expect(await guessColumns(memory, frameWithObjectAt(6, 7).features, true)).toEqual([6, 7]);
  });

  it('tells two that look alike apart by where they were, where the memory is recent', async () => {
    const before = labelled(frameWithObjectAt(3, 10).features, (cell) => cell % GRID.width === 3);
    const { features } = frameWithObjectAt(4, 11);
    expect(await guessColumns(before, features, true)).toEqual([4]);
  });

  it('believes a discounted memory less than one that is not', async () => {
    const { features, memory } = frameWithObjectAt(3);
    const wrong = labelled(features, () => false);
    for (const [discount, expected] of [
      [5, [3]],
      [-5, []],
    ] as const) {
      const attended = [
        { memory, local: false, whole: true, discount: 0 },
        { memory: wrong, local: false, whole: true, discount },
      ];
      const { probability } = await attention.guess(
        features,
        planAttention(GRID, attended, null),
        memory.meanDescriptor,
      );
      expect(likelyColumns(probability)).toEqual(expected);
    }
  });

  it('reports how like the best memory the object is', async () => {
    const { features, memory } = frameWithObjectAt(3);
    const attended = [{ memory, local: false, whole: true, discount: 0 }];
    const guess = await attention.guess(features, planAttention(GRID, attended, null), memory.meanDescriptor);
    expect(summariseGuess(guess).peak).toBeCloseTo(1, 3);
  });

  it('finds an object anywhere, where it was lost', async () => {
    const { memory } = frameWithObjectAt(3);
    expect(await guessColumns(memory, frameWithObjectAt(22).features, false, true)).toEqual([22]);
  });

  it('does not look far from where the object was', async () => {
    const { memory } = frameWithObjectAt(3);
    expect(await guessColumns(memory, frameWithObjectAt(22).features, true)).toEqual([]);
  });

  it('says that nothing of an object is there, where it is gone', async () => {
    const { memory } = frameWithObjectAt(3);
    expect(await guessColumns(memory, frameWithObjectAt().features, false, true)).toEqual([]);
  });
});
