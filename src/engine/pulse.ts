/** How often a worker is asked for a sign of life, in milliseconds. Time in which the machine sleeps, and no timer runs, does not count. */
const INTERVAL = 5_000;

/** How to watch a worker. */
interface Patient {
  /** How long it may give no sign of life while an answer is waited for, in milliseconds; `Infinity` if it is not to be watched. */
  readonly patience: number;
  /** Asks it for a sign of life. */
  readonly ask: () => void;
  /** Told when it gave none for so long. */
  readonly onHang: () => void;
}

/**
 * Asks a worker that owes an answer for signs of life. One that computes for long gives them between its steps; one that a damaged file
 * leads round in circles does not. A worker whose code is still on its way to the browser is not asked.
 */
export class Pulse {
  readonly #patient: Patient;
  #owed = 0;
  #isLoaded = false;
  #silentFor = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(patient: Patient) {
    this.#patient = patient;
  }

  /** The same answer, watched until it is there. */
  async answer<Result>(answer: Promise<Result>): Promise<Result> {
    this.#owed++;
    if (this.#patient.patience < Infinity) this.#timer ??= setInterval(() => this.#measure(), INTERVAL);
    try {
      return await answer;
    } finally {
      this.#owed--;
      if (this.#owed === 0) this.end();
    }
  }

  /** To be called with each sign of life. */
  hear(): void {
    this.#isLoaded = true;
    this.#silentFor = 0;
  }

  /** Watches no longer what was waited for: it is there, or the worker was ended. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#silentFor = 0;
  }

  #measure(): void {
    if (!this.#isLoaded) return;
    if (this.#silentFor >= this.#patient.patience) {
      this.end();
      this.#patient.onHang();
      return;
    }
    this.#silentFor += INTERVAL;
    this.#patient.ask();
  }
}
