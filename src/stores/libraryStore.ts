import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../core/errors.ts';
import type { FolderFile, ModelListing, WeightProgress } from '../core/protocol.ts';
import { DEFAULT_MODEL, loadModel } from './modelStore.ts';
import { notify } from './noticesStore.ts';
import { trackingStore } from './trackingStore.ts';
import { library } from './workers.ts';

export type Download =
  | { readonly phase: 'running'; readonly progress: WeightProgress | undefined }
  | { readonly phase: 'failed'; readonly message: string };

export interface LibraryState {
  /** Nothing until it has been asked for. */
  readonly listings: readonly ModelListing[] | undefined;
  /** By the model's id. */
  readonly downloads: ReadonlyMap<string, Download>;
  readonly isAdding: boolean;
  /** Why the models could not be listed, or one not be added or deleted. */
  readonly problem: string | undefined;
}

export const libraryStore = createStore<LibraryState>(() => ({
  listings: undefined,
  downloads: new Map(),
  isAdding: false,
  problem: undefined,
}));

const running = new Map<string, AbortController>();

/** Reads which models there are, and what of them is here. */
export async function refreshLibrary(): Promise<void> {
  await attempt(async () => libraryStore.setState({ listings: await library.list() }));
}

/** Makes a model the one that runs; downloads it first where it is not here, while the present one goes on. */
export async function chooseModel({ id, name, isKept, host }: ModelListing): Promise<void> {
  if (!isKept && host !== undefined && id !== DEFAULT_MODEL && !(await download(id))) return;
  if (trackingStore.getState().phase === 'running') {
    notify(`${name} is here. It can be used when tracking has ended.`);
    return;
  }
  setDownload(id, undefined);
  await loadModel(id, (message) => setDownload(id, { phase: 'failed', message }));
  await refreshLibrary();
}

/** Stops a download. What has come is kept, and the next one goes on from there. */
export function cancelDownload(id: string): void {
  running.get(id)?.abort();
}

/** Deletes a model's files; an added model is then gone. */
export async function removeModel(id: string): Promise<void> {
  await attempt(() => library.remove(id));
  setDownload(id, undefined);
  await refreshLibrary();
}

/** Adds a model from a folder's files, and uses it. */
export async function addModel(files: readonly FolderFile[]): Promise<void> {
  libraryStore.setState({ isAdding: true });
  const id = await attempt(() => library.add(files));
  libraryStore.setState({ isAdding: false });
  if (id === undefined) return;
  await refreshLibrary();
  const added = libraryStore.getState().listings?.find((listing) => listing.id === id);
  if (added && added.unfit === undefined) await chooseModel(added);
}

/** True if all of the model is here in the end. */
async function download(id: string): Promise<boolean> {
  if (running.has(id)) return false;
  const controller = new AbortController();
  running.set(id, controller);
  setDownload(id, { phase: 'running', progress: undefined });
  // Asks that the browser does not clear the files when the disk gets full; the download does not depend on the answer.
  void navigator.storage.persist().catch(() => false);
  try {
    for await (const progress of library.download(id, controller.signal))
      setDownload(id, { phase: 'running', progress });
    setDownload(id, undefined);
    return true;
  } catch (thrown) {
    const { code, message } = toMaskletError(thrown);
    setDownload(id, code === 'aborted' ? undefined : { phase: 'failed', message });
    return false;
  } finally {
    running.delete(id);
    await refreshLibrary();
  }
}

function setDownload(id: string, download: Download | undefined): void {
  const downloads = new Map(libraryStore.getState().downloads);
  if (download) downloads.set(id, download);
  else downloads.delete(id);
  libraryStore.setState({ downloads });
}

/** Runs `work`; what goes wrong is the store's problem. */
async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    const result = await work();
    libraryStore.setState({ problem: undefined });
    return result;
  } catch (thrown) {
    libraryStore.setState({ problem: toMaskletError(thrown).message });
    return undefined;
  }
}
