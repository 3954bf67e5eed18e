import { abortedError } from '../core/errors.ts';
import type { PlayerApi } from '../core/protocol/player.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** How long the worker may give no sign of life, in milliseconds: a damaged file can lead a demuxer round in circles. */
const PATIENCE = 15_000;

interface PlayerClient extends Client<PlayerApi> {
  /** Ends the worker with all that it does, which fails with `aborted`. Open again. */
  readonly stop: () => void;
}

/** The UI thread's client of the worker that decodes frames to look at. After a crash, open again. */
export function playerClient(onCrash: OnCrash): PlayerClient {
  const host = new WorkerHost<PlayerApi>(
    (name) =>
      new Worker(new URL('../../workers/player.worker.ts', import.meta.url), { type: 'module', name }),
    { onCrash, patience: PATIENCE },
  );
  const client = clientOf(host, { open: 'answers', frame: 'answers', edges: 'answers', census: 'answers' });
  return {
    ...client,
    stop: () => host.stop(abortedError()),
  };
}
