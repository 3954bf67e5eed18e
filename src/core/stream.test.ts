import { afterEach, describe, expect, it, vi } from 'vitest';
import { MaskletError } from './errors.ts';
import { iteratePort, pumpToPort } from './stream.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function channel(): [producer: MessagePort, consumer: MessagePort] {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return [port1, port2];
}

/** Time for whatever is on its way between ports to arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

/** Counts up, and says how far it got and how it ended. */
function counter(limit = 1000) {
  const state = { made: 0, ended: false, signal: undefined as AbortSignal | undefined };
  async function* produce(signal: AbortSignal) {
    state.signal = signal;
    try {
      for (let i = 0; i < limit; i++) {
        state.made++;
        yield i;
        await Promise.resolve();
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, produce };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a stream over a port', () => {
  it('delivers everything, in order, and ends on both sides', async () => {
    const [producer, consumer] = channel();
    const { state, produce } = counter(100);
    const pumped = pumpToPort(producer, produce);
    expect(await collect(iteratePort<number>(consumer))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('ends at once when there is nothing', async () => {
    const [producer, consumer] = channel();
    void pumpToPort(producer, counter(0).produce);
    expect(await collect(iteratePort(consumer))).toEqual([]);
  });

  it('makes the producer wait for a slow consumer', async () => {
    const [producer, consumer] = channel();
    const { state, produce } = counter();
    void pumpToPort(producer, produce);
    const items = iteratePort<number>(consumer);
    await items.next();
    await settle();
    const ahead = state.made;
    expect(ahead).toBeLessThanOrEqual(6);
    await settle();
    expect(state.made).toBe(ahead);
    await items.next();
    await vi.waitFor(() => expect(state.made).toBe(ahead + 1));
    await items.return();
  });

  it('makes nothing to send before anybody reads', async () => {
    const [producer] = channel();
    const { state, produce } = counter();
    void pumpToPort(producer, produce);
    await settle();
    expect(state.made).toBeLessThanOrEqual(1);
  });

  it('stops the producer when the consumer leaves early', async () => {
    const [producer, consumer] = channel();
    const { state, produce } = counter();
    const pumped = pumpToPort(producer, produce);
    for await (const item of iteratePort<number>(consumer)) if (item === 2) break;
    await pumped;
    expect(state.signal?.aborted).toBe(true);
    expect(state.ended).toBe(true);
    const { made } = state;
    await settle();
    expect(state.made).toBe(made);
  });

  it('throws `aborted` and stops the producer when the consumer’s signal fires', async () => {
    const [producer, consumer] = channel();
    const { state, produce } = counter();
    const abort = new AbortController();
    const pumped = pumpToPort(producer, produce);
    const items = iteratePort<number>(consumer, abort.signal);
    await items.next();
    abort.abort();
    await expect(items.next()).rejects.toMatchObject({ code: 'aborted' });
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('lets a waiting consumer go at once when its signal fires, though the producer is stuck', async () => {
    const [producer, consumer] = channel();
    const abort = new AbortController();
    let stopped = false;
    void pumpToPort(producer, async function* (signal) {
      signal.addEventListener('abort', () => (stopped = true));
      await new Promise(() => undefined);
      yield 1;
    });
    const next = iteratePort<number>(consumer, abort.signal).next();
    await settle();
    abort.abort();
    await expect(next).rejects.toMatchObject({ code: 'aborted' });
    await vi.waitFor(() => expect(stopped).toBe(true));
  });

  it('is over before it begins when the signal has fired already', async () => {
    const [producer, consumer] = channel();
    const { state, produce } = counter();
    const pumped = pumpToPort(producer, produce);
    await expect(iteratePort(consumer, AbortSignal.abort()).next()).rejects.toMatchObject({
      code: 'aborted',
    });
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('carries the producer’s error, with its code, after the items before it', async () => {
    const [producer, consumer] = channel();
    const pumped = pumpToPort(producer, async function* () {
      yield 'one';
      throw new MaskletError('frame-undecodable', 'Frame 1 is damaged.');
    });
    const items = iteratePort<string>(consumer);
    expect(await items.next()).toEqual({ done: false, value: 'one' });
    await expect(items.next()).rejects.toMatchObject({
      code: 'frame-undecodable',
      message: 'Frame 1 is damaged.',
    });
    await expect(pumped).resolves.toBeUndefined();
  });

  it('moves what is named for transfer instead of copying it', async () => {
    const [producer, consumer] = channel();
    const bytes = Uint8Array.of(1, 2, 3);
    void pumpToPort(
      producer,
      async function* () {
        yield bytes;
      },
      (value) => [value.buffer],
    );
    expect(await collect(iteratePort<Uint8Array>(consumer))).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(bytes.byteLength).toBe(0);
  });
});
