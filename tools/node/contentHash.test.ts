import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hashClip, hashModel, hashOf } from './contentHash.ts';
import { checkModelId } from './models.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/models/', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'masklet-hash-'));
afterAll(() => rm(root, { recursive: true }));

describe('hashOf', () => {
  it('keeps its parts apart', () => {
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
  });
});

describe('hashClip', () => {
  it('knows frames by name and content, and takes no notice of what else lies beside them', async () => {
    const folder = join(root, 'frames');
    await mkdir(join(folder, 'out'), { recursive: true });
    await writeFile(join(folder, 'a.png'), 'one');
    await writeFile(join(folder, 'b.png'), 'two');
    const hash = await hashClip(folder);
    await writeFile(join(folder, 'out/a.png'), 'a mask');
    await writeFile(join(folder, 'notes.txt'), 'read me');
    expect(await hashClip(folder)).toBe(hash);
    await writeFile(join(folder, 'b.png'), 'owt');
    expect(await hashClip(folder)).not.toBe(hash);
    await writeFile(join(folder, 'b.png'), 'two');
    await rename(join(folder, 'b.png'), join(folder, 'c.png'));
    expect(await hashClip(folder)).not.toBe(hash);
  });

  it('knows a video by its content, whatever it is called', async () => {
    await writeFile(join(root, 'a.mp4'), 'video');
    await writeFile(join(root, 'b.mp4'), 'video');
    await writeFile(join(root, 'c.mp4'), 'oediv');
    expect(await hashClip(join(root, 'b.mp4'))).toBe(await hashClip(join(root, 'a.mp4')));
    expect(await hashClip(join(root, 'c.mp4'))).not.toBe(await hashClip(join(root, 'a.mp4')));
  });
});

describe('hashModel', () => {
  it('tells models apart that lie at the same place one after the other', async () => {
    const path = join(root, 'model');
    await cp(join(FIXTURES, 'sam2.1-tiny-random'), path, { recursive: true });
    const sam2 = await hashModel(path, 'fp32');
    await cp(path, join(root, 'moved'), { recursive: true });
    expect(await hashModel(join(root, 'moved'), 'fp32')).toBe(sam2);
    await rm(path, { recursive: true });
    await cp(join(FIXTURES, 'edgetam-tiny-random'), path, { recursive: true });
    expect(await hashModel(path, 'fp32')).not.toBe(sam2);
  });

  it('tells the embedded model’s precisions apart', async () => {
    expect(await hashModel('embedded', 'fp32')).not.toBe(await hashModel('embedded', 'fp16'));
  });
});

describe('checkModelId', () => {
  it.each(['constructor', 'toString', '__proto__', 'sam3'])('knows no model “%s”', (id) => {
    expect(() => checkModelId(id)).toThrow(`There is no model “${id}”`);
  });
});
