import type { ProjectApi } from '../core/protocol/project.ts';
import { clientOf, type Client } from './client.ts';
import { WorkerHost, type OnCrash } from './worker.ts';

/** The UI thread's client of the worker that keeps projects. After a crash, open the project again. */
export function projectClient(onCrash: OnCrash): Client<ProjectApi> {
  const host = new WorkerHost<ProjectApi>(
    (name) =>
      new Worker(new URL('../../workers/project.worker.ts', import.meta.url), { type: 'module', name }),
    onCrash,
  );
  return clientOf(host, {
    list: 'answers',
    create: 'answers',
    open: 'answers',
    read: 'answers',
    save: 'answers',
    keepRun: 'answers',
    run: 'answers',
    close: 'answers',
    rename: 'answers',
    duplicate: 'answers',
    remove: 'answers',
    purge: 'answers',
    file: 'answers',
    add: 'answers',
    keepVideo: 'answers',
    dropVideo: 'answers',
    video: 'answers',
    damaged: 'answers',
  });
}
