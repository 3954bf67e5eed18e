/** Told when a worker that owes an answer has been silent for long, and when it is heard again. */
export type OnSilence = (isSilent: boolean) => void;

/** How often silence is measured. Time in which the machine sleeps, and no timer runs, does not count. */
const INTERVAL = 5_000;

/** Notices when nothing comes of a worker that something is waited for. It does nothing about it: the worker may be at work. */
export class Watchdog {
  readonly #patience: number;
  readonly #tell: OnSilence;
  #owed = 0;
  #silentFor = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param patience how long a worker may be silent, in milliseconds */
  constructor(patience: number, tell: OnSilence) {
    this.#patience = patience;
    this.#tell = tell;
  }

  /** The same answer, watched until it is there. */
  async answer<Result>(answer: Promise<Result>): Promise<Result> {
    this.#owed++;
    this.#timer ??= setInterval(() => this.#measure(), INTERVAL);
    try {
      return await answer;
    } finally {
      this.#owed--;
      this.#hear();
    }
  }

  /** The same stream, watched while its next item is waited for. */
  async *stream<Item>(items: AsyncGenerator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
    try {
      for (;;) {
        const next = await this.answer(items.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await items.return();
    }
  }

  #measure(): void {
    const before = this.#silentFor;
    this.#silentFor += INTERVAL;
    if (before < this.#patience && this.#silentFor >= this.#patience) this.#tell(true);
  }

  #hear(): void {
    if (this.#silentFor >= this.#patience) this.#tell(false);
    this.#silentFor = 0;
    if (this.#owed > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
