import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pulse } from './pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker that gives signs of life while `lives`, and one answer that is waited for until `give`. */
function watched() {
  const worker = { lives: true, asked: 0, hangs: 0 };
  const pulse: Pulse = new Pulse({
    patience: 15_000,
    ask: () => {
      worker.asked++;
      if (worker.lives) pulse.hear();
    },
    onHang: () => worker.hangs++,
  });
  let give: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (give = resolve));
  return { worker, pulse, answer, give };
}

it('a worker that computes for long and gives signs of life is left alone', async () => {
  const { worker, pulse, answer, give } = watched();
  pulse.hear();
  const got = pulse.answer(answer);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(worker).toMatchObject({ hangs: 0, asked: 120 });
  give();
  await got;
  expect(vi.getTimerCount()).toBe(0);
});

it('one that gives none is told of, once', async () => {
  const { worker, pulse, answer } = watched();
  pulse.hear();
  void pulse.answer(answer);
  await vi.advanceTimersByTimeAsync(60_000);
  worker.lives = false;
  await vi.advanceTimersByTimeAsync(14_000);
  expect(worker.hangs).toBe(0);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(worker.hangs).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('nothing is asked of a worker that owes nothing, nor of one that is still being loaded', async () => {
  const { worker, pulse, answer } = watched();
  await vi.advanceTimersByTimeAsync(60_000);
  void pulse.answer(answer);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(worker).toMatchObject({ hangs: 0, asked: 0 });
});
