import { projectStore } from './projectStore.ts';

const NO_STORAGE =
  'This browser lets the page store nothing, as some do in private windows. Your work lasts as long as this tab: save it as a file before you close it.';

/** Rejects also where a browser has no `navigator.storage`, as WebKitGTK. */
const openRoot = async () => navigator.storage.getDirectory();
const persist = async () => navigator.storage.persist();

let works: Promise<boolean> | undefined;

/** Whether the browser lets the page store files. Where it does not, the page says so. */
export function hasStorage(): Promise<boolean> {
  works ??= openRoot().then(
    () => true,
    () => {
      projectStore.setState({ saved: 'off', problem: NO_STORAGE });
      return false;
    },
  );
  return works;
}

let asked = false;

/** Asks the browser not to delete the page's storage by itself, once; its answer goes to the store. */
export async function askToPersist(): Promise<void> {
  if (asked) return;
  asked = true;
  const persistent = await persist().catch(() => false);
  projectStore.setState({ persistent });
}

/** Reads how much room there is, and whether the browser promised to keep what is stored. */
export async function readRoom(): Promise<void> {
  const [{ quota = 0, usage = 0 }, persistent] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  projectStore.setState({ room: { quota, usage }, persistent });
}
