import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeGrayPng, encodeIndexedPng } from '../../src/core/png.ts';
import { decodeRle } from '../../src/core/rle.ts';
import { pngFile } from '../../src/core/testing/pngFile.ts';
import { readMaskFile } from './maskFile.ts';

const folder = await mkdtemp(join(tmpdir(), 'masklet-mask-'));
afterAll(() => rm(folder, { recursive: true }));

async function read(png: Uint8Array): Promise<number[]> {
  const path = join(folder, 'mask.png');
  await writeFile(path, png);
  return Array.from(decodeRle(await readMaskFile(path, size)));
}

const size = { width: 3, height: 2 };

describe('readMaskFile', () => {
  it('goes by the index, whatever its colour', async () => {
    // Index 0 is white and index 1 black, as some tools write.
    const palette = Uint8Array.of(255, 255, 255, 0, 0, 0, 9, 9, 9);
    expect(await read(await encodeIndexedPng(Uint8Array.of(0, 1, 2, 0, 0, 1), size, palette))).toEqual([
      0, 1, 1, 0, 0, 1,
    ]);
  });

  it('takes every gray but black', async () => {
    expect(await read(await encodeGrayPng(Uint8Array.of(0, 1, 255, 128, 0, 0), size))).toEqual([
      0, 1, 1, 1, 0, 0,
    ]);
  });

  it('takes nothing that tRNS makes fully transparent', async () => {
    const clearIndexes = pngFile({
      size,
      depth: 8,
      colourType: 3,
      lines: [0, 1, 2, 3, 0, 0, 3, 1],
      clear: [0, 255, 0],
    });
    expect(await read(clearIndexes)).toEqual([1, 0, 1, 0, 1, 1]);
    const clearGray = pngFile({
      size,
      depth: 8,
      colourType: 0,
      lines: [0, 9, 8, 0, 0, 9, 9, 1],
      clear: [0, 9],
    });
    expect(await read(clearGray)).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it('names the file that is not there', async () => {
    await expect(readMaskFile(join(folder, 'nowhere.png'), size)).rejects.toMatchObject({
      code: 'file-damaged',
    });
  });
});
