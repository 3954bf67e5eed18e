/** Takes a file's bytes as they are made. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
  /** The whole file. Nothing can be written afterwards. */
  finish(): Promise<Blob>;
  /** Drops what was written. */
  discard(): Promise<void>;
}

const FOLDER = 'exports';

/**
 * A file in the browser's private storage, so that an export of a long clip never sits in memory; in memory only where
 * there is no such storage. Replaces the file of the export before.
 */
export async function openFileSink(name: string, type: string): Promise<FileSink> {
  try {
    await removeExports();
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const handle = await folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    return {
      write: (bytes) => writable.write(bytes as Uint8Array<ArrayBuffer>),
      finish: async () => {
        await writable.close();
        return handle.getFile();
      },
      discard: async () => {
        await writable.abort().catch(() => undefined);
        await removeExports();
      },
    };
  } catch {
    return memorySink(type);
  }
}

function memorySink(type: string): FileSink {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (bytes) => {
      parts.push(bytes as Uint8Array<ArrayBuffer>);
      return Promise.resolve();
    },
    finish: () => Promise.resolve(new Blob(parts, { type })),
    discard: () => {
      parts.length = 0;
      return Promise.resolve();
    },
  };
}

/** Deletes what earlier exports left in the browser's private storage. */
export async function removeExports(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FOLDER, { recursive: true });
  } catch {
    // There is no such storage, or nothing in it.
  }
}

/** Hands a file to the browser's downloads. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download reads the file after the click has returned; how long it takes, the page is not told.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
