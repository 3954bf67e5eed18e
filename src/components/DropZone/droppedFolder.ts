import type { FolderFile } from '../../core/protocol/library.ts';

/** The folder that a drop consists of; `undefined` if it is a file. To be called while the drop's event is handled. */
export function folderOf({ items }: DataTransfer): FileSystemDirectoryEntry | undefined {
  const entry = items[0]?.webkitGetAsEntry();
  return entry?.isDirectory ? (entry as FileSystemDirectoryEntry) : undefined;
}

/** All files in a folder and in the folders below it. */
export async function filesIn(folder: FileSystemDirectoryEntry, path = ''): Promise<FolderFile[]> {
  const files: FolderFile[] = [];
  for (const entry of await entriesOf(folder)) {
    const name = `${path}${entry.name}`;
    if (entry.isDirectory) files.push(...(await filesIn(entry as FileSystemDirectoryEntry, `${name}/`)));
    else files.push({ path: name, file: await fileOf(entry as FileSystemFileEntry) });
  }
  return files;
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // It gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, fail) => entry.file(done, fail));
}
