/** Where projects are in the browser's private storage: a folder each. */
const ROOT = 'projects';

/** The folder of all projects, which is made where there is none. */
export async function projectsFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(ROOT, { create: true });
}

/** The folder of one project. @throws a `NotFoundError` if there is none and it is not to be made */
export async function projectFolder(id: string, create = false): Promise<FileSystemDirectoryHandle> {
  return (await projectsFolder()).getDirectoryHandle(id, { create });
}

/** The folder of a project's database, as SQLite names it. */
export function poolFolder(id: string): string {
  return `${ROOT}/${id}/database`;
}

/** The ids of all projects that there are folders of. */
export async function projectIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const [name, handle] of await projectsFolder()) if (handle.kind === 'directory') ids.push(name);
  return ids;
}

/** Whether a folder is of a project that only a check of saving makes. */
export function isScratch(id: string): boolean {
  return id.startsWith('scratch-');
}

/** Deletes a project with all that belongs to it. */
export async function removeProject(id: string): Promise<void> {
  await (await projectsFolder()).removeEntry(id, { recursive: true });
}

/** A file of a project, if it is there. */
export async function readProjectFile(id: string, name: string): Promise<File | undefined> {
  try {
    return await (await (await projectFolder(id)).getFileHandle(name)).getFile();
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return undefined;
    throw thrown;
  }
}

/** Bytes that are copied at once. */
const CHUNK = 4 << 20;

/** Writes a file of a project in place of the one that is there. Where that fails, no file is left. */
export async function writeProjectFile(id: string, name: string, content: Blob): Promise<void> {
  const folder = await projectFolder(id);
  const access = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < content.size; at += CHUNK) {
      const bytes = new Uint8Array(await content.slice(at, at + CHUNK).arrayBuffer());
      if (access.write(bytes, { at }) < bytes.length)
        throw new DOMException('The file was not written whole.', 'QuotaExceededError');
    }
    access.flush();
    access.close();
  } catch (thrown) {
    access.close();
    await folder.removeEntry(name).catch(() => undefined);
    throw thrown;
  }
}

/** Deletes a file of a project, if it is there. */
export async function removeProjectFile(id: string, name: string): Promise<void> {
  await (await projectFolder(id)).removeEntry(name).catch(() => undefined);
}
