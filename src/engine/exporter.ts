import type { ExporterApi } from '../core/protocol/exporter.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** The UI thread's client of the worker that writes masks to files. */
export function exporterClient(onCrash: OnCrash): Client<ExporterApi> {
  const host = new WorkerHost<ExporterApi>(
    (name) =>
      new Worker(new URL('../../workers/export.worker.ts', import.meta.url), { type: 'module', name }),
    onCrash,
  );
  return clientOf(host, {
    maskZip: 'streams',
    videoKind: 'answers',
    video: 'streams',
    endVideo: 'answers',
  });
}
