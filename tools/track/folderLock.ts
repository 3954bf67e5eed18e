import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MaskletError } from '../../src/core/errors.ts';
import { writeError } from '../node/writeWhole.ts';

export const LOCK_FILE = 'run.lock';

/** How often a run shows that it lives, and after how long without a sign it counts as dead. */
const BEAT_MS = 10_000;
const SILENT_MS = 120_000;

interface Holder {
  readonly pid: number;
  /** The machine, and on Linux its space of process numbers: a container has one of its own. */
  readonly place: string;
  readonly token: string;
}

/**
 * Keeps a folder for one run. A lock whose process has died is taken over: at once if it ran in this place, and otherwise once
 * it has given no sign of life for two minutes.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #path: string;
  readonly #text: string;
  readonly #beat: NodeJS.Timeout;
  #lost = false;

  private constructor(folder: string, text: string) {
    this.#folder = folder;
    this.#path = join(folder, LOCK_FILE);
    this.#text = text;
    this.#beat = setInterval(() => void this.#show(), BEAT_MS).unref();
  }

  /** @throws MaskletError `storage-busy` if another run has it. */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, LOCK_FILE);
    const holder: Holder = { pid: process.pid, place: placeOfProcesses(), token: randomUUID() };
    const text = JSON.stringify(holder);
    for (;;) {
      try {
        await writeFile(path, text, { flag: 'wx' });
        return new FolderLock(folder, text);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw writeError(path, error);
      }
      const there = await readLock(path);
      if (!there) continue;
      if (!isAbandoned(there)) throw busy(folder, there.holder);
      await removeAbandoned(folder, there.text);
    }
  }

  /** Whether a run has the folder now, as far as its lock says. @throws MaskletError if the lock cannot be read */
  static async isHeld(folder: string): Promise<boolean> {
    const there = await readLock(join(folder, LOCK_FILE));
    return there !== undefined && !isAbandoned(there);
  }

  /** @throws MaskletError `storage-busy` if another run has taken the folder over, as after a long sleep of this machine. */
  check(): void {
    if (this.#lost) throw busy(this.#folder, undefined);
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    if ((await readLock(this.#path))?.text === this.#text) await rm(this.#path, { force: true });
  }

  async #show(): Promise<void> {
    const there = await readLock(this.#path);
    this.#lost ||= there?.text !== this.#text;
    const now = new Date();
    if (!this.#lost) await utimes(this.#path, now, now).catch(() => undefined);
  }
}

interface Lock {
  readonly text: string;
  readonly holder: Holder | undefined;
  readonly silentMs: number;
}

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, holder: parseHolder(text), silentMs: Date.now() - mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw writeError(path, error);
  }
}

/** `undefined` where the lock is not written to its end, or damaged. */
function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, place, token } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof place === 'string' && typeof token === 'string'
      ? { pid, place, token }
      : undefined;
  } catch {
    return undefined;
  }
}

function isAbandoned({ holder, silentMs }: Lock): boolean {
  if (silentMs > SILENT_MS) return true;
  return holder?.place === placeOfProcesses() && !isAlive(holder.pid);
}

/** Of several that find the same lock abandoned, only one removes it; a lock that is newer than the one seen is put back. */
async function removeAbandoned(folder: string, seen: string): Promise<void> {
  const path = join(folder, LOCK_FILE);
  const aside = `${path}.${randomUUID()}.${process.pid}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw writeError(path, error);
  }
  try {
    if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function placeOfProcesses(): string {
  const space = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  return `${hostname()} ${space}`.trim();
}

function busy(folder: string, holder: Holder | undefined): MaskletError {
  const who = holder ? ` (process ${holder.pid} on ${holder.place})` : '';
  return new MaskletError(
    'storage-busy',
    `Another run${who} is writing to ${folder}. Wait until it ends, or choose another --out.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
