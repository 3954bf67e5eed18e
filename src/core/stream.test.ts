import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { MaskletError } from './errors.ts';
import { iteratePort, pumpToPort, streamChannel, type Stream } from './stream.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function channel<T>(): readonly [producer: Stream<T>, consumer: Stream<T>] {
  const ends = streamChannel<T>();
  open.push(...ends);
  return ends;
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
    const [producer, consumer] = channel<number>();
    const { state, produce } = counter(100);
    const pumped = pumpToPort(producer, produce);
    expect(await collect(iteratePort(consumer))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('ends at once when there is nothing', async () => {
    const [producer, consumer] = channel<number>();
    void pumpToPort(producer, counter(0).produce);
    expect(await collect(iteratePort(consumer))).toEqual([]);
  });

  it('makes the producer wait for a slow consumer', async () => {
    const [producer, consumer] = channel<number>();
    const { state, produce } = counter();
    void pumpToPort(producer, produce);
    const items = iteratePort(consumer);
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
    const [producer] = channel<number>();
    const { state, produce } = counter();
    void pumpToPort(producer, produce);
    await settle();
    expect(state.made).toBeLessThanOrEqual(1);
  });

  it('stops the producer when the consumer leaves early', async () => {
    const [producer, consumer] = channel<number>();
    const { state, produce } = counter();
    const pumped = pumpToPort(producer, produce);
    for await (const item of iteratePort(consumer)) if (item === 2) break;
    await pumped;
    expect(state.signal?.aborted).toBe(true);
    expect(state.ended).toBe(true);
    const { made } = state;
    await settle();
    expect(state.made).toBe(made);
  });

  it('throws `aborted` and stops the producer when the consumer’s signal fires', async () => {
    const [producer, consumer] = channel<number>();
    const { state, produce } = counter();
    const abort = new AbortController();
    const pumped = pumpToPort(producer, produce);
    const items = iteratePort(consumer, abort.signal);
    await items.next();
    abort.abort();
    await expect(items.next()).rejects.toMatchObject({ code: 'aborted' });
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('lets a waiting consumer go at once when its signal fires, though the producer is stuck', async () => {
    const [producer, consumer] = channel<number>();
    const abort = new AbortController();
    let stopped = false;
    void pumpToPort(producer, async function* (signal) {
      signal.addEventListener('abort', () => (stopped = true));
      await new Promise(() => undefined);
      yield 1;
    });
    const next = iteratePort(consumer, abort.signal).next();
    await settle();
    abort.abort();
    await expect(next).rejects.toMatchObject({ code: 'aborted' });
    await vi.waitFor(() => expect(stopped).toBe(true));
  });

  it('is over before it begins when the signal has fired already', async () => {
    const [producer, consumer] = channel<number>();
    const { state, produce } = counter();
    const pumped = pumpToPort(producer, produce);
    await expect(iteratePort(consumer, AbortSignal.abort()).next()).rejects.toMatchObject({
      code: 'aborted',
    });
    await pumped;
    expect(state.ended).toBe(true);
  });

  it('carries the producer’s error, with its code, after the items before it', async () => {
    const [producer, consumer] = channel<string>();
    const pumped = pumpToPort(producer, async function* () {
      yield 'one';
      throw new MaskletError('frame-undecodable', 'Frame 1 is damaged.');
    });
    const items = iteratePort(consumer);
    expect(await items.next()).toEqual({ done: false, value: 'one' });
    await expect(items.next()).rejects.toMatchObject({
      code: 'frame-undecodable',
      message: 'Frame 1 is damaged.',
    });
    await expect(pumped).resolves.toBeUndefined();
  });

  it('moves what is named for transfer instead of copying it', async () => {
    const [producer, consumer] = channel<Uint8Array<ArrayBuffer>>();
    const bytes = Uint8Array.of(1, 2, 3);
    void pumpToPort(
      producer,
      async function* () {
        yield bytes;
      },
      (value) => [value.buffer],
    );
    expect(await collect(iteratePort(consumer))).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(bytes.byteLength).toBe(0);
  });
});

describe('a stream’s type', () => {
  const letters = async function* () {
    yield 'a';
  };

  it('lets nothing else be sent', () => {
    const [producer] = channel<string>();
    void pumpToPort(producer, letters);
    const [other] = channel<number>();
    // @ts-expect-error Numbers are expected, not letters.
    void pumpToPort(other, letters);
    // @ts-expect-error A port that carries anything is no stream.
    void pumpToPort(new MessageChannel().port1, letters);
  });

  it('says what is read', () => {
    const [, consumer] = channel<number>();
    const items = iteratePort(consumer);
    expectTypeOf(items).toEqualTypeOf<AsyncGenerator<number, void, undefined>>();
    // @ts-expect-error Numbers come, not letters.
    const wrong: AsyncIterable<string> = iteratePort(consumer);
    expect([items, wrong]).toHaveLength(2);
  });

  it('does not let one stream pass for another', () => {
    const [, consumer] = channel<number>();
    // @ts-expect-error What carries numbers carries no others.
    const wider: Stream<number | string> = consumer;
    expect(wider).toBe(consumer);
  });
});
