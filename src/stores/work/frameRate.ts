/** How many of the last frames the running average is taken over. */
const WINDOW = 12;

/** The pace of a run of frames, as a running average. Times are in milliseconds. */
export class FrameRate {
  readonly #times: number[] = [];
  readonly #window: number;

  /** @param window over how many of the last frames the average is taken */
  constructor(window = WINDOW) {
    this.#window = window;
  }

  /** Notes that a frame was done. */
  add(time: number): void {
    this.#times.push(time);
    if (this.#times.length > this.#window + 1) this.#times.shift();
  }

  /** Frames in a second; nothing until two are done. */
  get framesPerSecond(): number | undefined {
    const first = this.#times[0];
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || last <= first) return undefined;
    return ((this.#times.length - 1) * 1000) / (last - first);
  }

  /** Seconds that `frames` more will take. */
  secondsFor(frames: number): number | undefined {
    const rate = this.framesPerSecond;
    return rate === undefined ? undefined : frames / rate;
  }
}
