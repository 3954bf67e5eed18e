import { MaskletError } from '../core/errors.ts';
import type { ProjectApi } from '../core/protocol/project.ts';
import { clientOf, type Client } from './client.ts';
import { PATIENCE, WorkerHost, type OnCrash } from './worker.ts';

/** Calls of the worker; `end` ends it, whatever it is doing. */
export type ProjectClient = Client<ProjectApi> & { readonly end: () => void };

/** The UI thread's client of the worker that keeps projects. After a crash, open the project again. */
export function projectClient(onCrash: OnCrash = () => undefined): ProjectClient {
  const host = new WorkerHost<ProjectApi>(
    (name) =>
      new Worker(new URL('../../workers/project.worker.ts', import.meta.url), { type: 'module', name }),
    { onCrash, patience: PATIENCE },
  );
  const client = clientOf(host, {
    list: 'answers',
    create: 'answers',
    open: 'answers',
    read: 'answers',
    look: 'answers',
    keepWaiting: 'answers',
    save: 'answers',
    keepRun: 'answers',
    run: 'answers',
    log: 'answers',
    close: 'answers',
    rename: 'answers',
    duplicate: 'answers',
    remove: 'answers',
    erase: 'answers',
    purge: 'answers',
    file: 'answers',
    fileOf: 'answers',
    add: 'answers',
    keepVideo: 'answers',
    dropVideo: 'answers',
    video: 'answers',
    damaged: 'answers',
  });
  return { ...client, end: () => host.stop(new MaskletError('disposed', 'The worker was ended.')) };
}
