import type { ClipInfo } from '../core/clip.ts';
import type { MaskletError } from '../core/errors.ts';
import type { Census, PlayerApi } from '../core/protocol.ts';
import { WorkerHost } from './worker.ts';

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

  open(file: Blob): Promise<ClipInfo> {
    return this.#host.call((client) => client.open(file));
  }

  /** A frame as displayed. The caller closes the bitmap. */
  frame(index: number): Promise<ImageBitmap> {
    return this.#host.call((client) => client.frame(index));
  }

  census(): Promise<Census> {
    return this.#host.call((client) => client.census());
  }
}
