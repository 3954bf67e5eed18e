import { expect, it } from 'vitest';
import { median, takeTurns, type Contender } from './takeTurns.ts';

it('lets both run alternately, and does not count the first turn of each', async () => {
  const order: string[] = [];
  const contender = (name: string, times: number[]): Contender => ({
    name,
    run: () => {
      order.push(name);
      return Promise.resolve(times.shift()!);
    },
  });
  const pair = await takeTurns('task', contender('a', [900, 4, 30, 8]), contender('b', [900, 2, 10, 2]), 3);
  expect(order.join('')).toBe('babababa');
  expect(pair).toEqual({
    ...{ task: 'task', ours: 'a', baseline: 'b', rounds: 3 },
    ...{ oursMs: 8, baselineMs: 2, ratio: 3 },
  });
});

it.each([
  [[], NaN],
  [[3], 3],
  [[4, 1], 2.5],
  [[10, 9, 1], 9],
])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected));
