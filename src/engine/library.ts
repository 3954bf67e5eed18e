import type { LibraryApi } from '../core/protocol/library.ts';
import { clientOf } from './client.ts';
import { modelAddress, modelFolder } from './modelAddress.ts';
import { PATIENCE, WorkerHost, type OnCrash } from './worker.ts';

/** The UI thread's client of the worker that keeps the models' files: those of the app's catalogue. */
export function libraryClient(onCrash: OnCrash) {
  const host = new WorkerHost<LibraryApi>(
    (name) =>
      new Worker(new URL('../../workers/library.worker.ts', import.meta.url), { type: 'module', name }),
    { onCrash, patience: PATIENCE },
  );
  const client = clientOf(host, { list: 'answers', download: 'streams', add: 'answers', remove: 'answers' });
  return {
    ...client,
    list: () => client.list(modelFolder()),
    /** Stopping early keeps what has come. */
    download: (modelId: string, signal?: AbortSignal) => client.download(modelAddress(modelId), signal),
  };
}
