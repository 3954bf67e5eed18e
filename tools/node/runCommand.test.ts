import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EXIT, stopSignal } from './runCommand.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const own: NodeJS.SignalsListener[] = [];

beforeEach(() => {
  own.push(...SIGNALS.flatMap((signal) => process.listeners(signal)));
  vi.useFakeTimers({ toFake: ['performance'], now: 60_000 });
});
afterEach(() => {
  for (const signal of SIGNALS)
    for (const added of process.listeners(signal).filter((each) => !own.includes(each)))
      process.off(signal, added);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('a signal that comes once more at once, as npm passes it on, leaves the time to save; a later one does not', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const stop = stopSignal();
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(20);
  process.emit('SIGTERM', 'SIGTERM');
  expect(stop.signal.aborted).toBe(true);
  expect(stop.exitCode()).toBe(EXIT.terminated);
  expect(exit).not.toHaveBeenCalled();

  vi.advanceTimersByTime(2_000);
  process.emit('SIGINT', 'SIGINT');
  expect(exit).toHaveBeenCalledWith(EXIT.interrupted);
});
