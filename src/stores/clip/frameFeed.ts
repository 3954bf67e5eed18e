/** A picture that holds memory outside the JavaScript heap. */
export interface Picture {
  close(): void;
}

interface FeedOptions<P extends Picture> {
  readonly request: (frame: number) => Promise<P>;
  /** Gets each picture that is still wanted; it is closed afterwards. The next one is fetched when this one is drawn. */
  readonly draw: (frame: number, picture: P) => void | Promise<void>;
  /** Is told of each frame that was drawn and still belongs to what is open. */
  readonly shown: (frame: number) => void;
  readonly fail: (frame: number, thrown: unknown) => void;
}

/**
 * Fetches frames to look at, one at a time: while one is on its way, only the newest wanted frame is kept, so that a
 * slow decoder drops frames and never falls behind.
 */
export class FrameFeed<P extends Picture> {
  readonly #options: FeedOptions<P>;
  #wanted: number | undefined;
  #generation = 0;
  #isFetching = false;

  constructor(options: FeedOptions<P>) {
    this.#options = options;
  }

  want(frame: number): void {
    this.#wanted = frame;
    if (!this.#isFetching) void this.#fetch();
  }

  /** Forgets what is wanted or on its way: it belongs to a clip, or a worker, that is gone. */
  reset(): void {
    this.#generation++;
    this.#wanted = undefined;
    this.#isFetching = false;
  }

  async #fetch(): Promise<void> {
    const generation = this.#generation;
    this.#isFetching = true;
    while (this.#wanted !== undefined) {
      const frame = this.#wanted;
      this.#wanted = undefined;
      try {
        const picture = await this.#options.request(frame);
        try {
          if (generation === this.#generation) await this.#options.draw(frame, picture);
        } finally {
          picture.close();
        }
        if (generation === this.#generation) this.#options.shown(frame);
      } catch (thrown) {
        if (generation === this.#generation) this.#options.fail(frame, thrown);
      }
      if (generation !== this.#generation) return;
    }
    this.#isFetching = false;
  }
}
