import type { Frame, FrameSource } from '../../../src/core/frames.ts';
import type { Step } from '../../../src/core/census.ts';

/** Adds up the time that each step takes. */
export class StepTimer {
  readonly #milliseconds = new Map<Step, number>();

  /** Runs `work` as a part of `step`. */
  async time<Result>(step: Step, work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#milliseconds.set(step, (this.#milliseconds.get(step) ?? 0) + performance.now() - start);
    }
  }

  /** A view of a source whose frames, read in order, count as decoding while they are waited for. It is not its owner. */
  timeSource<F extends Frame>(source: FrameSource<F>): FrameSource<F> {
    return {
      info: source.info,
      frame: (index, signal) => source.frame(index, signal),
      frames: (first, last, signal) => this.#timeFrames(source.frames(first, last, signal)),
      dispose: () => undefined,
    };
  }

  /** Milliseconds by step since the start. */
  totals(): Partial<Record<Step, number>> {
    return Object.fromEntries(this.#milliseconds);
  }

  async *#timeFrames<F extends Frame>(
    frames: AsyncGenerator<F, void, undefined>,
  ): AsyncGenerator<F, void, undefined> {
    try {
      for (;;) {
        const next = await this.time('decode', () => frames.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await frames.return();
    }
  }
}
