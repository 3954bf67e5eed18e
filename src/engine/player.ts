import type { ClipInfo } from '../core/clip.ts';
import type { MaskletError } from '../core/errors.ts';
import type { Census, PlayerApi } from '../core/protocol.ts';
import { WorkerHost } from './worker.ts';

/** How long a worker may be silent while it opens a file, and how often it is asked, in milliseconds. */
const PATIENCE = 15_000;
const PING_INTERVAL = 1_000;

/** The UI thread's client of the worker that decodes frames to look at. After a crash, open again. */
export class Player {
  readonly #host: WorkerHost<PlayerApi>;

  constructor(onCrash: (error: MaskletError) => void) {
    this.#host = new WorkerHost<PlayerApi>(
      (name) =>
        new Worker(new URL('../../workers/player.worker.ts', import.meta.url), { type: 'module', name }),
      onCrash,
    );
  }

  /**
   * A damaged file can send a demuxer round in circles, which nothing interrupts: a worker that does not answer any more
   * while it opens a file counts as crashed.
   */
  open(file: Blob): Promise<ClipInfo> {
    const opening = this.#host.call((client) => client.open(file));
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOpening = true;
    const watch = () => {
      timer = setTimeout(() => this.#host.giveUp('it did not answer any more'), PATIENCE);
      const next = () => {
        clearTimeout(timer);
        if (isOpening) timer = setTimeout(watch, PING_INTERVAL);
      };
      this.census().then(next, () => undefined);
    };
    watch();
    return opening.finally(() => {
      isOpening = false;
      clearTimeout(timer);
    });
  }

  /** A frame as displayed. The caller closes the bitmap. */
  frame(index: number): Promise<ImageBitmap> {
    return this.#host.call((client) => client.frame(index));
  }

  census(): Promise<Census> {
    return this.#host.call((client) => client.census());
  }
}
