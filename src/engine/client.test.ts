import * as Comlink from 'comlink';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { MaskletError } from '../core/errors.ts';
import { pumpToPort, type Stream } from '../core/stream.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost } from './worker.ts';

interface CounterApi {
  double(value: number): Promise<number>;
  count(from: number, to: number, stream: Stream<number>): Promise<void>;
}

/** What the worker has been asked, and whether its stream has ended. */
interface Seen {
  readonly counts: number[][];
  isOver: boolean;
}

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A client of a counter, behind a port that passes for a worker. */
function counter() {
  const seen: Seen = { counts: [], isOver: false };
  const api: CounterApi = {
    double: async (value) => {
      if (value < 0) throw new MaskletError('not-ready', 'No negative numbers.');
      return 2 * value;
    },
    count: (...[from, to, stream]) => {
      seen.counts.push([from, to]);
      return pumpToPort(stream, async function* () {
        try {
          for (let i = from; i < to; i++) yield i;
        } finally {
          seen.isOver = true;
        }
      });
    },
  };
  const onCrash = vi.fn();
  const host = new WorkerHost<CounterApi>(
    () => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      Comlink.expose(api, port2);
      return Object.assign(port1, { terminate: () => port1.close() }) as unknown as Worker;
    },
    { onCrash },
  );
  return { seen, onCrash, host, client: clientOf(host, { double: 'answers', count: 'streams' }) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a client', () => {
  it('answers, or fails with the worker’s code', async () => {
    const { client } = counter();
    expect(await client.double(21)).toBe(42);
    await expect(client.double(-1)).rejects.toMatchObject({ code: 'not-ready' });
  });

  it.each<[string, [signal?: AbortSignal | undefined]]>([
    ['without a signal', []],
    ['with a signal left open', [undefined]],
    ['with a signal', [new AbortController().signal]],
  ])('streams %s', async (_, signal) => {
    const { client, seen } = counter();
    expect(await collect(client.count(2, 12, ...signal))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(seen.counts).toEqual([[2, 12]]);
  });

  it('starts a stream’s work when it is read, and ends it with the signal', async () => {
    const { client, seen } = counter();
    const abort = new AbortController();
    const items = client.count(0, 1_000_000, abort.signal);
    expect(seen.counts).toEqual([]);
    await items.next();
    abort.abort();
    await expect(items.next()).rejects.toMatchObject({ code: 'aborted' });
    await vi.waitFor(() => expect(seen.isOver).toBe(true));
  });

  it('ends calls and streams when the worker dies, and starts another one for the next', async () => {
    const { client, host, onCrash } = counter();
    const items = client.count(0, 1_000_000);
    await items.next();
    const call = client.double(1);
    host.giveUp('it did not answer');
    await expect(call).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(collect(items)).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(onCrash).toHaveBeenCalledOnce();
    expect(await client.double(2)).toBe(4);
  });
});

describe('a client’s type', () => {
  it('comes from the contract', () => {
    expectTypeOf<Client<CounterApi>['double']>().toEqualTypeOf<(value: number) => Promise<number>>();
    expectTypeOf<Client<CounterApi>['count']>().toEqualTypeOf<
      (from: number, to: number, signal?: AbortSignal) => AsyncGenerator<number, void, undefined>
    >();
  });

  it('needs to be told which methods stream, all of them and rightly', () => {
    const { host } = counter();
    // @ts-expect-error A method is missing.
    clientOf(host, { count: 'streams' });
    // @ts-expect-error It answers once.
    clientOf(host, { double: 'streams', count: 'streams' });
    // @ts-expect-error It streams.
    clientOf(host, { double: 'answers', count: 'answers' });
  });
});
