import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../core/formatError.ts';
import type { OutputFile } from './files.ts';
import { zipBytes, zipFiles } from './zip.ts';

async function* files(...given: OutputFile[]) {
  yield* given;
}

async function zipped(...given: OutputFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipBytes(files(...given))) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}

async function* pieces() {
  yield Uint8Array.of(1, 2);
  yield new Uint8Array(200_000).fill(3);
}

describe('a ZIP', () => {
  it('holds files in folders, also one that comes in pieces', async () => {
    const zip = await zipped(
      { path: 'a/b.bin', bytes: pieces() },
      { path: 'лебедь.txt', bytes: Uint8Array.of(9) },
    );
    const unzipped = unzipSync(zip);
    expect(Object.keys(unzipped)).toEqual(['a/b.bin', 'лебедь.txt']);
    expect(unzipped['a/b.bin']).toHaveLength(200_002);
    const read = await zipFiles(new Blob([zip]), 'x.zip');
    expect(read.map(({ path }) => path)).toEqual(['a/b.bin', 'лебедь.txt']);
    expect(await read[1]!.bytes()).toEqual(Uint8Array.of(9));
  });

  it('is read where it is packed, without what macOS adds', async () => {
    const zip = zipSync({
      'a.txt': Buffer.from('aaaa'),
      '__MACOSX/a.txt': Buffer.from('b'),
      '.DS_Store': Buffer.from('c'),
    });
    const read = await zipFiles(new Blob([Uint8Array.from(zip)]), 'x.zip');
    expect(read.map(({ path }) => path)).toEqual(['a.txt']);
    expect(Buffer.from(await read[0]!.bytes()).toString()).toBe('aaaa');
  });

  it('that is a bomb is unpacked to the limit only', async () => {
    const zip = zipSync({ 'bomb.png': new Uint8Array(64 * 2 ** 20) });
    const [bomb] = await zipFiles(new Blob([Uint8Array.from(zip)]), 'x.zip');
    const before = process.memoryUsage().arrayBuffers;
    await expect(bomb!.bytes(2 ** 20)).rejects.toThrow('bomb.png is larger than 1048576 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 25);
  });

  it('that is damaged is refused with a sentence', async () => {
    const zip = await zipped({ path: 'a.txt', bytes: new Uint8Array(1000).fill(7) });
    await expect(zipFiles(new Blob([zip.slice(0, 900)]), 'x.zip')).rejects.toThrow(FormatError);
    await expect(zipFiles(new Blob([]), 'x.zip')).rejects.toThrow(FormatError);
    zip[500] = 0;
    const [file] = await zipFiles(new Blob([zip]), 'x.zip');
    await expect(file!.bytes()).rejects.toThrow('a.txt cannot be unpacked');
  });
});
