import { expect, it } from 'vitest';
import { serve } from './serve.ts';

/** As much of a worker's global scope as `serve` uses. */
function workerScope() {
  const listeners: unknown[] = [];
  const locks: string[] = [];
  const scope = {
    name: 'masklet-1',
    navigator: { locks: { request: (name: string) => Promise.resolve(locks.push(name)) } },
    addEventListener: (_: string, listener: unknown) => listeners.push(listener),
    postMessage: () => undefined,
  };
  return { scope: scope as unknown as DedicatedWorkerGlobalScope, listeners, locks };
}

it('serves once, however often an entry point is evaluated', () => {
  const { scope, listeners, locks } = workerScope();
  let made = 0;
  const make = () => ({ number: ++made });
  serve(scope, make);
  serve(scope, make);
  expect({ made, listening: listeners.length, locks }).toEqual({
    made: 1,
    // Of the service, and for signs of life.
    listening: 2,
    locks: ['masklet-1'],
  });
});
