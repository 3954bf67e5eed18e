import * as Comlink from 'comlink';
import type { ExporterApi, ExportEvent, ExportRequest, MaskBatch } from '../core/protocol/exporter.ts';
import { pumpToPort, streamChannel } from '../core/stream.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** The exporter as the UI thread calls it. */
export type ExporterClient = Omit<Client<ExporterApi>, 'write'> & {
  /**
   * Writes masks in a format and yields what the worker tells.
   * @param passes masks of all frames in batches, the whole clip again and again, for as long as it is asked for more
   */
  write(
    request: Omit<ExportRequest, 'masks'>,
    passes: () => AsyncGenerator<MaskBatch, void, undefined>,
    signal: AbortSignal,
  ): AsyncGenerator<ExportEvent, void, undefined>;
};

/** The UI thread's client of the worker that writes masks to files. */
export function exporterClient(onCrash: OnCrash): ExporterClient {
  const host = new WorkerHost<ExporterApi>(
    (name) =>
      new Worker(new URL('../../workers/export.worker.ts', import.meta.url), { type: 'module', name }),
    onCrash,
  );
  const client = clientOf<ExporterApi>(host, {
    write: 'streams',
    preview: 'answers',
    examine: 'answers',
    read: 'streams',
    videoKind: 'answers',
    video: 'streams',
    endVideo: 'answers',
  });
  return {
    ...client,
    async *write(request, passes, signal) {
      const [near, far] = streamChannel<MaskBatch>();
      void pumpToPort(near, passes);
      try {
        yield* client.write(Comlink.transfer({ ...request, masks: far }, [far]), signal);
      } finally {
        near.close();
      }
    },
  };
}
