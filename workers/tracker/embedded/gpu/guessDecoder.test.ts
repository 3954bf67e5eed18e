import { expect, it, vi } from 'vitest';
import { GpuSlice, type GpuMemory } from '../../../gpu/gpuMemory.ts';
import type { DeviceTensor, GraphSession, LoadOptions } from '../../../models/graph.ts';
import { onGpu } from '../../../models/tensorStore.ts';
import { IOUS, MASKS } from '../tensorNames.ts';
import { GuessDecoder, loadForGuesses } from './guessDecoder.ts';

/** Slices that have a length only. */
function slice(bytes: number): GpuSlice {
  return new GpuSlice({ buffer: {} as GPUBuffer, holders: 0, release: () => undefined }, 0, bytes);
}
const memory = {
  join: (_parts: unknown, bytes: number) => slice(bytes),
} as unknown as GpuMemory;

/** A decoder that remembers how many places it was run with, and answers with slices of as many. */
function decoder(runs: number[]) {
  const dispose = vi.fn(() => Promise.resolve());
  const session = {
    isReplayed: true,
    runInPlace: async ({ point_labels: labels }: Record<string, DeviceTensor>) => {
      const places = labels!.dims[0]!;
      runs.push(places);
      expect(onGpu(labels!).bytes).toBeLessThanOrEqual(places * 4);
      return {
        [MASKS]: { slice: slice(places * 4), dims: [] },
        [IOUS]: { slice: slice(places * 4), dims: [] },
      };
    },
    dispose,
  } as unknown as GraphSession;
  return { session, dispose };
}

/** The runs that decoding takes, by number of objects, where sessions for so many can be recorded. */
async function runsFor(count: number, objectsPerRun: number, isReplayed = true) {
  const [plain, recorded]: [number[], number[]] = [[], []];
  const load = vi.fn((_objects: number) =>
    Promise.resolve(isReplayed ? decoder(recorded).session : undefined),
  );
  const guesses = new GuessDecoder(memory, decoder(plain).session, load, objectsPerRun);
  const prompts = { coords: slice(count * 8), labels: slice(count * 4), masks: slice(count * 16) };
  const image = { slice: slice(4), dims: [1] };
  const { masks } = await guesses.decode(image, prompts, count, []);
  expect(masks.bytes).toBe(count * 4);
  await guesses.decode(image, prompts, count, []);
  await guesses.dispose();
  return { plain, recorded, loaded: load.mock.calls.map(([objects]) => objects) };
}

it.each([
  [1, [1]],
  [2, [2]],
  [3, [4]],
  [5, [8]],
  [8, [8]],
  [9, [8, 1]],
  [19, [8, 8, 4]],
])('%i objects are decoded by recorded runs with %j places', async (count, places) => {
  expect(await runsFor(count, Infinity)).toEqual({
    ...{ plain: [], recorded: [...places, ...places] },
    loaded: [...new Set(places)],
  });
});

it('where runs cannot be replayed, as many as memory allows are decoded at once', async () => {
  expect(await runsFor(7, 7, false)).toEqual({ plain: [7, 7], recorded: [], loaded: [4] });
  expect((await runsFor(7, 5, false)).plain).toEqual([5, 2, 5, 2]);
});

it('what recorded runs keep is of no more objects in all than one run may have', async () => {
  expect((await runsFor(8, 8)).recorded).toEqual([4, 4, 4, 4]);
  expect((await runsFor(7, 14)).recorded).toEqual([4, 4, 4, 4]);
  expect((await runsFor(7, 15)).recorded).toEqual([8, 8]);
  expect((await runsFor(3, 1)).recorded).toEqual([1, 1, 1, 1, 1, 1]);
});

it('a session that could not be loaded is tried again, and all are let go', async () => {
  const runs: number[] = [];
  const { session, dispose } = decoder(runs);
  const load = vi.fn(() => Promise.resolve(session)).mockRejectedValueOnce(new Error('no memory'));
  const guesses = new GuessDecoder(memory, decoder([]).session, load, Infinity);
  const prompts = { coords: slice(8), labels: slice(4), masks: slice(16) };
  const decode = () => guesses.decode({ slice: slice(4), dims: [1] }, prompts, 1, []);
  await expect(decode()).rejects.toThrow('no memory');
  await decode();
  expect(runs).toEqual([1]);
  await guesses.dispose();
  expect(dispose).toHaveBeenCalledOnce();
});

it('a session for so many objects is loaded with their number, to be replayed', async () => {
  const load = vi.fn((_name: string, _file: Uint8Array, _how?: LoadOptions) =>
    Promise.resolve(decoder([]).session),
  );
  await loadForGuesses({ load }, new Uint8Array())(4);
  expect(load.mock.calls[0]?.[2]).toMatchObject({
    replay: true,
    sizes: { num_objects: 4, num_pictures: 1 },
  });
});
