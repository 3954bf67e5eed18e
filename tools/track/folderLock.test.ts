import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderLock, LOCK_FILE } from './folderLock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masklet-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves the lock of a process behind, `silent` seconds without a sign of life. */
async function leave(change: object, silent = 0): Promise<void> {
  const lock = await FolderLock.take(folder);
  const path = join(folder, LOCK_FILE);
  const text = await readFile(path, 'utf8');
  await lock.release();
  await writeFile(path, JSON.stringify({ ...(JSON.parse(text) as object), token: 'old', ...change }));
  const then = new Date(Date.now() - 1000 * silent);
  await utimes(path, then, then);
}

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

describe('FolderLock', () => {
  it('is held until it is released', async () => {
    const lock = await FolderLock.take(folder);
    expect(await FolderLock.isHeld(folder)).toBe(true);
    await expect(FolderLock.take(folder)).rejects.toMatchObject({ code: 'storage-busy' });
    await expect(FolderLock.take(folder)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    expect(await FolderLock.isHeld(folder)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    await (await FolderLock.take(folder)).release();
  });

  it('passes from a process that has died, at once', async () => {
    await leave({ pid: deadPid() });
    expect(await FolderLock.isHeld(folder)).toBe(false);
    await (await FolderLock.take(folder)).release();
  });

  it('passes from another machine once that gives no sign of life', async () => {
    await leave({ place: 'elsewhere', pid: deadPid() }, 60);
    await expect(FolderLock.take(folder)).rejects.toThrow('on elsewhere');
    await leave({ place: 'elsewhere' }, 121).catch(() => undefined);
    const past = new Date(Date.now() - 121_000);
    await utimes(join(folder, LOCK_FILE), past, past);
    await (await FolderLock.take(folder)).release();
  });

  it('passes on also if it was never written to its end', async () => {
    await writeFile(join(folder, LOCK_FILE), '{"pid"');
    await expect(FolderLock.take(folder)).rejects.toMatchObject({ code: 'storage-busy' });
    const past = new Date(Date.now() - 121_000);
    await utimes(join(folder, LOCK_FILE), past, past);
    await (await FolderLock.take(folder)).release();
  });

  it('has one holder, however many find it abandoned', async () => {
    await leave({ pid: deadPid() });
    const taken = await Promise.allSettled(Array.from({ length: 16 }, () => FolderLock.take(folder)));
    const held = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(held).toHaveLength(1);
    await held[0]!.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
