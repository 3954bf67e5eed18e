/** Progress of work on frames, on standard error: one line that renews itself on a terminal, else a line every tenth. */
export class Progress {
  readonly #label: string;
  readonly #out: NodeJS.WriteStream;
  readonly #start = performance.now();
  #tenth = 0;
  /** Frames that were done before this work: no part of its speed. */
  #before: number | undefined;

  constructor(label: string, out: NodeJS.WriteStream = process.stderr) {
    this.#label = label;
    this.#out = out;
  }

  /** `done` frames of `total` are done. */
  update(done: number, total: number): void {
    this.#before ??= done - 1;
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = (done - this.#before) / seconds;
    const left = duration((total - done) / rate);
    const text = `${this.#label}: frame ${done} of ${total}, ${rate.toFixed(2)} frames/s, ${left} left`;
    if (this.#out.isTTY) {
      this.#out.write(`\r${text}\x1b[K`);
      return;
    }
    const tenth = Math.floor((10 * done) / total);
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#out.write(`${text}\n`);
  }

  /** Frees the line for what is printed next. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[K');
  }
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
