import { MaskletError } from '../core/errors.ts';
import type { ScanEvent, ScannerApi } from '../core/protocol.ts';
import { streamFrom } from './stream.ts';
import { WorkerHost } from './worker.ts';

/** The UI thread's client of a worker that looks through one clip and then ends. */
export class Scanner {
  readonly #host = new WorkerHost<ScannerApi>(
    (name) =>
      new Worker(new URL('../../workers/scanner.worker.ts', import.meta.url), { type: 'module', name }),
    () => undefined,
  );

  /** @param thumbnails how many, evenly through the clip; the receiver closes their bitmaps */
  async *scan(
    file: Blob,
    thumbnails: number,
    signal: AbortSignal,
  ): AsyncGenerator<ScanEvent, void, undefined> {
    try {
      yield* streamFrom(this.#host, (client, port) => client.scan(file, thumbnails, port), signal);
    } finally {
      this.#host.stop(new MaskletError('disposed', 'The clip was looked through.'));
    }
  }
}
