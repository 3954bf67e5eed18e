interface PumpOptions<Job, Result> {
  /** What to do next, or nothing. Asked again after each job: what a newer job has replaced is never begun. */
  readonly next: () => Job | undefined;
  readonly run: (job: Job) => Promise<Result>;
  readonly done: (job: Job, result: Result) => void;
  readonly failed: (job: Job, thrown: unknown) => void;
  readonly onActive: (job: Job | undefined) => void;
}

/** Does one job after the other until none is left. One that fails does not hold up the others. */
export class DecodePump<Job, Result> {
  readonly #options: PumpOptions<Job, Result>;
  #isRunning = false;

  constructor(options: PumpOptions<Job, Result>) {
    this.#options = options;
  }

  /** Looks for jobs; to be called whenever there may be a new one. */
  wake(): void {
    if (!this.#isRunning) void this.#work();
  }

  async #work(): Promise<void> {
    const { next, run, done, failed, onActive } = this.#options;
    let job = next();
    if (job === undefined) return;
    this.#isRunning = true;
    for (; job !== undefined; job = next()) {
      onActive(job);
      try {
        done(job, await run(job));
      } catch (thrown) {
        failed(job, thrown);
      }
    }
    this.#isRunning = false;
    onActive(undefined);
  }
}
