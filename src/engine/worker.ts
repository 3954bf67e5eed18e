import * as Comlink from 'comlink';
import { carryErrorCodes, MaskletError } from '../core/errors.ts';

carryErrorCodes(Comlink.transferHandlers);

/** Told of each crash of a worker. */
export type OnCrash = (error: MaskletError) => void;

interface Running<Api> {
  readonly worker: Worker;
  readonly remote: Api;
  /** Rejects when the worker has crashed or was stopped. */
  readonly ended: Promise<never>;
  readonly end: (error: MaskletError) => void;
  readonly crash: (detail: string) => void;
}

/**
 * One worker and its contract, called by way of Comlink. A worker that dies rejects every call that waits for it with `worker-crashed`, and
 * the next call starts a new one.
 */
export class WorkerHost<Api> {
  readonly #create: (name: string) => Worker;
  readonly #onCrash: OnCrash;
  #running: Running<Api> | undefined;

  /** `create` starts the worker under the given name; `onCrash` is told of each crash. */
  constructor(create: (name: string) => Worker, onCrash: OnCrash = () => undefined) {
    this.#create = create;
    this.#onCrash = onCrash;
  }

  /** Calls the worker, starting it where it is not running. */
  call<Result>(use: (remote: Api) => Promise<Result>): Promise<Result> {
    const { remote, ended } = (this.#running ??= this.#start());
    return Promise.race([use(remote), ended]);
  }

  /** A signal that fires when the worker that runs now ends; for streams, which no call waits for. */
  get ended(): Promise<never> {
    return (this.#running ??= this.#start()).ended;
  }

  /** Ends the worker. Waiting calls are rejected with `error`. */
  stop(error: MaskletError): void {
    const running = this.#running;
    this.#running = undefined;
    running?.worker.terminate();
    running?.end(error);
  }

  /** Ends a worker that does not answer any more: the same as a crash. */
  giveUp(detail: string): void {
    this.#running?.crash(detail);
  }

  #start(): Running<Api> {
    const name = `masklet-${crypto.randomUUID()}`;
    const worker = this.#create(name);
    let end: (error: MaskletError) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => (end = reject));
    ended.catch(() => undefined);
    const crash = (detail: string) => {
      if (this.#running !== running) return;
      const error = new MaskletError(
        'worker-crashed',
        `A background worker stopped: ${detail}. It was started again; your work is kept.`,
      );
      this.stop(error);
      this.#onCrash(error);
    };
    const remote = Comlink.wrap<Api>(worker) as unknown as Api;
    const running: Running<Api> = { worker, remote, ended, end, crash };
    worker.addEventListener('error', (event) => crash(event.message || 'it could not be loaded'));
    worker.addEventListener('messageerror', () => crash('a message could not be read'));
    worker.addEventListener('message', (event) => {
      if (event.data !== 'alive') return;
      void navigator.locks.request(name, () => crash('it died, perhaps for lack of memory'));
    });
    return running;
  }
}
