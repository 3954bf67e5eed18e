import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isTemporary, writeWhole, type FileSystem } from './writeWhole.ts';

const folder = await files.mkdtemp(join(tmpdir(), 'masklet-write-'));
afterAll(() => files.rm(folder, { recursive: true }));

/** The real file system, which writes down what it is asked for; `fail` names what fails, as on a full disk. */
function watched(fail?: string): { system: FileSystem; calls: string[] } {
  const calls: string[] = [];
  const call = (what: string) => {
    calls.push(what);
    if (what === fail) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const system: FileSystem = {
    open: (async (path: string, flags: string) => {
      const file = await files.open(path, flags);
      const name = isTemporary(path) ? 'file' : basename(path);
      return {
        writeFile: async (content: string) => {
          call(`write ${name}`);
          await file.writeFile(content);
        },
        sync: async () => {
          call(`sync ${name}`);
          await file.sync();
        },
        close: () => file.close(),
      };
    }) as unknown as FileSystem['open'],
    rename: async (from, to) => {
      call('rename');
      await files.rename(from, to);
    },
    rm: files.rm,
  };
  return { system, calls };
}

describe('writeWhole', () => {
  it('has the content on the disk before the name, and the name before it returns', async () => {
    const { system, calls } = watched();
    await writeWhole(join(folder, 'a.json'), 'new', system);
    expect(calls).toEqual(['write file', 'sync file', 'rename', `sync ${basename(folder)}`]);
    expect(await files.readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
  });

  it.each(['write file', 'sync file', 'rename'])('keeps the old content where “%s” fails', async (fail) => {
    await writeWhole(join(folder, 'b.json'), 'old');
    const writing = writeWhole(join(folder, 'b.json'), 'new', watched(fail).system);
    await expect(writing).rejects.toMatchObject({ code: 'storage-full' });
    await expect(writing).rejects.toThrow('The disk is full: ');
    expect(await files.readFile(join(folder, 'b.json'), 'utf8')).toBe('old');
    expect((await files.readdir(folder)).filter(isTemporary)).toEqual([]);
  });

  it('says why a file cannot be written', async () => {
    const writing = writeWhole(join(folder, 'nowhere', 'c.json'), '');
    await expect(writing).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(writing).rejects.toThrow('c.json cannot be written: ENOENT');
  });
});
