import type { MaskletError } from '../core/errors.ts';
import type { FolderFile, LibraryApi, ModelListing, WeightProgress } from '../core/protocol.ts';
import { modelAddress, modelFolder } from './modelAddress.ts';
import { streamFrom } from './stream.ts';
import { WorkerHost } from './worker.ts';

/** The UI thread's client of the worker that keeps the models' files. */
export class Library {
  readonly #host: WorkerHost<LibraryApi>;

  constructor(onCrash: (error: MaskletError) => void) {
    this.#host = new WorkerHost<LibraryApi>(
      (name) =>
        new Worker(new URL('../../workers/library.worker.ts', import.meta.url), { type: 'module', name }),
      onCrash,
    );
  }

  list(): Promise<ModelListing[]> {
    return this.#host.call((client) => client.list(modelFolder()));
  }

  /** Downloads what is not kept of a model. Stopping early keeps what has come. */
  download(modelId: string, signal?: AbortSignal): AsyncGenerator<WeightProgress, void, undefined> {
    return streamFrom(this.#host, (client, port) => client.download(modelAddress(modelId), port), signal);
  }

  /** Adds a model from the files of a folder; gives its id. */
  add(files: readonly FolderFile[]): Promise<string> {
    return this.#host.call((client) => client.add(files));
  }

  remove(modelId: string): Promise<void> {
    return this.#host.call((client) => client.remove(modelId));
  }
}
