import type { Stream } from '../core/stream.ts';
import { streamFrom } from './stream.ts';
import type { WorkerHost } from './worker.ts';

/** What a streaming method takes before its stream, and what the stream carries; `never` for another method. */
type Streaming<Method> = Method extends (...args: infer Args) => Promise<void>
  ? Args extends [...infer Given, Stream<infer Item>]
    ? { readonly given: Given; readonly item: Item }
    : never
  : never;

/**
 * A contract as the UI thread calls it. A method that streams takes a signal that ends it instead of the stream, and gives
 * what comes.
 */
export type Client<Api> = {
  readonly [Name in keyof Api]: [Streaming<Api[Name]>] extends [never]
    ? Api[Name]
    : (
        ...args: [...given: Streaming<Api[Name]>['given'], signal?: AbortSignal]
      ) => AsyncGenerator<Streaming<Api[Name]>['item'], void, undefined>;
};

/** Which methods of a contract answer once, and which stream. */
export type Methods<Api> = {
  readonly [Name in keyof Api]: [Streaming<Api[Name]>] extends [never] ? 'answers' : 'streams';
};

/** The client of a host's worker. A worker that dies ends calls and streams with `worker-crashed`. */
export function clientOf<Api>(host: WorkerHost<Api>, methods: Methods<Api>): Client<Api> {
  type Method = (...args: readonly unknown[]) => Promise<unknown>;
  const method = (name: keyof Api) => {
    const call = (remote: Api, args: readonly unknown[]) =>
      (remote as Record<keyof Api, Method>)[name](...args);
    if (methods[name] === 'answers') return (...args: unknown[]) => host.call((remote) => call(remote, args));
    return (...args: unknown[]) => {
      // A signal, also one that is left open, is never the contract's own argument: it cannot be cloned.
      const last = args.at(-1);
      const signal = last instanceof AbortSignal ? last : undefined;
      const given = signal || last === undefined ? args.slice(0, -1) : args;
      return streamFrom(host, (remote, stream) => call(remote, [...given, stream]), signal);
    };
  };
  const names = Object.keys(methods) as (keyof Api)[];
  return Object.fromEntries(names.map((name) => [name, method(name)])) as Client<Api>;
}
