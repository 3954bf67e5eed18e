import type { SegmenterApi } from '../core/protocol/segmenter.ts';
import { clientOf } from './client.ts';
import { modelAddress } from './modelAddress.ts';
import { Watchdog, type OnSilence } from './watchdog.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** How long the worker may be silent before that is told, in milliseconds. On a slow processor, a frame of a large model may take longer. */
const PATIENCE = 60_000;

/** The UI thread's client of the worker that runs a model of the app's catalogue. After a crash, load and open again. */
export function segmenterClient(onCrash: OnCrash, onSilence: OnSilence) {
  const host = new WorkerHost<SegmenterApi>(
    (name) =>
      new Worker(new URL('../../workers/segmenter.worker.ts', import.meta.url), { type: 'module', name }),
    { onCrash },
  );
  const client = clientOf(host, {
    load: 'streams',
    watchModel: 'streams',
    open: 'answers',
    prepare: 'answers',
    segment: 'answers',
    everything: 'streams',
    appearance: 'answers',
    alike: 'streams',
    detail: 'streams',
    track: 'streams',
    checkModel: 'streams',
    census: 'answers',
  });
  const dog = new Watchdog(PATIENCE, onSilence);
  return {
    ...client,
    load: (modelId: string, signal?: AbortSignal) => dog.stream(client.load(modelAddress(modelId), signal)),
    open: (...given: Parameters<typeof client.open>) => dog.answer(client.open(...given)),
    prepare: (...given: Parameters<typeof client.prepare>) => dog.answer(client.prepare(...given)),
    segment: (...given: Parameters<typeof client.segment>) => dog.answer(client.segment(...given)),
    everything: (...given: Parameters<typeof client.everything>) => dog.stream(client.everything(...given)),
    appearance: (...given: Parameters<typeof client.appearance>) => dog.answer(client.appearance(...given)),
    alike: (...given: Parameters<typeof client.alike>) => dog.stream(client.alike(...given)),
    detail: (...given: Parameters<typeof client.detail>) => dog.stream(client.detail(...given)),
    track: (...given: Parameters<typeof client.track>) => dog.stream(client.track(...given)),
    checkModel: (...given: Parameters<typeof client.checkModel>) => dog.stream(client.checkModel(...given)),
    /** Ends the worker with all that it does, which fails with `worker-crashed`, and starts another one. */
    restart: () => host.giveUp('it was restarted'),
    /** Whether the worker answers within some milliseconds. */
    answersWithin: (time: number): Promise<boolean> =>
      Promise.race([
        client.census().then(
          () => true,
          () => true,
        ),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), time)),
      ]),
  };
}
