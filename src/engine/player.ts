import { abortedError } from '../core/errors.ts';
import type { PlayerApi } from '../core/protocol/player.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** How long a worker may be silent while it opens a file, and how often it is asked, in milliseconds. */
const PATIENCE = 15_000;
const PING_INTERVAL = 1_000;

interface PlayerClient extends Client<PlayerApi> {
  /** Ends the worker with all that it does, which fails with `aborted`. Open again. */
  readonly stop: () => void;
}

/** The UI thread's client of the worker that decodes frames to look at. After a crash, open again. */
export function playerClient(onCrash: OnCrash): PlayerClient {
  const host = new WorkerHost<PlayerApi>(
    (name) =>
      new Worker(new URL('../../workers/player.worker.ts', import.meta.url), { type: 'module', name }),
    onCrash,
  );
  const client = clientOf(host, { open: 'answers', frame: 'answers', edges: 'answers', census: 'answers' });
  return {
    ...client,
    open: (file) => watched(host, client, client.open(file)),
    stop: () => host.stop(abortedError()),
  };
}

/**
 * A damaged file can send a demuxer round in circles, which nothing interrupts: a worker that does not answer any more
 * while it opens a file counts as crashed.
 */
function watched<Result>(
  host: WorkerHost<PlayerApi>,
  { census }: Client<PlayerApi>,
  opening: Promise<Result>,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpening = true;
  const watch = () => {
    timer = setTimeout(() => host.giveUp('it did not answer any more'), PATIENCE);
    const next = () => {
      clearTimeout(timer);
      if (isOpening) timer = setTimeout(watch, PING_INTERVAL);
    };
    census().then(next, () => undefined);
  };
  watch();
  return opening.finally(() => {
    isOpening = false;
    clearTimeout(timer);
  });
}
