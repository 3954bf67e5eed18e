import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function answer(): { promise: Promise<number>; give: () => void } {
  let give: () => void = () => undefined;
  const promise = new Promise<number>((resolve) => (give = () => resolve(1)));
  return { promise, give };
}

function watched() {
  const said: boolean[] = [];
  return { said, dog: new Watchdog(60_000, (isSilent) => said.push(isSilent)) };
}

it('a worker that answers in time is not spoken of', async () => {
  const { said, dog } = watched();
  for (let n = 0; n < 5; n++) {
    const { promise, give } = answer();
    const got = dog.answer(promise);
    await vi.advanceTimersByTimeAsync(50_000);
    give();
    expect(await got).toBe(1);
  }
  await vi.advanceTimersByTimeAsync(500_000);
  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('silence is told once, and so is its end', async () => {
  const { said, dog } = watched();
  const [first, second] = [answer(), answer()];
  const all = [dog.answer(first.promise), dog.answer(second.promise)];
  await vi.advanceTimersByTimeAsync(59_000);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(said).toEqual([true]);
  first.give();
  await all[0];
  expect(said).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(said).toEqual([true, false, true]);
  second.give();
  await all[1];
  expect(said).toEqual([true, false, true, false]);
});

it('a stream is watched while its next item is waited for, not while nobody asks for one', async () => {
  const { said, dog } = watched();
  const next = answer();
  const items = dog.stream(
    (async function* () {
      yield 1;
      yield await next.promise;
    })(),
  );
  await items.next();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(said).toEqual([]);
  const waited = items.next();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(said).toEqual([true]);
  next.give();
  expect((await waited).value).toBe(1);
  expect((await items.next()).done).toBe(true);
  expect(said).toEqual([true, false]);
});
