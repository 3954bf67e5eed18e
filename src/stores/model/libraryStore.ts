import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { FolderFile, ModelListing } from '../../core/protocol/library.ts';
import type { WeightProgress } from '../../core/protocol/model.ts';
import { DEFAULT_MODEL, loadModel } from './modelStore.ts';
import { askToPersist } from '../project/storage.ts';
import { notify, notifyError, notifyProblem } from '../page/noticesStore.ts';
import { openInSegmenter } from '../clip/openClip.ts';
import { restarts } from '../workers/restarts.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { openDialog, uiStore } from '../page/uiStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { library } from '../workers/workers.ts';

export type Download =
  | { readonly phase: 'running'; readonly progress: WeightProgress | undefined }
  | { readonly phase: 'failed'; readonly message: string };

export interface LibraryState {
  /** Nothing until it has been asked for. */
  readonly listings: readonly ModelListing[] | undefined;
  /** By the model's id. */
  readonly downloads: ReadonlyMap<string, Download>;
  readonly isAdding: boolean;
  /** Why the models could not be listed, and why one could not be added. */
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
  const listings = await attempt(() => library.list());
  if (listings) libraryStore.setState({ listings });
}

/** The last model that a person chose: one whose download ends later does not take its place. */
let wanted: string | undefined;

/** Makes a model the one that runs; downloads it first where it is not here, while the present one goes on. */
export async function chooseModel({ id, name, isKept, host }: ModelListing): Promise<void> {
  wanted = id;
  setDownload(id, undefined);
  if (!isKept && host !== undefined && id !== DEFAULT_MODEL && !(await download(id, name))) return;
  if (wanted !== id) return;
  if (trackingStore.getState().phase === 'running') {
    notify(`${name} has been downloaded. Choose it again when tracking has ended.`);
    return;
  }
  restarts.segmenter.succeeded();
  const loading = loadModel(id, (message) => fail(id, message));
  if (videoStore.getState().modelClip === 'none') openInSegmenter().catch(notifyError);
  await loading;
  await refreshLibrary();
}

/** Stops a download. What has come is kept, and the next one goes on from there. */
export function cancelDownload(id: string): void {
  running.get(id)?.abort();
}

/** Deletes a model's files; an added model is then gone. */
export async function removeModel(id: string): Promise<void> {
  try {
    await library.remove(id);
    setDownload(id, undefined);
  } catch (thrown) {
    fail(id, toMaskletError(thrown).message);
  }
  await refreshLibrary();
}

/** Adds a model from a folder's files, and uses it. */
export async function addModel(files: Promise<readonly FolderFile[]>): Promise<void> {
  if (libraryStore.getState().isAdding) return;
  libraryStore.setState({ isAdding: true });
  const id = await attempt(async () => library.add(await files));
  libraryStore.setState({ isAdding: false });
  if (id === undefined) return;
  await refreshLibrary();
  const added = libraryStore.getState().listings?.find((listing) => listing.id === id);
  if (added && added.unfit === undefined) await chooseModel(added);
}

/** True if all of the model is here in the end. */
async function download(id: string, name: string): Promise<boolean> {
  if (running.has(id)) return false;
  const controller = new AbortController();
  running.set(id, controller);
  setDownload(id, { phase: 'running', progress: undefined });
  // The download does not depend on the answer.
  void askToPersist();
  try {
    for await (const progress of library.download(id, controller.signal))
      setDownload(id, { phase: 'running', progress });
    setDownload(id, undefined);
    return true;
  } catch (thrown) {
    const { code, message } = toMaskletError(thrown);
    if (code === 'aborted') setDownload(id, undefined);
    else fail(id, message);
    if (code !== 'aborted' && uiStore.getState().dialog !== 'models')
      notifyProblem(`${name} is not here yet. ${message}`, {
        about: 'app',
        action: { label: 'Models', run: () => openDialog('models') },
      });
    return false;
  } finally {
    running.delete(id);
    await refreshLibrary();
  }
}

/** Says in the model's row what went wrong with it. */
function fail(id: string, message: string): void {
  setDownload(id, { phase: 'failed', message });
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
