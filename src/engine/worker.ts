import * as Comlink from 'comlink';
import { carryErrorCodes, MaskletError } from '../core/errors.ts';
import { Pulse } from './pulse.ts';

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
  readonly pulse: Pulse;
}

/** What goes for one worker. */
interface WorkerOptions {
  /** Told of each crash. */
  readonly onCrash?: OnCrash;
  /**
   * How long it may give no sign of life while something is waited for, in milliseconds. Then it is ended, which is the same as a crash.
   * Without it, the worker is not watched.
   */
  readonly patience?: number;
}

/** Enough for all that a worker does in one step. */
export const PATIENCE = 30_000;

/**
 * One worker and its contract, called by way of Comlink. A worker that dies rejects every call that waits for it with `worker-crashed`, and
 * the next call starts a new one.
 */
export class WorkerHost<Api> {
  readonly #create: (name: string) => Worker;
  readonly #onCrash: OnCrash;
  readonly #patience: number;
  #running: Running<Api> | undefined;

  /** @param create starts the worker under the given name */
  constructor(
    create: (name: string) => Worker,
    { onCrash = () => undefined, patience = Infinity }: WorkerOptions = {},
  ) {
    this.#create = create;
    this.#onCrash = onCrash;
    this.#patience = patience;
  }

  /** Calls the worker, starting it where it is not running. */
  call<Result>(use: (remote: Api) => Promise<Result>): Promise<Result> {
    const { remote, ended, pulse } = (this.#running ??= this.#start());
    return Promise.race([pulse.answer(use(remote)), ended]);
  }

  /** A signal that fires when the worker that runs now ends; for streams, which no call waits for. */
  get ended(): Promise<never> {
    return (this.#running ??= this.#start()).ended;
  }

  /** Ends the worker. Waiting calls are rejected with `error`. */
  stop(error: MaskletError): void {
    const running = this.#running;
    this.#running = undefined;
    running?.pulse.end();
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
    const pulse = new Pulse({
      patience: this.#patience,
      ask: () => worker.postMessage('ping'),
      onHang: () => crash('it did not answer any more'),
    });
    const running: Running<Api> = { worker, remote, ended, end, crash, pulse };
    worker.addEventListener('error', (event) => crash(event.message || 'it could not be loaded'));
    worker.addEventListener('messageerror', () => crash('a message could not be read'));
    worker.addEventListener('message', (event) => {
      pulse.hear();
      if (event.data !== 'alive') return;
      void navigator.locks.request(name, () => crash('it died, perhaps for lack of memory'));
    });
    return running;
  }
}
