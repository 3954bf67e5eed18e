import { MaskletError } from '../../src/core/errors.ts';
import { joinBytes } from '../../src/core/joinBytes.ts';

const ROOT = 'models';

/** A file that comes piece by piece. */
export interface PartialFile {
  /** Bytes that are there. */
  readonly size: number;
  /** Appends. @throws MaskletError `storage-full` */
  write(piece: Uint8Array<ArrayBuffer>): void;
  /** Drops what is there, to begin anew. */
  clear(): void;
  /** All that is there. */
  read(): Uint8Array<ArrayBuffer>;
  /** Ends the writing of a file that is whole, and puts it where it is found. */
  keep(): Promise<void>;
  /** Ends the writing of a file that is not whole: what is there waits for the next try. */
  close(): void;
}

/** `move` is in every browser that has private storage, but not in TypeScript's library. */
interface MovableFile extends FileSystemFileHandle {
  move(name: string): Promise<void>;
}

/**
 * The files of one model in the browser's private storage (OPFS). A file is there under its name only when it is whole; until
 * then it is `NAME.part`.
 */
export class ModelFolder {
  readonly #handle: FileSystemDirectoryHandle;

  private constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  /** `undefined` where the browser refuses storage, as some do in private windows. */
  static async open(modelId: string): Promise<ModelFolder | undefined> {
    try {
      const root = await openRoot();
      return new ModelFolder(await root.getDirectoryHandle(modelId, { create: true }));
    } catch {
      return undefined;
    }
  }

  /** The ids of all models that have a folder. */
  static async list(): Promise<string[]> {
    try {
      const ids: string[] = [];
      for await (const id of (await openRoot()).keys()) ids.push(id);
      return ids;
    } catch {
      return [];
    }
  }

  /** Deletes a model's folder with all that is in it. */
  static async remove(modelId: string): Promise<void> {
    try {
      await (await openRoot()).removeEntry(modelId, { recursive: true });
    } catch (cause) {
      if (isMissing(cause)) return;
      throw storageBusy(cause);
    }
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = await this.#file(name);
    return file && new Uint8Array(await file.arrayBuffer());
  }

  async readText(name: string): Promise<string | undefined> {
    return (await this.#file(name))?.text();
  }

  /** Bytes of a file; 0 if it is not there. */
  async size(name: string): Promise<number> {
    return (await this.#file(name))?.size ?? 0;
  }

  /** Replaces a small file, at once. @throws MaskletError `storage-full` */
  async write(name: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = await this.openPart(name);
    try {
      file.clear();
      file.write(content);
    } catch (error) {
      file.close();
      throw error;
    }
    await file.keep();
  }

  async remove(name: string): Promise<void> {
    await this.#handle.removeEntry(name, { recursive: true }).catch(ignoreMissing);
  }

  /** Deletes all but some files. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    const others: string[] = [];
    for await (const name of this.#handle.keys()) if (!names.has(name)) others.push(name);
    for (const name of others) await this.remove(name);
  }

  /** What is there of a file that is not whole. One at a time may have it open. */
  async openPart(name: string): Promise<PartialFile> {
    const handle = (await this.#handle.getFileHandle(partName(name), { create: true })) as MovableFile;
    const access = await handle.createSyncAccessHandle();
    let size = access.getSize();
    return {
      get size() {
        return size;
      },
      write(piece) {
        // Where there is no room some browsers throw; Chromium gives a number that is not the piece's length.
        let cause: unknown;
        try {
          if (access.write(piece, { at: size }) === piece.length) {
            size += piece.length;
            return;
          }
        } catch (thrown) {
          cause = thrown;
        }
        throw storageFull(cause);
      },
      clear() {
        access.truncate(0);
        size = 0;
      },
      read() {
        const bytes = new Uint8Array(size);
        access.read(bytes, { at: 0 });
        return bytes;
      },
      async keep() {
        access.close();
        await handle.move(name);
      },
      close() {
        access.close();
      },
    };
  }

  async #file(name: string): Promise<File | undefined> {
    const handle = await this.#handle.getFileHandle(name).catch(ignoreMissing);
    return handle?.getFile();
  }
}

/** A file in memory, for where there is no storage: it lasts as long as it is used. */
export function memoryFile(): PartialFile {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    write(piece) {
      pieces.push(piece);
      size += piece.length;
    },
    clear() {
      pieces = [];
      size = 0;
    },
    read() {
      const whole = joinBytes(pieces);
      pieces = [whole];
      return whole;
    },
    keep: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** The name under which a file lies until all of it has come. */
export function partName(name: string): string {
  return `${name}.part`;
}

/** The error for files that another tab or a download holds open. */
export function storageBusy(cause: unknown): MaskletError {
  return new MaskletError(
    'storage-busy',
    'The model’s files are in use and cannot be deleted now: wait until its download or load has ended, also in other tabs.',
    { cause },
  );
}

/** The error for a write that found no room. */
export function storageFull(cause: unknown): MaskletError {
  return new MaskletError(
    'storage-full',
    'There is no room left for the model in this browser’s storage. Delete a model or free space on the disk, then try again: what has come is kept.',
    { cause },
  );
}

/** The error for a storage that fails in another way. */
export function storageFailed(cause: unknown): MaskletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MaskletError(
    'storage-failed',
    `This browser’s storage did not take the model’s files (${reason}). Try again; if it stays so, close other tabs with Masklet, or delete the model.`,
    { cause },
  );
}

async function openRoot(): Promise<FileSystemDirectoryHandle> {
  const storage = await navigator.storage.getDirectory();
  return storage.getDirectoryHandle(ROOT, { create: true });
}

function isMissing(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'NotFoundError';
}

function ignoreMissing(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause;
}
