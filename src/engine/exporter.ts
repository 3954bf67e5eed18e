import type { MaskletError } from '../core/errors.ts';
import type { ExporterApi, MaskZipRequest } from '../core/protocol.ts';
import { streamFrom } from './stream.ts';
import { WorkerHost } from './worker.ts';

/** The UI thread's client of the worker that writes masks to files. */
export class Exporter {
  readonly #host: WorkerHost<ExporterApi>;

  constructor(onCrash: (error: MaskletError) => void) {
    this.#host = new WorkerHost<ExporterApi>(
      (name) =>
        new Worker(new URL('../../workers/export.worker.ts', import.meta.url), { type: 'module', name }),
      onCrash,
    );
  }

  /** The bytes of a ZIP of PNG masks, chunk by chunk. */
  maskZip(request: MaskZipRequest, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.maskZip(request, port), signal);
  }
}
