/** Handles of videos that are too large to be kept, by project. Only IndexedDB can keep them. */
const [DATABASE, STORE] = ['masklet-videos', 'handles'];

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be opened.'));
  });
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open();
  try {
    return await new Promise<Result>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
    });
  } finally {
    database.close();
  }
}

/** Remembers where a project's video is. Where the browser has no such storage, it will be asked for. */
export async function rememberHandle(id: string, handle: FileSystemFileHandle): Promise<void> {
  await inStore('readwrite', (store) => store.put(handle, id)).catch(() => undefined);
}

/** Where a project's video is, if that is known. */
export async function recallHandle(id: string): Promise<FileSystemFileHandle | undefined> {
  return inStore('readonly', (store) => store.get(id) as IDBRequest<FileSystemFileHandle | undefined>).catch(
    () => undefined,
  );
}

/** Forgets where videos are whose projects are gone. @param ids the projects that there are */
export async function forgetHandlesExcept(ids: ReadonlySet<string>): Promise<void> {
  const known = await inStore('readonly', (store) => store.getAllKeys()).catch(() => []);
  for (const id of known)
    if (typeof id === 'string' && !ids.has(id))
      await inStore('readwrite', (store) => store.delete(id)).catch(() => undefined);
}

/** Whether the page may read a file without asking. */
export async function mayRead(handle: FileSystemFileHandle): Promise<boolean> {
  const withPermission = handle as FileSystemFileHandle & {
    queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  };
  return (await withPermission.queryPermission?.({ mode: 'read' })) !== 'prompt';
}

/** Asks the person for the permission to read a file, and gives whether it is given. To be called from a click. */
export async function askToRead(handle: FileSystemFileHandle): Promise<boolean> {
  const withPermission = handle as FileSystemFileHandle & {
    requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  };
  const state = (await withPermission.requestPermission?.({ mode: 'read' })) ?? 'granted';
  return state === 'granted';
}
