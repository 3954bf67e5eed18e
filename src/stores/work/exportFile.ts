import { toMaskletError } from '../../core/errors.ts';

/** Takes a file's bytes as they are made. */
export interface FileSink {
  /** @param position of the first byte in the file; behind what was written last where it is not said */
  write(bytes: Uint8Array, position?: number): Promise<void>;
  /** The whole file. Nothing can be written afterwards. */
  finish(): Promise<Blob>;
  /** Drops what was written. */
  discard(): Promise<void>;
}

const FOLDER = 'exports';

/** How long the browser may take to copy a file to the downloads, of which the page is not told, in milliseconds. */
const COPYING = 10 * 60_000;

const lockName = (file: string) => `masklet-export-${file}`;

/**
 * A file in the browser's private storage, so that an export of a long clip never sits in memory; in memory only where
 * there is no such storage. Each export has a file of its own, and a lock as long as anybody needs it: no other tab deletes it.
 */
export async function openFileSink(type: string): Promise<FileSink> {
  const name = crypto.randomUUID();
  try {
    await removeExports();
    const letGo = await holdLock(lockName(name));
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const handle = await folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    return {
      write: (bytes, position) => {
        const data = bytes as Uint8Array<ArrayBuffer>;
        return writable.write(position === undefined ? data : { type: 'write', position, data });
      },
      finish: async () => {
        await writable.close();
        setTimeout(letGo, COPYING);
        return handle.getFile();
      },
      discard: async () => {
        await writable.abort().catch(() => undefined);
        letGo();
        await folder.removeEntry(name).catch(() => undefined);
      },
    };
  } catch {
    return memorySink(type);
  }
}

/** Holds a lock until the returned function is called, or the page is gone. */
function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, () => new Promise<void>((letGo) => resolve(letGo)));
  });
}

function memorySink(type: string): FileSink {
  let file = new Blob([], { type });
  return {
    write: (bytes, position = file.size) => {
      const data = bytes as Uint8Array<ArrayBuffer>;
      // What lies behind it stays.
      file = new Blob([file.slice(0, position), data, file.slice(position + data.length)], { type });
      return Promise.resolve();
    },
    finish: () => Promise.resolve(file),
    discard: () => {
      file = new Blob([], { type });
      return Promise.resolve();
    },
  };
}

/** Deletes what earlier exports left in the browser's private storage, but for files that a tab still writes or hands over. */
export async function removeExports(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER);
    const { held = [] } = await navigator.locks.query();
    const needed = new Set(held.map(({ name }) => name));
    for await (const name of folder.keys()) if (!needed.has(lockName(name))) await folder.removeEntry(name);
  } catch {
    // There is no such storage, or nothing in it.
  }
}

/** What a person is told where a file could not be written. */
export function writeFault(thrown: unknown): string {
  const { cause, message } = toMaskletError(thrown);
  if (!(cause instanceof DOMException)) return message;
  switch (cause.name) {
    case 'QuotaExceededError':
      return 'There is no space left to write the file. Free some disk space, then try again.';
    case 'NotAllowedError':
      return 'The browser may not write to this folder. Choose another one, or allow it when the browser asks.';
    default:
      return message;
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
  setTimeout(() => URL.revokeObjectURL(url), COPYING);
}
