import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeIndexedPng } from '../../src/core/png.ts';
import { bundled } from '../testing/bundled.ts';

const root = await mkdtemp(join(tmpdir(), 'masklet-convert-'));
afterAll(() => rm(root, { recursive: true }));

const davis = join(root, 'davis');
const clip = join(davis, 'Annotations/swan');
await mkdir(clip, { recursive: true });
for (const [name, pixels] of [
  ['00000', [0, 1, 1, 0, 2, 0]],
  ['00001', [0, 0, 0, 0, 2, 2]],
] as const) {
  await writeFile(
    join(clip, `${name}.png`),
    await encodeIndexedPng(Uint8Array.from(pixels), { width: 3, height: 2 }, DAVIS_PALETTE),
  );
}

const CONVERT = await bundled('tools/convert.ts');

async function convert(...args: string[]): Promise<{ code: number; said: string }> {
  return promisify(execFile)(process.execPath, [CONVERT, ...args]).then(
    ({ stderr, stdout }) => ({ code: 0, said: stderr + stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
  );
}

describe('npm run convert', () => {
  it('goes from format to format and back to the same bytes', async () => {
    const [coco, vis, zip] = [join(root, 'swan.json'), join(root, 'vis'), join(root, 'back.zip')];
    const first = await convert(davis, coco, '--format', 'coco');
    expect(first).toEqual({
      code: 0,
      said: expect.stringContaining('2 frames of 2 objects are in') as string,
    });
    expect((await convert(coco, vis, '--format', 'youtube-vis')).code).toBe(0);
    expect(await readdir(vis)).toEqual(['swan.json']);
    expect((await convert(vis, zip, '--format', 'davis')).code).toBe(0);
    const back = unzipSync(await readFile(zip));
    for (const name of ['00000.png', '00001.png']) {
      expect(Buffer.from(back[`Annotations/swan/${name}`]!)).toEqual(await readFile(join(clip, name)));
    }
  });

  it('ends with code 3 where something was left out, and says what', async () => {
    const folder = join(root, 'damaged');
    await mkdir(folder);
    await writeFile(join(folder, '0.png'), await readFile(join(clip, '00000.png')));
    await writeFile(join(folder, '1.png'), 'no PNG');
    const { code, said } = await convert(folder, join(root, 'damaged.json'), '--format', 'coco');
    expect(said).toContain('1.png is not a PNG that can be read');
    expect(code).toBe(3);
  });

  it.each([
    ['no format', ['in', 'out'], '--format is missing'],
    ['an unknown format', ['in', 'out', '--format', 'jpeg'], '--format is one of'],
    ['one path', ['in', '--format', 'coco'], 'IN and OUT are two paths, not 1'],
    ['nothing to read', [join(root, 'none'), 'out', '--format', 'coco'], 'There is no file or folder'],
    ['a folder that is not empty', [davis, davis, '--format', 'davis'], 'is not empty'],
  ])('ends with code 2 for %s', async (_, args, message) => {
    const { code, said } = await convert(...args);
    expect(said).toContain(message);
    expect(code).toBe(2);
  });
});
