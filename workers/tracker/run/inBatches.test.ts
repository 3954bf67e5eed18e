import { expect, it } from 'vitest';
import { inBatches } from './inBatches.ts';

it.each([
  [2, [[0, 1], [2, 3], [4]]],
  [5, [[0, 1, 2, 3, 4]]],
  [Infinity, [[0, 1, 2, 3, 4]]],
])('takes at most %d items at a time, and gives the results in order', async (most, expected) => {
  const batches: (readonly number[])[] = [];
  const results = await inBatches([10, 11, 12, 13, 14], most, (batch, from) => {
    batches.push(batch.map((_, i) => from + i));
    return Promise.resolve(batch.map((item) => 2 * item));
  });
  expect(batches).toEqual(expected);
  expect(results).toEqual([20, 22, 24, 26, 28]);
});

it('does no work for no items', async () => {
  expect(await inBatches([], 3, () => Promise.reject(new Error('There is nothing to do.')))).toEqual([]);
});
