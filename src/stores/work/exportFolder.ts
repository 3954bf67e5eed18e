import type { ExportSink } from './exportSink.ts';

/** What browsers with access to folders have. */
interface FolderPicker {
  showDirectoryPicker?(options: { mode: 'readwrite'; id: string }): Promise<FileSystemDirectoryHandle>;
}

/** Whether the browser can write to a folder that a person chooses. */
export function canWriteFolders(): boolean {
  return (globalThis as FolderPicker).showDirectoryPicker !== undefined;
}

/** A folder that a person chooses; nothing where they choose none. To be called while a press is handled. */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await (globalThis as FolderPicker).showDirectoryPicker?.({ mode: 'readwrite', id: 'export' });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined;
    throw thrown;
  }
}

/**
 * Makes an empty folder in a folder, so that nothing that lies there is replaced: of this name, or with the next free number behind it.
 * @throws DOMException where the browser may not write there
 */
export async function makeFolder(
  parent: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  const taken = new Set<string>();
  // Disks that do not tell upper from lower case give one folder for both.
  for await (const found of parent.keys()) taken.add(found.toLowerCase());
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}-${number}`;
  return parent.getDirectoryHandle(free, { create: true });
}

/**
 * Writes files below a folder. A file is there once it is whole; whole files stay, also where the export fails or is cancelled.
 * @param written paths of whole files: they are not written again, and new ones are added
 */
export function folderSink(root: FileSystemDirectoryHandle, written: Set<string>): ExportSink {
  let open:
    | {
        readonly path: string;
        readonly file: FileSystemWritableFileStream;
        /** Takes away what there is of it. */
        readonly remove: () => Promise<void>;
      }
    | undefined;
  const close = async () => {
    if (open === undefined) return;
    await open.file.close();
    written.add(open.path);
    open = undefined;
  };
  return {
    place: `the folder “${root.name}”`,
    outcome: `saved to the folder “${root.name}”`,
    async begin(path) {
      await close();
      if (written.has(path)) return;
      const parts = path.split('/');
      let folder = root;
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
      const name = parts.at(-1) ?? path;
      const handle = await folder.getFileHandle(name, { create: true });
      open = { path, file: await handle.createWritable(), remove: () => folder.removeEntry(name) };
    },
    async write(bytes) {
      await open?.file.write(bytes);
    },
    finish: close,
    async discard() {
      await open?.file.abort().catch(() => undefined);
      await open?.remove().catch(() => undefined);
    },
  };
}
