import type { Frame, FrameSource } from '../../../src/core/frames.ts';
import type { Stage } from '../../../src/core/protocol.ts';

/** Adds up the time that each stage takes. */
export class StageTimer {
  readonly #milliseconds = new Map<Stage, number>();

  /** Runs `work` as a part of `stage`. */
  async time<Result>(stage: Stage, work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#milliseconds.set(stage, (this.#milliseconds.get(stage) ?? 0) + performance.now() - start);
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

  /** Milliseconds by stage since the start. */
  totals(): Partial<Record<Stage, number>> {
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
