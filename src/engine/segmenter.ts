import type { SegmenterApi } from '../core/protocol/segmenter.ts';
import { clientOf } from './client.ts';
import { modelAddress } from './modelAddress.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** The UI thread's client of the worker that runs a model of the app's catalogue. After a crash, load and open again. */
export function segmenterClient(onCrash: OnCrash) {
  const host = new WorkerHost<SegmenterApi>(
    (name) =>
      new Worker(new URL('../../workers/segmenter.worker.ts', import.meta.url), { type: 'module', name }),
    onCrash,
  );
  const client = clientOf(host, {
    load: 'streams',
    watchModel: 'streams',
    open: 'answers',
    prepare: 'answers',
    segment: 'answers',
    everything: 'streams',
    track: 'streams',
    checkModel: 'streams',
    census: 'answers',
  });
  return {
    ...client,
    load: (modelId: string, signal?: AbortSignal) => client.load(modelAddress(modelId), signal),
  };
}
