import type { SqliteModule } from '../sqlite.ts';

/** A structure of C, whose fields the library's types do not list. */
type Struct = Record<string, unknown> & { dispose(): void };

interface Structs {
  readonly sqlite3_io_methods: new () => Struct;
  readonly sqlite3_vfs: new (pointer?: number) => Struct;
  readonly sqlite3_file: { new (pointer: number): Struct; readonly structInfo: { readonly sizeof: number } };
}

interface StoredFile {
  /** What was written. */
  bytes: Uint8Array<ArrayBuffer>;
  /** What was written when the file was last flushed. */
  flushed: Uint8Array<ArrayBuffer>;
}

/**
 * Files in memory that SQLite writes to, and that stop at a given operation as a computer does: nothing is written any more, until
 * `restart`. One write that is under way is written in half.
 */
export class CrashingVfs {
  readonly name: string;
  readonly #sqlite: SqliteModule;
  readonly #files = new Map<string, StoredFile>();
  readonly #open = new Map<number, string>();
  /** Writes, truncations and flushes so far. */
  operations = 0;
  /** The operation from which on nothing works. */
  crashAt = Infinity;

  constructor(sqlite: SqliteModule, name: string) {
    this.#sqlite = sqlite;
    this.name = name;
    this.#install();
  }

  get hasCrashed(): boolean {
    return this.operations >= this.crashAt;
  }

  /**
   * The computer runs again. @param loses whether what was not flushed is lost, as when the power fails; else it is there, as when the
   * process was ended
   */
  restart(loses: boolean): void {
    this.crashAt = Infinity;
    this.#open.clear();
    if (loses) for (const file of this.#files.values()) file.bytes = file.flushed.slice();
  }

  #file(pFile: number): StoredFile {
    const file = this.#files.get(this.#open.get(pFile) ?? '');
    if (file === undefined) throw new Error('The file is not open.');
    return file;
  }

  #mayWork(): boolean {
    if (!this.hasCrashed) this.operations++;
    return !this.hasCrashed;
  }

  #install(): void {
    const { capi, wasm, vfs } = this.#sqlite;
    const [failed, ok] = [capi.SQLITE_IOERR, 0];
    const structs = capi as unknown as Structs;
    const io = new structs.sqlite3_io_methods();
    const heap = () => wasm.heap8u();
    const methods = {
      xClose: (pFile: number) => {
        this.#open.delete(pFile);
        return ok;
      },
      xRead: (pFile: number, pTo: number, count: number, offset: bigint) => {
        const part = this.#file(pFile).bytes.subarray(Number(offset), Number(offset) + count);
        heap().set(part, pTo);
        heap().fill(0, pTo + part.length, pTo + count);
        return part.length < count ? capi.SQLITE_IOERR_SHORT_READ : ok;
      },
      xWrite: (pFile: number, pFrom: number, count: number, offset: bigint) => {
        if (this.hasCrashed) return failed;
        const whole = this.#mayWork();
        const written = whole ? count : count >> 1;
        const file = this.#file(pFile);
        const end = Number(offset) + written;
        if (end > file.bytes.length) file.bytes = resized(file.bytes, end);
        file.bytes.set(heap().subarray(pFrom, pFrom + written), Number(offset));
        return whole ? ok : failed;
      },
      xTruncate: (pFile: number, size: bigint) => {
        if (!this.#mayWork()) return failed;
        const file = this.#file(pFile);
        file.bytes = resized(file.bytes, Number(size));
        return ok;
      },
      xSync: (pFile: number) => {
        if (!this.#mayWork()) return failed;
        const file = this.#file(pFile);
        file.flushed = file.bytes.slice();
        return ok;
      },
      xFileSize: (pFile: number, pSize: number) => {
        wasm.poke64(pSize, BigInt(this.#file(pFile).bytes.length));
        return ok;
      },
      xLock: () => ok,
      xUnlock: () => ok,
      xCheckReservedLock: (_pFile: number, pOut: number) => {
        wasm.poke32(pOut, 0);
        return ok;
      },
      xFileControl: () => capi.SQLITE_NOTFOUND,
      xSectorSize: () => 4096,
      xDeviceCharacteristics: () => capi.SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN,
    };
    io['$iVersion'] = 1;
    const own = new structs.sqlite3_vfs();
    const find = capi.sqlite3_vfs_find;
    const standard = new structs.sqlite3_vfs(find(null));
    own['$iVersion'] = 1;
    own['$szOsFile'] = structs.sqlite3_file.structInfo.sizeof;
    own['$mxPathname'] = 512;
    own['$zName'] = wasm.allocCString(this.name, false);
    for (const name of ['$xRandomness', '$xSleep', '$xCurrentTime']) own[name] = standard[name];
    const files = {
      xOpen: (_pVfs: number, zName: number, pFile: number, flags: number, pOutFlags: number) => {
        const name = zName ? String(wasm.cstrToJs(zName)) : `temporary-${this.#open.size}`;
        if (!this.#files.has(name)) {
          if (this.hasCrashed) return capi.SQLITE_CANTOPEN;
          this.#files.set(name, { bytes: new Uint8Array(0), flushed: new Uint8Array(0) });
        }
        this.#open.set(pFile, name);
        const file = new structs.sqlite3_file(pFile);
        file['$pMethods'] = io['pointer'];
        file.dispose();
        wasm.poke32(pOutFlags, flags);
        return ok;
      },
      xDelete: (_pVfs: number, zName: number) => {
        if (!this.#mayWork()) return failed;
        this.#files.delete(String(wasm.cstrToJs(zName)));
        return ok;
      },
      xAccess: (_pVfs: number, zName: number, _flags: number, pOut: number) => {
        wasm.poke32(pOut, this.#files.has(String(wasm.cstrToJs(zName))) ? 1 : 0);
        return ok;
      },
      xFullPathname: (_pVfs: number, zName: number, size: number, pOut: number) =>
        wasm.cstrncpy(pOut, zName, size) < size ? ok : capi.SQLITE_CANTOPEN,
    };
    vfs.installVfs({
      io: { struct: io as never, methods: methods as never },
      vfs: { struct: own as never, methods: files as never },
    });
  }
}

function resized(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(size);
  next.set(bytes.subarray(0, size));
  return next;
}
