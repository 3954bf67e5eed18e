import { expect, it } from 'vitest';
import { oneAtATime } from './oneAtATime.ts';

it('does one thing after the other, in the order asked, and goes on after a failure', async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  let finish: () => void = () => undefined;
  const first = inTurn(async () => {
    log.push('first begins');
    await new Promise<void>((resolve) => (finish = resolve));
    log.push('first ends');
    throw new Error('It failed.');
  });
  const second = inTurn(() => {
    log.push('second');
    return Promise.resolve(2);
  });
  const third = inTurn(() => Promise.resolve(log.push('third')));
  await Promise.resolve();
  expect(log).toEqual(['first begins']);
  finish();
  await expect(first).rejects.toThrow('It failed.');
  expect([await second, await third]).toEqual([2, 4]);
  expect(log).toEqual(['first begins', 'first ends', 'second', 'third']);
});
