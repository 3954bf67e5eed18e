import {
  fromErrorEnvelope,
  throwIfAborted,
  toErrorEnvelope,
  abortedError,
  type ErrorEnvelope,
} from './errors.ts';

/**
 * An async iterator over a `MessagePort`. The consumer grants credits, the producer spends one for each item and waits
 * when none is left: a slow consumer slows the producer instead of filling memory.
 */
type ToProducer = { readonly type: 'credit'; readonly count: number } | { readonly type: 'cancel' };

type ToConsumer<T> =
  | { readonly type: 'item'; readonly value: T }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: ErrorEnvelope };

declare const item: unique symbol;

/**
 * One end of a stream: a port over which items of type `T` go, and nothing else. The type is all that marks it. A method of a
 * worker's contract (`protocol/`) that streams takes the worker's end last; cancelling the stream cancels the work.
 */
export interface Stream<T> extends MessagePort {
  readonly [item]: (value: T) => T;
}

/** Both ends of a new stream. */
export function streamChannel<T>(): readonly [Stream<T>, Stream<T>] {
  const { port1, port2 } = new MessageChannel();
  return [port1 as Stream<T>, port2 as Stream<T>];
}

const INITIAL_CREDITS = 4;

/**
 * Sends what `produce` yields. The signal that `produce` gets fires when the consumer cancels. Resolves when the stream
 * has ended, also after an error: errors go to the consumer. `transfer` names what moves with an item instead of being
 * copied; the producer may not use it afterwards.
 */
export async function pumpToPort<T>(
  stream: Stream<T>,
  produce: (signal: AbortSignal) => AsyncIterable<NoInfer<T>>,
  transfer: (value: T) => Transferable[] = () => [],
): Promise<void> {
  const abort = new AbortController();
  let credits = 0;
  let wake: (() => void) | undefined;
  stream.onmessage = ({ data }: MessageEvent<ToProducer>) => {
    if (data.type === 'cancel') abort.abort();
    else credits += data.count;
    wake?.();
  };
  const send = (message: ToConsumer<T>, moved: Transferable[] = []) => stream.postMessage(message, moved);
  try {
    for await (const value of produce(abort.signal)) {
      while (credits === 0 && !abort.signal.aborted) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      throwIfAborted(abort.signal);
      credits--;
      send({ type: 'item', value }, transfer(value));
    }
    send({ type: 'end' });
  } catch (thrown) {
    send({ type: 'error', error: toErrorEnvelope(thrown) });
  } finally {
    stream.onmessage = null;
  }
}

/**
 * Yields what the other end of `stream` pumps. Cancels the producer when the signal fires (the iteration then throws
 * `aborted`) or when the consumer stops early.
 */
export async function* iteratePort<T>(
  stream: Stream<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const queue: ToConsumer<T>[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  const post = (message: ToProducer) => stream.postMessage(message);
  const onAbort = () => {
    post({ type: 'cancel' });
    wake?.();
  };
  stream.onmessage = ({ data }: MessageEvent<ToConsumer<T>>) => {
    queue.push(data);
    wake?.();
  };
  signal?.addEventListener('abort', onAbort);
  post({ type: 'credit', count: INITIAL_CREDITS });
  try {
    for (;;) {
      if (signal?.aborted) throw abortedError(signal.reason);
      const message = queue.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (message.type === 'item') {
        post({ type: 'credit', count: 1 });
        yield message.value;
      } else {
        ended = true;
        if (message.type === 'error') throw fromErrorEnvelope(message.error);
        return;
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!ended) post({ type: 'cancel' });
    stream.onmessage = null;
    stream.close();
  }
}
