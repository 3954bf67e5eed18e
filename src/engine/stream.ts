import * as Comlink from 'comlink';
import { iteratePort, streamChannel, type Stream } from '../core/stream.ts';
import type { WorkerHost } from './worker.ts';

/**
 * Runs a streaming method of a worker and yields what it sends. Stopping early or firing `signal` cancels the work; the
 * worker's death ends the iteration with `worker-crashed`.
 */
export async function* streamFrom<Api, T>(
  host: WorkerHost<Api>,
  start: (remote: Api, stream: Stream<T>) => Promise<unknown>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const [near, far] = streamChannel<T>();
  const ended = host.ended;
  const started = host.call((remote) => start(remote, Comlink.transfer(far, [far])));
  const stop = new AbortController();
  const items = iteratePort(near, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
  const failed = Promise.race([ended, started.then(() => new Promise<never>(() => undefined))]);
  failed.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([items.next(), failed]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // The signal ends a wait for the next item, after the worker has died; `return` ends a pause between two.
    stop.abort();
    void items.return();
  }
}
